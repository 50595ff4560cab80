package dev.cairn.trace;

import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.ByteSource;
import java.util.ArrayList;
import java.util.List;

/// How the run ended that a trace is of.
///
/// @param text in words, behind the program's name
/// @param status Cairn's exit status for it
/// @param complete whether everything that executed was seen
/// @param threads by number
/// @param stopped the threads that went on, or may have, behind what is recorded of them, by number
public record TraceEnd(
    String text, int status, boolean complete, List<ThreadTotal> threads, List<Integer> stopped) {
  /// A thread of the run.
  ///
  /// @param instructions executed
  /// @param faults instructions begun and not executed
  public record ThreadTotal(int thread, long instructions, long faults) {}

  public TraceEnd {
    threads = List.copyOf(threads);
    stopped = List.copyOf(stopped);
  }

  /// {@return the same end of a trace that holds another part of the run}
  TraceEnd withStopped(List<Integer> others) {
    return new TraceEnd(text, status, complete, threads, others);
  }

  byte[] bytes() {
    ByteSink into = new ByteSink();
    into.text(text);
    into.difference(status);
    into.put(complete ? 1 : 0);
    into.number(threads.size());
    for (ThreadTotal thread : threads) {
      into.number(thread.thread());
      into.number(thread.instructions());
      into.number(thread.faults());
    }
    stopped.forEach(into::number);
    return into.toByteArray();
  }

  static TraceEnd of(ByteSource from) throws FormatException {
    String text = from.text();
    int status = (int) from.difference();
    boolean complete = from.next() != 0;
    int count = from.number(from.remaining());
    List<ThreadTotal> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(new ThreadTotal(from.number(Integer.MAX_VALUE), from.number(), from.number()));
    }
    List<Integer> stopped = new ArrayList<>();
    while (from.remaining() > 0) {
      stopped.add(from.number(Integer.MAX_VALUE));
    }
    return new TraceEnd(text, status, complete, threads, stopped);
  }
}
