package dev.cairn.memory.prefetch;

import java.util.Arrays;

/// Proposes the next lines of streams: lines that were asked for one behind the other, upward or
/// downward, whichever instructions asked.
///
/// A stream begins at a line that continues none. A line in front of its last one by up to
/// [#WINDOW] lines continues it; the second one tells the direction, and from the third on lines
/// are proposed, `distance` ahead of the line asked for and none twice. The stream that was
/// continued the longest ago makes room for a new one.
///
/// Source: the stream prefetcher of Srinath, Mutlu, Kim and Patt, "Feedback Directed Prefetching",
/// HPCA 2007, section 2.1 (training with a window of lines, a direction, then a start distance and
/// a degree), without its feedback.
final class StreamPrefetcher implements Prefetcher {
  private static final long WINDOW = 16;
  private static final int CONFIRMED = 2;

  private final int degree;
  private final int distance;
  private final long[] lines;
  private final long[] proposedTo;
  private final int[] directions;
  private final int[] confirmations;
  private final long[] lastUse;
  private long clock;

  /// @param entries streams followed at once
  /// @param distance how many lines ahead of the line used the first proposal lies
  StreamPrefetcher(int entries, int degree, int distance) {
    this.degree = degree;
    this.distance = distance;
    lines = new long[entries];
    proposedTo = new long[entries];
    directions = new int[entries];
    confirmations = new int[entries];
    lastUse = new long[entries];
    reset();
  }

  @Override
  public int observe(long pc, long line, long[] proposals) {
    int stream = stream(line);
    if (stream < 0) {
      begin(line);
      return 0;
    }
    long step = line - lines[stream];
    lastUse[stream] = ++clock;
    if (step == 0) {
      return 0;
    }
    int direction = Long.signum(step);
    confirmations[stream] =
        direction == directions[stream] ? Math.min(CONFIRMED, confirmations[stream] + 1) : 1;
    if (confirmations[stream] == 1) {
      proposedTo[stream] = line;
    }
    directions[stream] = direction;
    lines[stream] = line;
    return confirmations[stream] < CONFIRMED ? 0 : propose(stream, line, direction, proposals);
  }

  private int propose(int stream, long line, int direction, long[] proposals) {
    int count = 0;
    for (int i = 0; i < degree; i++) {
      long wanted = line + (long) direction * (distance + i);
      if ((wanted - proposedTo[stream]) * direction > 0) {
        proposals[count++] = wanted;
        proposedTo[stream] = wanted;
      }
    }
    return count;
  }

  /// {@return the nearest stream that a line may continue; -1 for none}
  private int stream(long line) {
    int nearest = -1;
    long least = WINDOW + 1;
    for (int i = 0; i < lines.length; i++) {
      long step = line - lines[i];
      boolean forward = directions[i] == 0 || step == 0 || Long.signum(step) == directions[i];
      long apart = Math.abs(step);
      boolean mayTurn = confirmations[i] < CONFIRMED;
      if (lastUse[i] > 0 && apart < least && (forward || mayTurn)) {
        least = apart;
        nearest = i;
      }
    }
    return nearest;
  }

  private void begin(long line) {
    int oldest = 0;
    for (int i = 1; i < lastUse.length; i++) {
      if (lastUse[i] < lastUse[oldest]) {
        oldest = i;
      }
    }
    lines[oldest] = line;
    proposedTo[oldest] = line;
    directions[oldest] = 0;
    confirmations[oldest] = 0;
    lastUse[oldest] = ++clock;
  }

  @Override
  public int degree() {
    return degree;
  }

  @Override
  public void reset() {
    Arrays.fill(lines, 0);
    Arrays.fill(proposedTo, 0);
    Arrays.fill(directions, 0);
    Arrays.fill(confirmations, 0);
    Arrays.fill(lastUse, 0);
    clock = 0;
  }
}
