package dev.cairn.program.call.strace;

import dev.cairn.program.call.SystemCall;

/// Writes one argument, or neighbouring ones, of a system call.
interface StraceWord {
  void write(StringBuilder out, SystemCall call);

  /// {@return whether this call has no such argument, and no comma for it}
  default boolean isLeftOut(SystemCall call) {
    return false;
  }
}
