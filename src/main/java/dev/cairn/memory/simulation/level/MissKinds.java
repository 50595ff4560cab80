package dev.cairn.memory.simulation.level;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why a cache misses: because a line was never asked for, another thread took it away, or there is
/// no room, of its set or at all.
///
/// One thread.
final class MissKinds {
  private final LevelTally tally;

  /// All lines that were ever asked for.
  private final LineSet seen = new LineSet();

  /// Lines that other threads took away, and that did not come back.
  private final Set<Long> taken = new HashSet<>();

  /// What has room of every set for a line; null if capacity is not told from conflict.
  private final @Nullable LruShadow shadow;

  /// @param lines that the cache has room for
  /// @param kinds whether capacity is told from conflict
  MissKinds(LevelTally tally, int lines, boolean kinds) {
    this.tally = tally;
    shadow = kinds ? new LruShadow(lines) : null;
  }

  /// Hears of each line that is asked for.
  ///
  /// @return whether a cache of the same size that is one set has it
  boolean use(long line) {
    return shadow != null && shadow.use(line);
  }

  /// Hears of a line that was asked for and was there only because it was prefetched.
  void see(long line) {
    seen.add(line);
  }

  /// Hears of a line that another thread takes away.
  void take(long line) {
    taken.add(line);
  }

  /// Counts a miss.
  ///
  /// @param roomy what [#use] said
  void miss(long line, boolean roomy) {
    if (seen.add(line)) {
      tally.compulsory++;
    } else if (!taken.isEmpty() && taken.remove(line)) {
      tally.coherence++;
    } else if (roomy) {
      tally.conflict++;
    } else {
      tally.capacity++;
    }
  }
}
