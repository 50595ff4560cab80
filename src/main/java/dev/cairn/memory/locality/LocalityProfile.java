package dev.cairn.memory.locality;

import java.util.List;

/// How a run came back to its data.
///
/// @param request what was asked for
/// @param instructions executed
/// @param loads made, one that crosses lines being one
/// @param stores likewise
/// @param lines touched
/// @param pages touched
/// @param curve of the reuse of lines
/// @param slices of the run
/// @param hotLines the lines accessed most, at most [#HOT_LINES]
/// @param hotPages all pages, most accesses first
/// @param heat accesses by page and slice; empty if not asked for
/// @param instructionPatterns of all instructions that access memory, by address
public record LocalityProfile(
    LocalityRequest request,
    long instructions,
    long loads,
    long stores,
    long lines,
    long pages,
    MissRatioCurve curve,
    List<Slice> slices,
    List<Place> hotLines,
    List<Place> hotPages,
    List<Heat> heat,
    List<AccessPattern> instructionPatterns) {
  /// How many lines are told of.
  public static final int HOT_LINES = 1000;

  /// What a slice of time touched.
  ///
  /// @param from the first instruction, of all threads together as they were seen
  /// @param instructions executed
  /// @param lines different lines touched: its working set
  /// @param newLines of these, those that no slice before touched
  /// @param pages different pages touched
  public record Slice(long from, long instructions, long lines, long newLines, long pages) {}

  /// A line or page.
  ///
  /// @param address of its first byte
  /// @param accesses to it
  public record Place(long address, long accesses) {}

  /// Accesses to a page in a slice.
  ///
  /// @param slice its number, from 0
  public record Heat(long page, int slice, long accesses) {}

  public LocalityProfile {
    slices = List.copyOf(slices);
    hotLines = List.copyOf(hotLines);
    hotPages = List.copyOf(hotPages);
    heat = List.copyOf(heat);
    instructionPatterns = List.copyOf(instructionPatterns);
  }
}
