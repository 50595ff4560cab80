package dev.cairn.report.flow;

import dev.cairn.profile.coverage.SourceCoverage;
import dev.cairn.profile.coverage.SourceCoverage.Branch;
import dev.cairn.profile.coverage.SourceCoverage.Line;
import dev.cairn.profile.coverage.SourceCoverage.SourceFile;
import dev.cairn.profile.coverage.SourceCoverage.SourceFunction;

/// The coverage of source files as a tracefile of LCOV, which `lcov` and `genhtml` read.
///
/// Source: geninfo(1), "Files", of LCOV 1.16.
public final class LcovText {
  private LcovText() {}

  /// {@return the file}
  public static String of(SourceCoverage coverage) {
    StringBuilder text = new StringBuilder("TN:\n");
    for (SourceFile file : coverage.files()) {
      text.append("SF:").append(Place.oneLine(file.path())).append('\n');
      functions(text, file);
      branches(text, file);
      for (Line line : file.lines()) {
        text.append("DA:").append(line.number()).append(',').append(line.count()).append('\n');
      }
      long hit = file.lines().stream().filter(line -> line.count() > 0).count();
      totals(text, "L", file.lines().size(), hit);
      text.append("end_of_record\n");
    }
    return text.toString();
  }

  private static void functions(StringBuilder text, SourceFile file) {
    for (SourceFunction function : file.functions()) {
      text.append("FN:").append(function.line()).append(',');
      text.append(Place.oneLine(function.name())).append('\n');
    }
    for (SourceFunction function : file.functions()) {
      text.append("FNDA:").append(function.count()).append(',');
      text.append(Place.oneLine(function.name())).append('\n');
    }
    long hit = file.functions().stream().filter(function -> function.count() > 0).count();
    totals(text, "FN", file.functions().size(), hit);
  }

  private static void branches(StringBuilder text, SourceFile file) {
    for (Branch branch : file.branches()) {
      text.append("BRDA:").append(branch.line()).append(',').append(branch.decision());
      text.append(',').append(branch.way()).append(',');
      text.append(branch.reached() ? Long.toString(branch.count()) : "-").append('\n');
    }
    long hit = file.branches().stream().filter(branch -> branch.count() > 0).count();
    totals(text, "BR", file.branches().size(), hit);
  }

  private static void totals(StringBuilder text, String what, long found, long hit) {
    text.append(what).append("F:").append(found).append('\n');
    text.append(what).append("H:").append(hit).append('\n');
  }
}
