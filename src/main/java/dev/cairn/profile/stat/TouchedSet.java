package dev.cairn.profile.stat;

import java.util.Arrays;

/// A set of units of an address space, as lines or bytes: a bit each, in chunks of 4096 units that
/// are found by hashing.
///
/// 512 bytes and some for each chunk touched; nothing is copied as it grows but the directory.
/// Holds [#MOST_CHUNKS] chunks, 256 MB, and from then on takes no new ones and is no longer
/// [#complete].
final class TouchedSet {
  static final int MOST_CHUNKS = 1 << 19;
  private static final int CHUNK_UNITS_SHIFT = 12;
  private static final int CHUNK_WORDS_SHIFT = 6;
  private static final int SEGMENT_CHUNKS_SHIFT = 7;
  private static final int SEGMENT_WORDS = 1 << (SEGMENT_CHUNKS_SHIFT + CHUNK_WORDS_SHIFT);
  private static final int NOT_KEPT = -1;

  private final long[][] segments = new long[MOST_CHUNKS >>> SEGMENT_CHUNKS_SHIFT][];
  private final int mostChunks;
  private int chunks;
  private boolean complete = true;

  /// Chunk number plus 1, 0 for a free slot.
  private long[] keys = new long[1 << 10];

  private int[] places = new int[1 << 10];

  TouchedSet() {
    this(MOST_CHUNKS);
  }

  TouchedSet(int mostChunks) {
    this.mostChunks = mostChunks;
  }

  /// Adds a unit.
  void add(long unit) {
    int chunk = chunk(unit >>> CHUNK_UNITS_SHIFT);
    if (chunk != NOT_KEPT) {
      int inSegment = chunk & ((1 << SEGMENT_CHUNKS_SHIFT) - 1);
      int word = (inSegment << CHUNK_WORDS_SHIFT) + ((int) (unit >>> 6) & 63);
      segments[chunk >>> SEGMENT_CHUNKS_SHIFT][word] |= 1L << unit;
    }
  }

  /// Adds all units from one up to another, exclusive.
  void add(long first, long end) {
    for (long unit = first; unit != end; unit++) {
      add(unit);
    }
  }

  private int chunk(long number) {
    int mask = keys.length - 1;
    int slot = slot(number, mask);
    while (keys[slot] != number + 1) {
      if (keys[slot] == 0) {
        return insert(number, slot);
      }
      slot = (slot + 1) & mask;
    }
    return places[slot];
  }

  private static int slot(long number, int mask) {
    return (int) ((number * 0x9e3779b97f4a7c15L) >>> 40) & mask;
  }

  private int insert(long number, int slot) {
    if (chunks == mostChunks) {
      complete = false;
      return NOT_KEPT;
    }
    if (chunks * 2 >= keys.length) {
      grow();
      return chunk(number);
    }
    if (segments[chunks >>> SEGMENT_CHUNKS_SHIFT] == null) {
      segments[chunks >>> SEGMENT_CHUNKS_SHIFT] = new long[SEGMENT_WORDS];
    }
    keys[slot] = number + 1;
    places[slot] = chunks;
    return chunks++;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldPlaces = places;
    keys = new long[oldKeys.length * 2];
    places = new int[keys.length];
    int mask = keys.length - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i] - 1, mask);
        while (keys[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        keys[slot] = oldKeys[i];
        places[slot] = oldPlaces[i];
      }
    }
  }

  /// {@return how many units are in the set}
  long units() {
    return Arrays.stream(segments, 0, usedSegments())
        .flatMapToLong(Arrays::stream)
        .map(Long::bitCount)
        .sum();
  }

  /// {@return how many aligned groups of 64 units have one in the set}
  long groups() {
    return Arrays.stream(segments, 0, usedSegments())
        .flatMapToLong(Arrays::stream)
        .filter(word -> word != 0)
        .count();
  }

  /// {@return how many aligned chunks of 4096 units have one in the set}
  long chunks() {
    return chunks;
  }

  /// {@return whether each unit added is in the set}
  boolean complete() {
    return complete;
  }

  private int usedSegments() {
    return (chunks + (1 << SEGMENT_CHUNKS_SHIFT) - 1) >>> SEGMENT_CHUNKS_SHIFT;
  }
}
