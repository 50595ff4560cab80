/// How commands run a guest or follow a trace, with the scope, progress, interruption and exit
/// status that all of them share.
@NullMarked
package dev.cairn.cli.run;

import org.jspecify.annotations.NullMarked;
