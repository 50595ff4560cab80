package dev.cairn.program.debug;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// The sections of a file from which its source lines are read, uncompressed; one that is missing
/// is empty.
///
/// @param path the file, for messages
/// @param lines `.debug_line`
/// @param lineStrings `.debug_line_str`
/// @param strings `.debug_str`
/// @param sharedStrings `.debug_str` of the file that several share (`.gnu_debugaltlink`)
/// @param units `.debug_info`
/// @param abbreviations `.debug_abbrev`
/// @param code where the file has code; lines of other addresses are of functions that the linker
///   left out
public record DebugSections(
    String path,
    MemorySegment lines,
    MemorySegment lineStrings,
    MemorySegment strings,
    MemorySegment sharedStrings,
    MemorySegment units,
    MemorySegment abbreviations,
    List<CodeRange> code) {
  public static final MemorySegment MISSING = MemorySegment.ofArray(new byte[0]);

  /// Addresses of code, before the load bias is added.
  ///
  /// @param end of the first byte behind it
  public record CodeRange(long start, long end) {
    public CodeRange {
      if (start < 0 || end < start) {
        throw new IllegalArgumentException(
            "no range: 0x" + Long.toHexString(start) + " to 0x" + Long.toHexString(end));
      }
    }
  }

  public DebugSections {
    code = List.copyOf(code);
  }
}
