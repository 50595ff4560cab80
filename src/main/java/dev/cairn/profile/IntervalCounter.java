package dev.cairn.profile;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import java.util.Arrays;

/// Counts the entries of blocks in what is streamed of one thread, interval by interval: for a
/// scope, what the probe's counting is for a whole run.
///
/// Instructions that are not streamed, as between two regions, do not count: an interval goes on
/// behind them.
///
/// @param <R> the result of the analysis that takes the intervals
public final class IntervalCounter<R> implements Analysis<R> {
  private final IntervalAnalysis<R> analysis;
  private final int thread;
  private final long length;
  private final IntervalCounts interval = new IntervalCounts();

  /// By block: its instructions, and how often it was entered in the interval under way.
  private int[] instructions = new int[1 << 10];

  private long[] entries = new long[1 << 10];

  /// The blocks that were.
  private int[] entered = new int[1 << 10];

  private int size;

  /// Instructions before the interval under way, and in it.
  private long before;

  private long done;
  private boolean finished;

  /// @param length of an interval, in instructions
  public IntervalCounter(IntervalAnalysis<R> analysis, int thread, long length) {
    if (length < 1) {
      throw new IllegalArgumentException("length must be at least 1: " + length);
    }
    this.analysis = analysis;
    this.thread = thread;
    this.length = length;
  }

  @Override
  public void define(BlockDefinition block) {
    if (block.id() >= instructions.length) {
      instructions = Arrays.copyOf(instructions, instructions.length * 2);
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    instructions[block.id()] = block.instructions();
    analysis.define(block);
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != thread) {
      return;
    }
    long[] words = batch.words();
    int end = batch.length();
    for (int i = 0; i < end; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        execute(words[i]);
      }
    }
  }

  private void execute(long word) {
    int block = EventWord.block(word);
    int first = EventWord.first(word);
    int end = EventWord.end(word);
    if (entries[block]++ == 0) {
      if (size == entered.length) {
        entered = Arrays.copyOf(entered, size * 2);
      }
      entered[size++] = block;
    }
    if (first > 0) {
      analysis.enteredInside(thread, block, first);
    }
    int at = first;
    while (end - at > length - done) {
      at += (int) (length - done);
      close(length, block, at, false);
    }
    done += end - at;
    if (end < instructions[block]) {
      analysis.leftHalfWay(thread, block, end);
    }
  }

  private void close(long count, int endBlock, int endInstruction, boolean last) {
    interval.begin(thread, before);
    for (int i = 0; i < size; i++) {
      interval.add(entered[i], entries[entered[i]]);
      entries[entered[i]] = 0;
    }
    size = 0;
    interval.end(count, endBlock, endInstruction, last);
    analysis.accept(interval);
    before += count;
    done = 0;
  }

  /// {@return what the analysis found; ends the last interval when first called}
  @Override
  public R result() {
    if (!finished) {
      finished = true;
      close(done, -1, 0, true);
    }
    return analysis.result();
  }
}
