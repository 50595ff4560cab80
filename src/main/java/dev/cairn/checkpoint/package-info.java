/// What a process is between two instructions: its state as a value, and why one can't be taken.
///
/// How it is found in a running QEMU is `process`, how it is kept is `store`, and how it becomes a
/// program of its own is `elf`.
@NullMarked
package dev.cairn.checkpoint;

import org.jspecify.annotations.NullMarked;
