package dev.cairn.profile.flow;

import org.jspecify.annotations.Nullable;

/// One execution of a function, from its call to its end. Used again for another one when it has
/// ended, so not to be kept beyond [FlowListener#left].
public final class Activation {
  /// Stands for a stack pointer that is not known, above all that are.
  static final long UNKNOWN_STACK = Long.MAX_VALUE;

  /// Stands for a return address that is not known.
  static final long UNKNOWN_RETURN = 0;

  private final int slot;
  int thread;
  int function;
  long firstInstruction;

  /// Where it returns to.
  long returnAddress;

  /// The stack pointer at its entry, and again when it returns.
  long stackPointer;

  int callSite;
  int recursion;

  /// Instructions of its own, as far as they have been added up.
  long own;

  /// Instructions of callees that have ended.
  long callees;

  /// What a signal took the thread away from, if this is the handler's activation.
  @Nullable Interrupted interrupted;

  /// Whether the caller's part of the stack does not lie right above.
  boolean apart;

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

  /// {@return the activation that called it, or for a tail call the one that it returns to; for a
  /// signal's handler what was interrupted; null at a thread's or stack's beginning}
  public @Nullable Activation caller() {
    return caller;
  }

  /// {@return the block whose last instruction called it, for a tail call the caller's; -1 where
  /// nothing called}
  public int callSite() {
    return callSite;
  }

  /// {@return how many activations of the function there are up to this one on its stack: 1 for the
  /// outermost}
  public int recursion() {
    return recursion;
  }

  /// {@return whether a signal brought the thread here}
  public boolean isHandler() {
    return interrupted != null;
  }

  /// {@return instructions executed in the function itself; whole when it has been left}
  public long exclusive() {
    return own;
  }

  /// {@return instructions executed in it and in what it called; whole when it has been left. What
  /// the thread did on other stacks in between is not among them}
  public long inclusive() {
    return own + callees;
  }
}
