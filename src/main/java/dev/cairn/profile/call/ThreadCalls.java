package dev.cairn.profile.call;

import java.util.List;

/// The functions and calls of one thread.
///
/// @param thread 0 the first, then in order of creation
/// @param instructions that it executed
/// @param functions that it entered, in the order of [CallProfile#functions]
/// @param calls that it made, in the order of [CallProfile#calls]
public record ThreadCalls(
    int thread, long instructions, List<Share> functions, List<CallEdge> calls) {
  /// A function's share of a thread.
  ///
  /// @param function an index into [CallProfile#functions]
  /// @param calls activations
  /// @param depth the most at once on one stack
  /// @param inclusive instructions in it and what it called, of outermost activations
  /// @param exclusive instructions in it alone
  public record Share(int function, long calls, int depth, long inclusive, long exclusive) {}

  public ThreadCalls {
    functions = List.copyOf(functions);
    calls = List.copyOf(calls);
  }
}
