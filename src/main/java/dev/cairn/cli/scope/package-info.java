/// What the commands' scopes mean for a guest and for a trace, and what is said of those that were
/// not reached.
@NullMarked
package dev.cairn.cli.scope;

import org.jspecify.annotations.NullMarked;
