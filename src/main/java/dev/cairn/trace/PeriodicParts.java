package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;

/// Shows an analysis the beginning of each period of each thread, to the instruction: of every N
/// instructions the first M.
///
/// System calls are told of where their notes lie in a part or not.
///
/// @param <R> the analysis's result
public final class PeriodicParts<R> implements Analysis<R> {
  private final long every;
  private final long length;
  private final Analysis<R> next;
  private final WordCut cut = new WordCut();
  private Batch part = new Batch(1 << 10);

  /// @param every how many instructions a period has
  /// @param length how many of them are shown
  public PeriodicParts(long every, long length, Analysis<R> next) {
    if (length < 1 || every <= length) {
      throw new IllegalArgumentException(
          "a part must be shorter than its period: %d of %d".formatted(length, every));
    }
    this.every = every;
    this.length = length;
    this.next = next;
  }

  @Override
  public void define(BlockDefinition block) {
    next.define(block);
  }

  @Override
  public void accept(Batch batch) {
    long position = batch.firstInstruction();
    long end = position + batch.instructions();
    if (part.words().length < batch.length()) {
      part = new Batch(batch.words().length);
    }
    for (long begin = position - position % every; begin <= end; begin += every) {
      long until = begin + length;
      if (until <= position) {
        continue;
      }
      if (begin <= position && end < until) {
        next.accept(batch);
        return;
      }
      int kept = cut.cut(batch.words(), batch.length(), position, begin, until, part.words());
      if (kept > 0) {
        part.reset(batch.thread(), cut.begin(), kept);
        next.accept(part);
      }
      if (until <= end) {
        next.pause(batch.thread());
      }
    }
  }

  @Override
  public void systemCall(SystemCall call) {
    next.systemCall(call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    next.systemReturn(result);
  }

  @Override
  public void pause(int thread) {
    next.pause(thread);
  }

  @Override
  public R result() {
    return next.result();
  }
}
