package dev.cairn.checkpoint;

import java.util.List;

/// What a process does with signals.
///
/// @param actions those that were set, by signal
/// @param mask of blocked signals, bit 0 for signal 1
/// @param stackAddress of the alternate stack
/// @param stackFlags of `stack_t`, [#NO_STACK] if there is none
/// @param stackBytes of the alternate stack
public record SignalState(
    List<Action> actions, long mask, long stackAddress, int stackFlags, long stackBytes) {
  /// `SS_DISABLE`
  public static final int NO_STACK = 2;

  /// What happens at a signal, as the kernel's `struct sigaction` says it.
  public record Action(int signal, long handler, long flags, long restorer, long mask) {}

  public SignalState {
    actions = List.copyOf(actions);
  }
}
