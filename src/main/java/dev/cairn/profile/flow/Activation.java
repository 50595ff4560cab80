package dev.cairn.profile.flow;

import org.jspecify.annotations.Nullable;

/// One execution of a function, from its call to its end. Used again for another one when it has
/// ended, so not to be kept beyond [FlowListener#left].
public final class Activation {
  private final int slot;
  int thread;
  int function;
  long firstInstruction;
  long returnAddress;
  long stackPointer;
  int callSite;
  @Nullable Activation caller;

  Activation(int slot) {
    this.slot = slot;
  }

  /// {@return a small number that no other live activation has, of any thread: an index for what a
  /// listener keeps of it}
  public int slot() {
    return slot;
  }

  /// {@return which guest thread executes it: 0 the first, then in order of creation}
  public int thread() {
    return thread;
  }

  /// {@return the function, an index into [Functions]}
  public int function() {
    return function;
  }

  /// {@return how many instructions the thread had executed before its first}
  public long firstInstruction() {
    return firstInstruction;
  }

  /// {@return the activation that called it, or for a tail call the one that the caller returns to;
  /// null at a thread's or stack's beginning}
  public @Nullable Activation caller() {
    return caller;
  }

  /// {@return the block whose last instruction called it, or -1}
  public int callSite() {
    return callSite;
  }
}
