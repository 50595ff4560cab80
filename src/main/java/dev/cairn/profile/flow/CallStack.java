package dev.cairn.profile.flow;

import org.jspecify.annotations.Nullable;

/// One stack of a thread with the activations on it: the present one, or one that the thread left
/// alone when it went to another.
///
/// Stack pointers fall from callers to callees, but for a handler that has a stack of its own, and
/// for what is called with the stack pointer set elsewhere.
final class CallStack {
  @Nullable Activation top;

  /// The highest stack pointer that activations of this stack are known to have had.
  long high;

  /// The lowest, while the stack is left alone.
  long low;

  /// How many of the activations do not lie right below their caller's.
  int apart;

  CallStack(long high) {
    this.high = high;
  }

  /// {@return the innermost activation that a return with this stack pointer ends, or null}
  @Nullable Activation returning(long pc, long stackPointer) {
    for (Activation a = top; a != null && mayHold(a, stackPointer); a = a.caller) {
      if (a.returnAddress == pc && a.stackPointer == stackPointer) {
        return a;
      }
    }
    return null;
  }

  /// {@return the activation that was called with this stack pointer by the function that a block
  /// is in, or null: what control goes back to the caller of, but for the place}
  @Nullable Activation calledFrom(CodeTable code, int row, long stackPointer) {
    for (Activation a = top; a != null && mayHold(a, stackPointer); a = a.caller) {
      Activation caller = a.caller;
      if (a.stackPointer == stackPointer && caller != null && code.isIn(row, caller.function)) {
        return a;
      }
    }
    return null;
  }

  /// {@return whether a stack pointer is that of an activation's frame: one was called with just
  /// it, or it lies in a frame of the function that a block is in}
  boolean holds(CodeTable code, int row, long stackPointer) {
    Activation a = top;
    while (a != null && a.stackPointer < stackPointer) {
      a = a.caller;
    }
    return a != null && (a.stackPointer == stackPointer || code.isIn(row, a.function));
  }

  /// {@return whether this stack was left alone just where a block goes on}
  boolean isLeftAt(CodeTable code, int row, long stackPointer) {
    return low == stackPointer || calledFrom(code, row, stackPointer) != null;
  }

  private boolean mayHold(Activation a, long stackPointer) {
    return a.stackPointer <= stackPointer || apart > 0;
  }

  /// {@return the innermost handler that took the thread away from below this stack pointer, or
  /// null}
  @Nullable Activation handlerAbove(long stackPointer) {
    if (apart == 0 || stackPointer > high) {
      return null;
    }
    for (Activation a = top; a != null; a = a.caller) {
      Interrupted interrupted = a.interrupted;
      if (interrupted != null && interrupted.stackPointer() <= stackPointer) {
        return a;
      }
    }
    return null;
  }

  /// {@return the innermost handler, or null}
  @Nullable Activation handler() {
    if (apart == 0) {
      return null;
    }
    Activation a = top;
    while (a != null && a.interrupted == null) {
      a = a.caller;
    }
    return a;
  }
}
