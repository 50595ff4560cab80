package dev.cairn.capture;

import dev.cairn.capture.stop.StopListener;
import dev.cairn.event.Analysis;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.MemoryFetch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What is to be seen of a run.
public sealed interface Observation {
  /// {@return whether only windows are seen}
  boolean hasWindows();

  /// Every execution and what is asked for besides, or that of one thread in windows.
  ///
  /// @param analyses take each batch in this order
  /// @param thread whose windows they are
  /// @param windows ascending, apart by [#APART_INSTRUCTIONS] at least; none to stream everything
  ///   of every thread. The guest is ended behind the last one
  /// @param contents what is streamed besides executions
  /// @param triggers that open and close the one window; empty if all windows have counts
  record Streaming(
      List<Analysis<?>> analyses,
      int thread,
      List<Window> windows,
      StreamContents contents,
      List<Trigger> triggers)
      implements Observation {
    /// How far apart windows must lie, as the instrumentation is exchanged before each.
    public static final long APART_INSTRUCTIONS = 10_000;

    public Streaming {
      analyses = List.copyOf(analyses);
      windows = List.copyOf(windows);
      triggers = List.copyOf(triggers);
      if (!triggers.isEmpty() && windows.size() != 1) {
        throw new IllegalArgumentException("triggers take one window: " + windows);
      }
      for (int i = 1; i < windows.size(); i++) {
        if (windows.get(i).from() - windows.get(i - 1).until() < APART_INSTRUCTIONS) {
          throw new IllegalArgumentException(
              "windows must lie "
                  + APART_INSTRUCTIONS
                  + " instructions apart: "
                  + windows.get(i - 1)
                  + ", "
                  + windows.get(i));
        }
      }
    }

    @Override
    public boolean hasWindows() {
      return !windows.isEmpty();
    }

    /// Executions and accesses.
    public Streaming(List<Analysis<?>> analyses, int thread, List<Window> windows) {
      this(analyses, thread, windows, StreamContents.ACCESSES, List.of());
    }

    /// Executions and what is asked for besides.
    public Streaming(
        List<Analysis<?>> analyses, int thread, List<Window> windows, StreamContents contents) {
      this(analyses, thread, windows, contents, List.of());
    }

    /// {@return the same in other windows of the same thread}
    public Streaming inWindows(List<Window> others) {
      return new Streaming(analyses, thread, others, contents, triggers);
    }

    /// {@return the same, seen by one more analysis before the others}
    public Streaming seenBy(Analysis<?> analysis) {
      List<Analysis<?>> all = new ArrayList<>(analyses);
      all.addFirst(analysis);
      return new Streaming(all, thread, windows, contents, triggers);
    }

    /// All executions and accesses of every thread.
    public static Streaming everything(Analysis<?>... analyses) {
      return new Streaming(List.of(analyses), 0, List.of());
    }
  }

  /// Nothing but the process itself, where the first thread is stopped.
  ///
  /// @param listener is called at each stop, and told of what else it must know to understand it
  /// @param positions instructions executed before each stop, ascending. The first must be where
  ///   the run begins, and the process is as it was loaded or restored
  /// @param triggers that stop the thread besides
  /// @param fetches memory that goes along with system calls
  record Stopping(
      StopListener listener,
      List<Long> positions,
      List<Trigger> triggers,
      List<MemoryFetch> fetches)
      implements Observation {
    public Stopping {
      positions = List.copyOf(positions);
      triggers = List.copyOf(triggers);
      fetches = List.copyOf(fetches);
      if (positions.isEmpty() || !List.copyOf(new TreeSet<>(positions)).equals(positions)) {
        throw new IllegalArgumentException("positions must ascend: " + positions);
      }
    }

    @Override
    public boolean hasWindows() {
      return false;
    }
  }

  /// How often each block is entered, interval by interval, for every thread.
  ///
  /// @param interval instructions, 1 to [#LONGEST_INTERVAL]
  /// @param besides what else is counted
  /// @param firstIntervals instructions of a thread's first intervals, which may differ; if there
  ///   are any, the guest is ended some time behind them
  record Counting(
      IntervalAnalysis<?> analysis, long interval, Besides besides, List<Long> firstIntervals)
      implements Observation {
    public static final long LONGEST_INTERVAL = 1L << 31;

    /// What is counted besides entries of blocks.
    public enum Besides {
      NOTHING(0),
      /// How often conditional branches back are not taken.
      PASSED_BRANCHES(RingLayout.PASSED),
      /// How often in a row straight code executes that leads back to itself.
      CIRCLES(RingLayout.CIRCLES);

      private final int bit;

      Besides(int bit) {
        this.bit = bit;
      }

      int bit() {
        return bit;
      }
    }

    public Counting {
      firstIntervals = List.copyOf(firstIntervals);
      requireLength(interval);
      firstIntervals.forEach(Counting::requireLength);
    }

    /// Entries of blocks and nothing else.
    public Counting(IntervalAnalysis<?> analysis, long interval) {
      this(analysis, interval, Besides.NOTHING);
    }

    /// Intervals of one length, up to the guest's end.
    public Counting(IntervalAnalysis<?> analysis, long interval, Besides besides) {
      this(analysis, interval, besides, List.of());
    }

    private static void requireLength(long interval) {
      if (interval < 1 || interval > LONGEST_INTERVAL) {
        throw new IllegalArgumentException(
            "the interval must be between 1 and " + LONGEST_INTERVAL + ": " + interval);
      }
    }

    @Override
    public boolean hasWindows() {
      return !firstIntervals.isEmpty();
    }
  }
}
