/// Finds the state of a process in a QEMU that has stopped, and in the system calls before.
@NullMarked
package dev.cairn.checkpoint.process;

import org.jspecify.annotations.NullMarked;
