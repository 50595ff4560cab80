package dev.cairn.checkpoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// Where the pages of a process are read, one after the other.
public interface MemoryContents {
  /// What takes a page.
  interface PageConsumer {
    /// Takes a page that is not all zeros.
    ///
    /// @param address where it lies
    /// @param bytes its contents; reused for the next one
    void accept(long address, byte[] bytes) throws IOException;
  }

  /// {@return whether a page is all zeros}
  static boolean isZeros(byte[] page) {
    return page[0] == 0 && Arrays.equals(page, 0, page.length - 1, page, 1, page.length);
  }

  /// Gives each page of a range that is not all zeros, ascending, but for those that lie in parts
  /// that can be mapped.
  void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException;

  /// {@return parts of a range that are not given page by page, as they can be mapped from files,
  /// ascending}
  default List<StoredPart> stored(Mapping mapping) {
    return List.of();
  }
}
