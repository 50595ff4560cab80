/// The commands that read trace files.
@NullMarked
package dev.cairn.cli.trace;

import org.jspecify.annotations.NullMarked;
