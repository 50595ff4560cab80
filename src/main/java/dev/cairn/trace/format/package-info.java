/// The bytes of a trace file: its sections and columns, how words are told by what came before
/// them, how definitions and system calls are written. `docs/formats/trace.md` is the
/// specification. Knows no files.
@NullMarked
package dev.cairn.trace.format;

import org.jspecify.annotations.NullMarked;
