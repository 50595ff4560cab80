package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;

/// Pages one behind the other in memory, and in a pack.
///
/// @param address of the first
/// @param count of pages
/// @param pack the number of the pack that holds them
/// @param index of the first in it
record PageRun(long address, int count, int pack, int index) {
  PageRun {
    if (count < 1 || pack < 0 || index < 0 || address < 0) {
      throw new IllegalArgumentException(
          "not a run of pages: %d at 0x%x, pack %d, index %d"
              .formatted(count, address, pack, index));
    }
  }

  /// {@return the address behind it}
  long end() {
    return address + (long) count * Mapping.PAGE_BYTES;
  }

  /// {@return where the page at one of its addresses is kept}
  long place(long pageAddress) {
    return PlaceTable.place(pack, index + (int) ((pageAddress - address) / Mapping.PAGE_BYTES));
  }
}
