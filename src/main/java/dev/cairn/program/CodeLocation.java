package dev.cairn.program;

import dev.cairn.program.debug.SourceLine;
import org.jspecify.annotations.Nullable;

/// Where a piece of code comes from.
///
/// @param file the path of its file on the host
/// @param address its virtual address as the file's own symbols have it, without the load bias; its
///   offset in the file if the file could not be read
/// @param function the function's name, not demangled; null if no symbol tells
/// @param functionOffset bytes from the function's start; 0 without a function
/// @param source the line of source; null if it was not looked up, or no debug information tells
public record CodeLocation(
    String file,
    long address,
    @Nullable String function,
    long functionOffset,
    @Nullable SourceLine source) {

  /// A place without a line.
  public CodeLocation(String file, long address, @Nullable String function, long functionOffset) {
    this(file, address, function, functionOffset, null);
  }

  /// {@return a place behind this one in the same function, of which no line is known}
  ///
  /// @param bytes how far
  public CodeLocation plus(long bytes) {
    return bytes == 0
        ? this
        : new CodeLocation(
            file, address + bytes, function, function == null ? 0 : functionOffset + bytes);
  }

  @Override
  public String toString() {
    String place =
        function == null
            ? "0x" + Long.toHexString(address)
            : functionOffset == 0 ? function : function + "+0x" + Long.toHexString(functionOffset);
    return place + " (" + (source == null ? "" : source + ", ") + file + ")";
  }
}
