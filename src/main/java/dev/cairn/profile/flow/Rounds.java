package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import java.util.Arrays;

/// Finds where a thread goes the same way round again and again, so that all rounds can be taken at
/// once.
///
/// Each execution is as far behind the last one of its block as in the round before. When that has
/// been so for [#SURE] executions, the rounds that follow are found by comparing the words with
/// those of one round before.
///
/// One thread.
public final class Rounds {
  /// After how many executions in step the words are compared; no round is longer, in words.
  static final int SURE = 24;

  private static final int LAST_BEGIN = Integer.MAX_VALUE / 2;

  /// By block: where it was executed last, from 1 on.
  private int[] seen = new int[1 << 10];

  /// Where the batch begins, and the next one.
  private int begin;

  private int end = 1;
  private int distance;
  private int inStep;

  /// Makes ready for a batch.
  ///
  /// @param blocks how many are known
  public void begin(int blocks, int words) {
    if (blocks > seen.length) {
      seen = Arrays.copyOf(seen, Math.max(blocks, seen.length * 2));
    }
    if (end > LAST_BEGIN) {
      Arrays.fill(seen, 0);
      end = 1;
    }
    begin = end;
    end += words;
    breakOff();
  }

  /// The next execution does not just go on.
  public void breakOff() {
    distance = 0;
    inStep = 0;
  }

  /// Takes an execution that just goes on.
  ///
  /// @param at its index in the batch
  /// @return whether rounds are worth looking for behind it
  public boolean isInStep(int block, int at) {
    int here = begin + at;
    int now = here - seen[block];
    seen[block] = here;
    inStep = now == distance ? inStep + 1 : 0;
    distance = now;
    return inStep == SURE && now <= SURE;
  }

  /// {@return how many words a round has}
  public int length() {
    return distance;
  }

  /// {@return how many whole rounds follow that are the same as the last one}
  ///
  /// @param next the index of the first word behind the last round
  public int count(long[] words, int next, int until) {
    inStep = 0;
    int from = next - distance;
    int differs = Arrays.mismatch(words, next, until, words, from, until - distance);
    return (differs < 0 ? until - next : differs) / distance;
  }

  /// {@return instructions executed by the executions from `first` up to `until`, which are whole}
  static long instructions(long[] words, int first, int until) {
    long sum = 0;
    for (int i = first; i < until; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        sum += EventWord.end(words[i]);
      }
    }
    return sum;
  }
}
