package dev.cairn.profile.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.GuestCommand;
import dev.cairn.profile.coverage.SourceCoverage.Branch;
import dev.cairn.profile.coverage.SourceCoverage.Line;
import dev.cairn.profile.coverage.SourceCoverage.SourceFile;
import dev.cairn.profile.coverage.SourceCoverage.SourceFunction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lines, branches and functions against gcov, which counts by what GCC built into the program. A
/// program is held against the counters that the same run wrote, and one without counters against
/// those of the other.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class GcovTest {
  private static final String GUESTS =
      Path.of("src/test/resources/guest").toAbsolutePath().toString();

  /// Built programs that were looked at, by what they are of.
  private static final Map<Build, Covered> COVERED = new ConcurrentHashMap<>();

  /// A way to build a guest: its sources, apart by spaces, and whether it is linked statically.
  enum Build {
    C("coverage.c coverage2.c", true),
    C_DYNAMIC("coverage.c coverage2.c", false),
    CPP("coverage.cc", true),
    APART("coverage-apart.cc", true);

    final String sources;
    final boolean isStatic;

    Build(String sources, boolean isStatic) {
      this.sources = sources;
      this.isStatic = isStatic;
    }

    Path program(boolean counts) {
      List<String> arguments = new ArrayList<>(List.of("-O0", "-g"));
      if (isStatic) {
        arguments.add("-static");
      }
      if (counts) {
        arguments.add("--coverage");
      }
      arguments.addAll(List.of(sources.split(" ", -1)));
      return TestGuests.built("gcov-" + this + (counts ? "-counts" : "-plain"), arguments);
    }
  }

  /// What was found of a build.
  ///
  /// @param gcov what the program that counts says itself
  /// @param graph the code of the program that counts
  /// @param counting the lines of the program that counts
  /// @param plain the lines of the program that does not
  record Covered(GcovReport gcov, CodeGraph graph, SourceCoverage counting, SourceCoverage plain) {}

  private static Covered covered(Build build) {
    return COVERED.computeIfAbsent(
        build,
        _ -> {
          try {
            Path counts = build.program(true);
            CoveredRun run = CoveredRun.of(command(build, counts));
            CoveredRun plain = CoveredRun.of(command(build, build.program(false)));
            return new Covered(
                GcovReport.of(counts), run.graph(counts), run.coverage(), plain.coverage());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static GuestCommand command(Build build, Path program) {
    return build.isStatic ? TestGuests.command(program) : TestGuests.dynamicCommand(program);
  }

  private static SourceFile file(SourceCoverage coverage, String path) {
    return coverage.files().stream()
        .filter(file -> file.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no lines of " + path));
  }

  private static Map<Integer, Long> lines(SourceFile file) {
    Map<Integer, Long> lines = new TreeMap<>();
    for (Line line : file.lines()) {
      lines.put(line.number(), line.count());
    }
    return lines;
  }

  /// Every line that both know has the same count. Of those that one knows, each is of a kind that
  /// `docs/blocks.md` names.
  private static void sameLines(GcovReport gcov, SourceCoverage coverage) throws Exception {
    int compared = 0;
    for (Map.Entry<String, GcovReport.Source> entry : gcov.files().entrySet()) {
      if (!entry.getKey().startsWith(GUESTS)) {
        continue;
      }
      List<String> text = Files.readAllLines(Path.of(entry.getKey()));
      GcovReport.Source expected = entry.getValue();
      Map<Integer, Long> found = lines(file(coverage, entry.getKey()));
      List<String> differences = new ArrayList<>();
      for (int number = 1; number <= text.size(); number++) {
        Long theirs = expected.lines().get(number);
        Long ours = found.get(number);
        String line = text.get(number - 1);
        if (theirs != null && ours != null) {
          compared++;
        }
        boolean allowed =
            Objects.equals(theirs, ours)
                || (ours != null && theirs != null && isTwice(line, ours, theirs))
                || (ours == null && (expected.heads().containsKey(number) || isLabel(line)))
                || (theirs == null && isWithoutStatement(line));
        if (!allowed) {
          differences.add(number + ": " + ours + ", not " + theirs + ": " + line);
        }
      }
      assertThat(differences).as(entry.getKey()).isEmpty();
    }
    assertThat(compared).isGreaterThan(100);
  }

  /// GCC 13 and later have a block more, without code, on a line that has a list in braces for an
  /// argument.
  private static boolean isTwice(String line, long ours, long theirs) throws Exception {
    return GcovReport.compilerVersion() >= 13 && line.contains("({") && theirs == 2 * ours;
  }

  /// A label has no code.
  private static boolean isLabel(String line) {
    return line.matches("\\s*(case .*|default|\\w+):\\s*");
  }

  /// The braces around a function, and a class of which the compiler makes members.
  private static boolean isWithoutStatement(String line) {
    return line.matches("[{}]|(class|struct) .*|.* = default;.*");
  }

  @ParameterizedTest
  @EnumSource(names = {"C", "C_DYNAMIC", "CPP"})
  void countsEachLineAsTheProgramItself(Build build) throws Exception {
    sameLines(covered(build).gcov, covered(build).counting);
  }

  @ParameterizedTest
  @EnumSource(names = {"C", "C_DYNAMIC", "CPP"})
  void countsEachLineWithoutInstrumentation(Build build) throws Exception {
    sameLines(covered(build).gcov, covered(build).plain);
  }

  /// gcov lists the two ways of a condition one behind the other, and those of a `switch`, or of
  /// what chooses between handlers, in a row.
  @ParameterizedTest
  @EnumSource(names = {"C", "C_DYNAMIC", "CPP"})
  void countsEachWayOfABranch(Build build) throws Exception {
    Covered covered = covered(build);
    int compared = 0;
    for (Map.Entry<String, GcovReport.Source> entry : covered.gcov.files().entrySet()) {
      if (!entry.getKey().startsWith(GUESTS)) {
        continue;
      }
      List<String> text = Files.readAllLines(Path.of(entry.getKey()));
      Map<Integer, List<List<Long>>> counting = decisions(file(covered.counting, entry.getKey()));
      Map<Integer, List<List<Long>>> plain = decisions(file(covered.plain, entry.getKey()));
      Map<Integer, List<List<Long>>> expected = new TreeMap<>();
      entry
          .getValue()
          .branches()
          .forEach((number, branches) -> {
            boolean several =
                branches.size() % 2 == 1 || text.get(number - 1).matches(".*\\bswitch\\b.*");
            if (several) {
              counting.remove(number);
              plain.remove(number);
              assertThat(waysOut(covered.graph, entry.getKey(), number))
                  .as(entry.getKey() + ":" + number)
                  .isEqualTo(taken(branches));
            } else {
              List<List<Long>> pairs = pairs(branches);
              if (!pairs.isEmpty()) {
                expected.put(number, pairs);
              }
            }
          });
      assertThat(counting).as(entry.getKey()).isEqualTo(expected);
      assertThat(plain).as(entry.getKey()).isEqualTo(expected);
      compared += expected.values().stream().mapToInt(List::size).sum();
    }
    assertThat(compared).isGreaterThan(15);
  }

  private static List<Long> taken(List<GcovReport.Branch> branches) {
    return branches.stream()
        .map(GcovReport.Branch::count)
        .filter(count -> count > 0)
        .sorted()
        .toList();
  }

  /// {@return the two counts of each condition; a call that may throw is none}
  private static List<List<Long>> pairs(List<GcovReport.Branch> branches) {
    List<List<Long>> pairs = new ArrayList<>();
    for (int i = 0; i < branches.size(); i += 2) {
      GcovReport.Branch first = branches.get(i);
      GcovReport.Branch second = branches.get(i + 1);
      if (!first.isThrow() && !second.isThrow()) {
        pairs.add(
            List.of(
                Math.min(first.count(), second.count()), Math.max(first.count(), second.count())));
      }
    }
    pairs.sort(Comparator.comparing(Object::toString));
    return pairs;
  }

  private static Map<Integer, List<List<Long>>> decisions(SourceFile file) {
    Map<Integer, Map<Integer, List<Long>>> byLine = new TreeMap<>();
    for (Branch branch : file.branches()) {
      byLine
          .computeIfAbsent(branch.line(), _ -> new TreeMap<>())
          .computeIfAbsent(branch.decision(), _ -> new ArrayList<>())
          .add(branch.count());
    }
    Map<Integer, List<List<Long>>> decisions = new TreeMap<>();
    byLine.forEach((line, of) -> {
      List<List<Long>> pairs = new ArrayList<>();
      of.values().forEach(ways -> pairs.add(ways.stream().sorted().toList()));
      pairs.sort(Comparator.comparing(Object::toString));
      decisions.put(line, pairs);
    });
    return decisions;
  }

  /// {@return how often control left a line's blocks for each block that is not of the line}
  private static List<Long> waysOut(CodeGraph graph, String path, int number) {
    long line = (long) graph.table.files().indexOf(path) << 32 | number;
    Map<Integer, Long> out = new TreeMap<>();
    graph.ways.forEach((way, count) -> {
      int to = way.intValue();
      if (graph.lines[(int) (way >>> 32)] == line && graph.lines[to] != line) {
        out.merge(to, count, Long::sum);
      }
    });
    return out.values().stream().sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(names = {"C", "C_DYNAMIC", "CPP"})
  void countsEachCall(Build build) {
    Covered covered = covered(build);
    int compared = 0;
    for (Map.Entry<String, GcovReport.Source> entry : covered.gcov.files().entrySet()) {
      if (!entry.getKey().startsWith(GUESTS)) {
        continue;
      }
      Map<String, Long> found = new TreeMap<>();
      for (SourceFunction function : file(covered.counting, entry.getKey()).functions()) {
        found.merge(oneName(function.name()), function.count(), Long::sum);
      }
      for (Map.Entry<String, Long> function : entry.getValue().functions().entrySet()) {
        // gcov takes the jumps to computed labels for calls of the function, but not in its lines.
        long expected = function.getKey().equals("computed") ? 1 : function.getValue();
        assertThat(found.get(oneName(function.getKey()))).as(function.getKey()).isEqualTo(expected);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(15);
  }

  /// Where they are the same, the constructors of an object and of a base have two symbols.
  private static String oneName(String symbol) {
    return symbol.replaceAll("([CD])1E", "$12E");
  }

  /// What machine code has no place for: the value of a condition of several lines is joined at
  /// once, and what is done once more at a line behind a clean-up is not code.
  @Test
  void differsWhereGccKnowsABlockThatHasNoCode() throws Exception {
    Covered covered = covered(Build.APART);
    String path = GUESTS + "/coverage-apart.cc";
    GcovReport.Source gcov = Objects.requireNonNull(covered.gcov.files().get(path));
    Map<Integer, Long> cairn = lines(file(covered.plain, path));
    assertThat(List.of(of(gcov.lines(), 8), of(cairn, 8))).isEqualTo(List.of(12L, 8L));
    long behind = GcovReport.compilerVersion() < 13 ? 2 : 1;
    assertThat(List.of(of(gcov.lines(), 15), of(cairn, 15))).isEqualTo(List.of(behind, 1L));
  }

  private static long of(Map<Integer, Long> lines, int number) {
    return Objects.requireNonNull(lines.get(number));
  }
}
