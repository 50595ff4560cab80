package dev.cairn.study.scope;

import dev.cairn.capture.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The parts of a thread's run that make up a scope, and a *clock* that stands still between them.
///
/// Up to the scope's first instruction, and on from there until the scope first pauses, the clock
/// is the count of the run; behind that it counts only the scope's instructions. So what executes
/// before the scope can warm a core up, and what executes between its pieces does not exist.
///
/// Positions and clocks are in instructions.
public final class Pieces {
  /// All of a run, however long.
  public static final Pieces WHOLE_RUN =
      new Pieces(0, new long[] {0}, new long[] {0}, Long.MAX_VALUE);

  /// A pause that is shorter is streamed and thrown away, as that takes less time than to exchange
  /// the instrumentation twice. The capture's own limit is below.
  static final long SHORTEST_SKIPPED = 1_000_000;

  private final long first;

  /// By piece: how many instructions execute before it, and what the clock shows then. The first
  /// one begins with the run.
  private final long[] positions;

  private final long[] clocks;
  private final long endClock;

  /// @param first instructions before the scope
  Pieces(long first, long[] positions, long[] clocks, long endClock) {
    this.first = first;
    this.positions = positions;
    this.clocks = clocks;
    this.endClock = endClock;
  }

  /// {@return how many there are}
  public int count() {
    return positions.length;
  }

  /// {@return whether the scope never pauses, so that the clock is the run's count}
  public boolean isContiguous() {
    return positions.length == 1;
  }

  /// {@return how many instructions execute before the scope}
  public long first() {
    return first;
  }

  /// {@return what the clock shows behind the scope}
  public long endClock() {
    return endClock;
  }

  /// {@return how many instructions execute before a piece; before the first one, none}
  long begin(int piece) {
    return positions[piece];
  }

  /// {@return the same behind it}
  long end(int piece) {
    long behind = piece + 1 < clocks.length ? clocks[piece + 1] : endClock;
    return positions[piece] + (behind - clocks[piece]);
  }

  /// {@return what the clock shows at a position inside of a piece}
  public long clock(long position) {
    int piece = holder(positions, position);
    if (position >= end(piece)) {
      throw new IllegalArgumentException("the scope pauses at instruction " + position);
    }
    return clocks[piece] + (position - positions[piece]);
  }

  /// {@return how many instructions of the run execute before the one that the clock shows}
  public long position(long clock) {
    if (clock >= endClock) {
      throw new IllegalArgumentException("the scope ends before " + clock);
    }
    int piece = holder(clocks, clock);
    return positions[piece] + (clock - clocks[piece]);
  }

  private static int holder(long[] starts, long value) {
    int found = Arrays.binarySearch(starts, value);
    return found >= 0 ? found : -found - 2;
  }

  /// {@return what of the run is to be observed to see all from one clock to another}
  public List<Window> windows(long fromClock, long untilClock) {
    List<Window> windows = new ArrayList<>();
    long from = position(fromClock);
    long until = from;
    for (int piece = holder(clocks, fromClock);
        piece < clocks.length && clocks[piece] < untilClock;
        piece++) {
      if (positions[piece] - until >= SHORTEST_SKIPPED) {
        windows.add(new Window(from, until));
        from = positions[piece];
      }
      until = Math.min(end(piece), positions[piece] + (untilClock - clocks[piece]));
    }
    windows.add(new Window(from, until));
    return windows;
  }
}
