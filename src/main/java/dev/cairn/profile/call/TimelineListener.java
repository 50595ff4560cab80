package dev.cairn.profile.call;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.FlowListener;
import dev.cairn.profile.flow.Functions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// Collects a [Timeline]: whenever there are too many spans, the shortest are dropped and none as
/// short is taken any more.
public final class TimelineListener implements FlowListener {
  /// How many activations may be around one.
  public static final int DEEPEST = 400;

  private static final int FIELDS = 5;
  private static final int THREAD = 0;
  private static final int STACK = 1;
  private static final int FUNCTION = 2;
  private static final int FROM = 3;
  private static final int UNTIL = 4;

  private final long[] spans;
  private int size;
  private long shortest;
  private long tooShort;
  private long tooDeep;

  /// By slot of an activation.
  private int[] stacks = new int[1 << 8];

  private int[] depths = new int[1 << 8];

  /// By thread: the stacks that have activations.
  private final List<BitSet> usedStacks = new ArrayList<>();

  /// @param most how many spans are kept
  public TimelineListener(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most must be at least 1: " + most);
    }
    spans = new long[Math.multiplyExact(most, FIELDS)];
  }

  @Override
  public void defined(FlowBlock block) {}

  @Override
  public void entered(Activation activation, int block, long instructions) {
    int slot = activation.slot();
    if (slot >= stacks.length) {
      stacks = Arrays.copyOf(stacks, Math.max(slot + 1, stacks.length * 2));
      depths = Arrays.copyOf(depths, stacks.length);
    }
    Activation caller = activation.caller();
    if (caller == null) {
      stacks[slot] = takeStack(activation.thread());
      depths[slot] = 0;
    } else {
      stacks[slot] = stacks[caller.slot()];
      depths[slot] = depths[caller.slot()] + 1;
    }
  }

  private int takeStack(int thread) {
    while (usedStacks.size() <= thread) {
      usedStacks.add(new BitSet());
    }
    BitSet used = usedStacks.get(thread);
    int stack = used.nextClearBit(0);
    used.set(stack);
    return stack;
  }

  @Override
  public void left(Activation activation, long instructions) {
    int slot = activation.slot();
    if (activation.caller() == null) {
      usedStacks.get(activation.thread()).clear(stacks[slot]);
    }
    if (depths[slot] > DEEPEST) {
      tooDeep++;
      return;
    }
    if (size == spans.length) {
      drop();
    }
    if (instructions - activation.firstInstruction() < shortest) {
      tooShort++;
      return;
    }
    spans[size + THREAD] = activation.thread();
    spans[size + STACK] = stacks[slot];
    spans[size + FUNCTION] = activation.function();
    spans[size + FROM] = activation.firstInstruction();
    spans[size + UNTIL] = instructions;
    size += FIELDS;
  }

  @Override
  public void resumed(Activation activation, long instructions) {}

  /// Drops the shorter spans, half of them at least.
  private void drop() {
    while (size > spans.length / 2) {
      shortest = Math.max(1, shortest * 2);
      int kept = 0;
      for (int i = 0; i < size; i += FIELDS) {
        if (spans[i + UNTIL] - spans[i + FROM] >= shortest) {
          System.arraycopy(spans, i, spans, kept, FIELDS);
          kept += FIELDS;
        } else {
          tooShort++;
        }
      }
      size = kept;
    }
  }

  /// {@return the timeline}
  ///
  /// @param names the functions by which the calls were told
  public Timeline timeline(Functions names) {
    List<Timeline.Span> result = new ArrayList<>();
    for (int i = 0; i < size; i += FIELDS) {
      result.add(
          new Timeline.Span(
              (int) spans[i + THREAD],
              (int) spans[i + STACK],
              names.get((int) spans[i + FUNCTION]),
              spans[i + FROM],
              spans[i + UNTIL]));
    }
    // Those that begin and end together came out innermost first.
    List<Timeline.Span> outermostFirst = result.reversed();
    return new Timeline(
        outermostFirst.stream()
            .sorted(
                Comparator.comparingInt(Timeline.Span::thread)
                    .thenComparingInt(Timeline.Span::stack)
                    .thenComparingLong(Timeline.Span::from)
                    .thenComparing(Timeline.Span::until, Comparator.reverseOrder()))
            .toList(),
        shortest,
        tooShort,
        tooDeep);
  }
}
