package dev.cairn.checkpoint;

import java.io.IOException;

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

  /// Gives each page of a range that is not all zeros, ascending.
  void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException;
}
