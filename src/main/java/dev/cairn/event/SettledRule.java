package dev.cairn.event;

/// Which executions and accesses an analysis needs only to be told the number of, as they settle:
/// the line is the one used last of its group, and to use it again changes nothing.
///
/// An execution settles if each line of its block was the last one fetched of its group; an access
/// if it lies within the line accessed last of its group, and, if it is a store, that line takes
/// further stores. Instructions and data have lines and groups of their own.
///
/// @param fetched groups of lines that are fetched
/// @param accessed groups of lines that are accessed
/// @param storesSettle whether a line that was stored to takes further stores
/// @param storesAllocate whether a store makes its line the one accessed last
/// @param loadsSettle whether a line that was loaded from takes stores
public record SettledRule(
    Groups fetched,
    Groups accessed,
    boolean storesSettle,
    boolean storesAllocate,
    boolean loadsSettle) {

  /// Groups of lines.
  ///
  /// @param lineShift log2 of the bytes of a line
  /// @param groupShift from a line's number to its group's, of which the mask leaves what counts
  /// @param mask how many groups there are, a power of two, less 1
  public record Groups(int lineShift, int groupShift, int mask) {
    public Groups {
      if (lineShift < 0 || lineShift >= Long.SIZE || groupShift < 0 || groupShift >= Long.SIZE) {
        throw new IllegalArgumentException(
            "shifts of a line and a group: %d and %d".formatted(lineShift, groupShift));
      }
      if (mask < 0 || Integer.bitCount(mask + 1) != 1) {
        throw new IllegalArgumentException("the groups must be a power of two: " + (mask + 1L));
      }
    }
  }
}
