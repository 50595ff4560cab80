/// Timing: a core from a file, the windows of a run that it times, and what came out. May know
/// [dev.cairn.memory], [dev.cairn.program], [dev.cairn.event] and its own sub-packages; knows
/// neither QEMU nor trace files.
@NullMarked
package dev.cairn.timing;

import org.jspecify.annotations.NullMarked;
