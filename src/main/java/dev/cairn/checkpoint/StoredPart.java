package dev.cairn.checkpoint;

import java.nio.file.Path;

/// A part of memory whose contents lie in a file as they are, so that they can be mapped from
/// there.
///
/// @param address of the first page
/// @param bytes whole pages
/// @param file that has them
/// @param offset where in it, of a page
public record StoredPart(long address, long bytes, Path file, long offset) {
  public StoredPart {
    if (bytes < 1 || (address | bytes | offset) % Mapping.PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "not whole pages: 0x%x bytes at 0x%x, from 0x%x".formatted(bytes, address, offset));
    }
  }

  /// {@return the address behind it}
  public long end() {
    return address + bytes;
  }
}
