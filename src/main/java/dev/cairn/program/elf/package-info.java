/// ELF files: their headers, their dynamic section, their notes and their symbols. Knows
/// [dev.cairn.program.isa], as only code tells where a stub is, and [dev.cairn.event] for what a
/// format error is.
@NullMarked
package dev.cairn.program.elf;

import org.jspecify.annotations.NullMarked;
