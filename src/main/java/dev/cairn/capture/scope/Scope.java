package dev.cairn.capture.scope;

import org.jspecify.annotations.Nullable;

/// The part of a run that is looked at, as it was asked for.
public sealed interface Scope {
  /// All of the run, with all of its threads.
  record Everything() implements Scope {}

  /// What one thread executes between two places.
  ///
  /// @param thread 0 the first, then in order of creation
  /// @param until null for the thread's end
  record Span(int thread, Position from, @Nullable Position until) implements Scope {
    public Span {
      requireThread(thread);
    }
  }

  /// What one thread executes in regions that the program's author has marked, with the regions
  /// inside them.
  ///
  /// @param marker their name
  /// @param number the how-manyth one that begins, from 1; 0 for all
  record Regions(int thread, String marker, long number) implements Scope {
    public Regions {
      requireThread(thread);
      if (number < 0) {
        throw new IllegalArgumentException("number must not be negative: " + number);
      }
    }
  }

  private static void requireThread(int thread) {
    if (thread < 0) {
      throw new IllegalArgumentException("thread must not be negative: " + thread);
    }
  }
}
