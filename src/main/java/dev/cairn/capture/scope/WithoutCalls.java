package dev.cairn.capture.scope;

import dev.cairn.event.Analysis;
import dev.cairn.event.Forwarding;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;

/// Keeps system calls from an analysis that would wait for their notes, where none come.
///
/// @param <R> the analysis's result
final class WithoutCalls<R> extends Forwarding<R> {
  WithoutCalls(Analysis<R> next) {
    super(next);
  }

  @Override
  public void systemCall(SystemCall call) {}

  @Override
  public void systemReturn(SystemReturn result) {}
}
