package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.profile.coverage.DrcovFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `cairn blocks` writes for tools that show coverage. That the counts are right, gcov says in
/// another test; here the tools' own readers say that they read them.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class CoverageExportTest {
  @TempDir private Path folder;

  private static Path program() {
    return TestGuests.built(
        "covered", List.of("-O0", "-g", "-static", "coverage.c", "coverage2.c"));
  }

  private void cairn(String... arguments) {
    try {
      Launcher.Result result = Launcher.process(arguments);
      assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void lcovReadsTheLines() throws Exception {
    Path info = folder.resolve("covered.info");
    cairn("blocks", "--export=lcov=" + info, "--", program().toString());
    List<String> lines = Files.readAllLines(info);
    String summary =
        TestGuests.run(
            List.of(
                TestGuests.reader("lcov").toString(),
                "--rc",
                "lcov_branch_coverage=1",
                "--summary",
                info.toString()));
    assertThat(summary)
        .contains(
            "(%d of %d lines)".formatted(count(lines, "DA:.*,[1-9].*"), count(lines, "DA:.*")))
        .contains(
            "(%d of %d branches)"
                .formatted(count(lines, "BRDA:.*,[1-9][0-9]*"), count(lines, "BRDA:.*")));
    assertThat(count(lines, "DA:.*,0")).isPositive();
    assertThat(count(lines, "BRDA:.*,-")).isPositive();
    assertThat(sum(lines, "LF:")).isEqualTo(count(lines, "DA:.*"));
    assertThat(sum(lines, "BRF:")).isEqualTo(count(lines, "BRDA:.*"));
    assertThat(lines).contains("FNDA:90,ackermann", "FNDA:0,never_called");
  }

  private static long count(List<String> lines, String pattern) {
    return lines.stream().filter(line -> line.matches(pattern)).count();
  }

  private static long sum(List<String> lines, String start) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .mapToLong(line -> Long.parseLong(line.substring(start.length())))
        .sum();
  }

  @Test
  void genhtmlShowsTheSource() throws Exception {
    Path info = folder.resolve("covered.info");
    cairn("blocks", "--export=lcov=" + info, "--", program().toString());
    TestGuests.run(
        List.of(
            TestGuests.reader("genhtml").toString(),
            "--branch-coverage",
            "-o",
            folder.resolve("html").toString(),
            info.toString()));
    Path page = folder.resolve("html/guest/coverage.c.gcov.html");
    assertThat(Files.readString(page)).contains("static int ackermann(int m, int n)");
  }

  /// Debian's programs and libraries are stripped; drcov needs no symbols.
  @Test
  void drcovHasLibraries() throws Exception {
    Path file = folder.resolve("gzip.drcov");
    cairn(
        "blocks",
        "--sysroot=" + TestGuests.sysroot(),
        "--export=drcov=" + file,
        "--",
        TestGuests.debian("gzip").toString(),
        "--version");
    Set<String> names = new TreeSet<>();
    for (DrcovFile.Piece piece : DrcovFile.read(Files.readAllBytes(file))) {
      names.add(piece.path().substring(piece.path().lastIndexOf('/') + 1));
      assertThat(piece.bytes() % 4).isZero();
    }
    assertThat(names).contains("gzip", "libc.so.6").anyMatch(name -> name.startsWith("ld-linux"));
  }

  @Test
  void areTheSameFromATrace() throws Exception {
    Path trace = folder.resolve("covered.trace");
    cairn("trace", "-o", trace.toString(), "--", program().toString());
    List<String> formats = List.of("lcov", "drcov", "dot");
    List<String> live = new ArrayList<>(List.of("blocks"));
    List<String> read = new ArrayList<>(List.of("blocks"));
    for (String format : formats) {
      live.add("--export=" + format + "=" + folder.resolve("live." + format));
      read.add("--export=" + format + "=" + folder.resolve("read." + format));
    }
    live.addAll(List.of("--", program().toString()));
    read.add(trace.toString());
    cairn(live.toArray(String[]::new));
    cairn(read.toArray(String[]::new));
    for (String format : formats) {
      assertThat(folder.resolve("read." + format))
          .hasSameBinaryContentAs(folder.resolve("live." + format));
    }
  }

  @Test
  void graphvizReadsTheGraph() throws Exception {
    Path dot = folder.resolve("covered.dot");
    cairn("blocks", "--top=40", "--export=dot=" + dot, "--", program().toString());
    String written = TestGuests.run(List.of(TestGuests.reader("nop").toString(), dot.toString()));
    assertThat(written).contains("digraph blocks");
    assertThat(written.lines().filter(line -> line.contains("->")).count()).isGreaterThan(20);
  }
}
