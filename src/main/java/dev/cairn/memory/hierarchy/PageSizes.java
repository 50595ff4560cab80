package dev.cairn.memory.hierarchy;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How large the pages of a guest are, as a hierarchy file gives it.
///
/// @param usualBytes of all pages that are in no range: 4096, 16384 or 65536
/// @param ranges of other pages; null for none
public record PageSizes(int usualBytes, @Nullable List<Range> ranges) {
  private static final int LEAST = 4096;
  private static final int MOST = 1 << 30;

  /// Addresses that are in larger pages.
  ///
  /// @param from the first address, a multiple of `pageBytes`
  /// @param until the address behind the last, likewise
  public record Range(long from, long until, int pageBytes) {
    public Range {
      check(pageBytes);
      if (from % pageBytes != 0
          || until % pageBytes != 0
          || Long.compareUnsigned(from, until) >= 0) {
        throw new IllegalArgumentException(
            "from and until must ascend and be multiples of pageBytes = %d: 0x%x, 0x%x"
                .formatted(pageBytes, from, until));
      }
    }
  }

  /// Pages of 4 KiB.
  public static final PageSizes SMALL = new PageSizes(LEAST, null);

  public PageSizes {
    if (usualBytes != LEAST && usualBytes != 1 << 14 && usualBytes != 1 << 16) {
      throw new IllegalArgumentException("usualBytes must be 4096, 16384 or 65536: " + usualBytes);
    }
    if (ranges != null) {
      ranges = List.copyOf(ranges);
      for (Range range : ranges) {
        if (range.pageBytes <= usualBytes) {
          throw new IllegalArgumentException(
              "pageBytes of a range must be more than usualBytes = "
                  + usualBytes
                  + ": "
                  + range.pageBytes);
        }
      }
    }
  }

  static void check(int pageBytes) {
    if (Integer.bitCount(pageBytes) != 1 || pageBytes < LEAST || pageBytes > MOST) {
      throw new IllegalArgumentException(
          "pageBytes must be a power of two between " + LEAST + " and " + MOST + ": " + pageBytes);
    }
  }

  /// {@return log2 of the size of an address's page}
  public int shift(long address) {
    if (ranges != null) {
      for (Range range : ranges) {
        if (Long.compareUnsigned(address, range.from) >= 0
            && Long.compareUnsigned(address, range.until) < 0) {
          return Integer.numberOfTrailingZeros(range.pageBytes);
        }
      }
    }
    return Integer.numberOfTrailingZeros(usualBytes);
  }

  /// {@return log2 of each size that there is}
  public TreeSet<Integer> shifts() {
    TreeSet<Integer> shifts = new TreeSet<>();
    shifts.add(Integer.numberOfTrailingZeros(usualBytes));
    if (ranges != null) {
      ranges.forEach(range -> shifts.add(Integer.numberOfTrailingZeros(range.pageBytes)));
    }
    return shifts;
  }

  public int usualShift() {
    return Integer.numberOfTrailingZeros(usualBytes);
  }
}
