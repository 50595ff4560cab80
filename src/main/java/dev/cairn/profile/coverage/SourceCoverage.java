package dev.cairn.profile.coverage;

import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.CodeImage;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How often each line of source executed that has code in the files of a run, each function and
/// each way of a branch; what never executed has 0.
///
/// @param files by path
public record SourceCoverage(List<SourceFile> files) {
  /// A file of source.
  ///
  /// @param path as debug information has it
  /// @param lines that have code, ascending
  /// @param functions that begin in it, by line, then by name
  /// @param branches by line, then by decision and way
  public record SourceFile(
      String path, List<Line> lines, List<SourceFunction> functions, List<Branch> branches) {
    public SourceFile {
      lines = List.copyOf(lines);
      functions = List.copyOf(functions);
      branches = List.copyOf(branches);
    }
  }

  /// A line that has code.
  ///
  /// @param number from 1
  /// @param count how often it executed, see [LineCounts]
  public record Line(int number, long count) {}

  /// A function.
  ///
  /// @param name its symbol, not demangled
  /// @param line where its code begins
  /// @param count how often it was called
  public record SourceFunction(String name, int line, long count) {}

  /// A way that control can go at the end of a block: of a conditional branch the first leads to
  /// its target and the second behind it; of a jump to an address in a register those that were
  /// taken.
  ///
  /// @param line of the block
  /// @param decision which of the line's, from 0 by address
  /// @param way which of the decision's, from 0
  /// @param count how often it was taken
  /// @param reached whether the decision was made at all
  public record Branch(int line, int decision, int way, long count, boolean reached) {}

  public SourceCoverage {
    files = List.copyOf(files);
  }

  /// Counts the lines of a run.
  ///
  /// @param images what is known of the file at a path on the host; null if it can't be read
  /// @throws IOException if debug information is damaged, or a file that had lines in the run is
  ///   gone or another by now
  public static SourceCoverage of(
      Isa isa, BlockFlow flow, Function<String, @Nullable CodeImage> images) throws IOException {
    SourceCoverageBuilder builder = new SourceCoverageBuilder();
    for (String path : files(flow)) {
      CodeImage image = images.apply(path);
      requireSame(flow, path, image);
      if (image != null && image.lines().rows() > 0) {
        builder.add(CodeGraphBuilder.build(isa, image, flow));
      }
    }
    return builder.build();
  }

  private static Set<String> files(BlockFlow flow) {
    Set<String> files = new TreeSet<>();
    for (BlockStatistics statistics : flow.blocks()) {
      CodeLocation location = statistics.location();
      if (location != null) {
        files.add(location.file());
      }
    }
    return files;
  }

  /// A trace may be older than the files that it names.
  private static void requireSame(BlockFlow flow, String path, @Nullable CodeImage image)
      throws IOException {
    for (BlockStatistics statistics : flow.blocks()) {
      CodeLocation location = statistics.location();
      if (location == null || location.source() == null || !location.file().equals(path)) {
        continue;
      }
      if (image == null) {
        throw new IOException(path + ": not found, and its lines are needed");
      }
      if (!location.source().equals(image.lines().find(location.address()))) {
        throw new IOException(
            path + ": not the file of the run: another line at " + location.toString());
      }
    }
  }
}
