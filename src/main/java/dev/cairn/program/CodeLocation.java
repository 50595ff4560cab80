package dev.cairn.program;

import org.jspecify.annotations.Nullable;

/// Where a piece of code comes from.
///
/// @param file the path of its file on the host
/// @param address its virtual address as the file's own symbols have it, without the load bias; its
///   offset in the file if the file could not be read
/// @param function the function's name, not demangled; null if no symbol tells
/// @param functionOffset bytes from the function's start; 0 without a function
public record CodeLocation(
    String file, long address, @Nullable String function, long functionOffset) {
  @Override
  public String toString() {
    String place =
        function == null
            ? "0x" + Long.toHexString(address)
            : functionOffset == 0 ? function : function + "+0x" + Long.toHexString(functionOffset);
    return place + " (" + file + ")";
  }
}
