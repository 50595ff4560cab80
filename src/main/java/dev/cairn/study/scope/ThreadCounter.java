package dev.cairn.study.scope;

import dev.cairn.capture.RunObserver;

/// Counts the threads that a guest begins, and passes on how far it is.
public final class ThreadCounter implements RunObserver {
  private final RunObserver next;
  private int threads;

  public ThreadCounter(RunObserver next) {
    this.next = next;
  }

  @Override
  public void progress(long instructions) {
    next.progress(instructions);
  }

  @Override
  public void threadStarted(int thread) {
    threads = Math.max(threads, thread + 1);
  }

  /// {@return how many there were}
  public int threads() {
    return threads;
  }
}
