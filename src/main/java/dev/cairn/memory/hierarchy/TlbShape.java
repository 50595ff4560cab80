package dev.cairn.memory.hierarchy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A translation buffer of a hierarchy, as a hierarchy file gives it. The page used the longest ago
/// goes.
///
/// @param entries pages held
/// @param ways entries in a set; as many as `entries` if fully associative
/// @param serves whose accesses come here first; null for none: it has buffers above
/// @param below the name of the buffer that is asked on a miss; null for the page tables
/// @param pageBytes the sizes of pages that it holds; null for all
/// @param shared whether all threads use one; null for false
public record TlbShape(
    int entries,
    int ways,
    @Nullable Serves serves,
    @Nullable String below,
    @Nullable List<Integer> pageBytes,
    @Nullable Boolean shared) {
  private static final int MOST_ENTRIES = 1 << 20;

  public TlbShape {
    if (entries < 1 || entries > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "entries must be between 1 and " + MOST_ENTRIES + ": " + entries);
    }
    if (ways < 1 || ways > entries) {
      throw new IllegalArgumentException("ways must be between 1 and " + entries + ": " + ways);
    }
    if (entries % ways != 0 || Integer.bitCount(entries / ways) != 1) {
      throw new IllegalArgumentException(
          "entries / ways must be a power of two: " + entries + " / " + ways);
    }
    if (pageBytes != null) {
      pageBytes = List.copyOf(pageBytes);
      pageBytes.forEach(PageSizes::check);
    }
  }

  public boolean isShared() {
    return shared != null && shared;
  }

  public boolean holds(int pageShift) {
    return pageBytes == null || pageBytes.contains(1 << pageShift);
  }
}
