package dev.cairn.profile.call;

import java.util.List;

/// The functions of a run and their calls.
///
/// @param instructions of all threads: what the exclusive totals sum to
/// @param functions that were entered, by name, then file and address
/// @param calls between them, by caller, site and callee
/// @param threads that executed something, ascending
public record CallProfile(
    long instructions,
    List<FunctionProfile> functions,
    List<CallEdge> calls,
    List<ThreadCalls> threads) {
  public CallProfile {
    functions = List.copyOf(functions);
    calls = List.copyOf(calls);
    threads = List.copyOf(threads);
  }
}
