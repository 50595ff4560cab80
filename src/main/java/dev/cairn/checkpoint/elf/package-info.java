/// Makes an executable of a checkpoint that rebuilds the process.
@NullMarked
package dev.cairn.checkpoint.elf;

import org.jspecify.annotations.NullMarked;
