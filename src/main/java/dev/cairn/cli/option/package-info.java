/// The options that several commands share, each kind defined once, with what they stand for: the
/// guest, the core, the sampling, and where results and progress go. Knows no command.
@NullMarked
package dev.cairn.cli.option;

import org.jspecify.annotations.NullMarked;
