package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.Forwarding;
import dev.cairn.event.MemoryChange;
import java.util.BitSet;

/// Shows an analysis the beginning of each period of each thread, to the instruction: of every N
/// instructions the first M.
///
/// System calls are told of where their notes lie in a part or not.
///
/// @param <R> the analysis's result
public final class PeriodicParts<R> extends Forwarding<R> {
  private final long every;
  private final long length;
  private final WordCut cut = new WordCut();
  private Batch part = new Batch(1 << 10);
  private boolean inside = true;

  /// Threads that have been shown something since they paused.
  private final BitSet shown = new BitSet();

  /// @param every how many instructions a period has
  /// @param length how many of them are shown
  public PeriodicParts(long every, long length, Analysis<R> next) {
    super(next);
    if (length < 1 || every <= length) {
      throw new IllegalArgumentException(
          "a part must be shorter than its period: %d of %d".formatted(length, every));
    }
    this.every = every;
    this.length = length;
  }

  @Override
  public void accept(Batch batch) {
    long position = batch.firstInstruction();
    long end = position + batch.instructions();
    inside = end % every < length;
    if (part.words().length < batch.length() || part.hasValues() != batch.hasValues()) {
      part = new Batch(batch.words().length, batch.hasValues());
    }
    for (long begin = position - position % every; begin <= end; begin += every) {
      long until = begin + length;
      if (until <= position) {
        continue;
      }
      if (begin <= position && end < until) {
        shown.set(batch.thread());
        super.accept(batch);
        return;
      }
      int kept = cut.cut(batch, batch.length(), position, begin, until, part);
      if (kept > 0) {
        part.reset(batch.thread(), cut.begin(), kept);
        shown.set(batch.thread());
        super.accept(part);
      }
      if (until <= end) {
        pause(batch.thread());
      }
    }
  }

  @Override
  public void pause(int thread) {
    if (shown.get(thread)) {
      shown.clear(thread);
      super.pause(thread);
    }
  }

  /// Passes on what belongs to a part of the thread that was seen last.
  @Override
  public void memory(MemoryChange change) {
    if (inside) {
      super.memory(change);
    }
  }
}
