package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.run.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A study that is measured from checkpoints has the result of one that runs to its regions, byte
/// for byte, wherever it is measured and without the program.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class StudyCheckpointsTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

  @TempDir private Path folder;

  private static Launcher.Result run(List<String> line) throws Exception {
    return Launcher.process(null, ENVIRONMENT, line.toArray(String[]::new));
  }

  private static Path study(Path place, List<String> options, List<String> program)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("study", "-o", place.toString()));
    line.addAll(List.of("--interval", "10k", "--warmup", "5k", "--max-regions", "20"));
    line.addAll(options);
    line.addAll(program);
    Launcher.Result result = run(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return place.resolve("result.json");
  }

  /// A copy of a program, which is removed before the checkpoints are used.
  private List<String> program() throws IOException {
    Path input = Files.writeString(folder.resolve("input"), "some text\n".repeat(20_000));
    Path copy =
        Files.copy(
            TestGuests.debian("gzip"),
            folder.resolve("a-program"),
            StandardCopyOption.COPY_ATTRIBUTES);
    return List.of(
        "--sysroot",
        TestGuests.sysroot().toString(),
        "--",
        copy.toString(),
        "-9",
        "-c",
        input.toString());
  }

  private static void move(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  private Path otherCore() throws IOException {
    String core =
        Files.readString(Path.of("src/main/resources/dev/cairn/timing/cortex-a55.yaml"))
            .replaceFirst("missCycles: *[0-9]+", "missCycles: 13");
    return Files.writeString(folder.resolve("other.yaml"), core);
  }

  @Test
  void hasTheSameResultWhereverItIsMeasured() throws Exception {
    List<String> program = program();
    Path core = otherCore();
    Path plain = study(folder.resolve("plain"), List.of(), program);
    Path other = study(folder.resolve("other"), List.of("--core", core.toString()), program);
    Path kept = folder.resolve("kept");
    assertThat(study(kept, List.of("--checkpoints", "--jobs", "2"), program))
        .hasSameBinaryContentAs(plain);
    assertThat(CheckpointStore.names(kept.resolve("checkpoints"))).hasSizeGreaterThan(3);
    Path elsewhere = folder.resolve("elsewhere");
    move(kept, elsewhere);
    Files.delete(folder.resolve("a-program"));
    Path again = folder.resolve("again");
    for (int i = 0; i < 2; i++) { // the second time all is there
      List<String> line = new ArrayList<>(List.of("study", "--reuse", elsewhere.toString()));
      line.addAll(List.of("-o", again.toString(), "--core", core.toString()));
      Launcher.Result result = run(line);
      assertThat(result.exitCode()).as(result.errorOutput()).isZero();
      assertThat(again.resolve("result.json")).hasSameBinaryContentAs(other);
    }
  }

  /// The clock of such a study leaves out what lies between the regions.
  @Test
  void measuresAPartOfARun() throws Exception {
    List<String> program = List.of("--", TestGuests.program("mix").toString(), "1");
    List<String> part = List.of("--from", "300k", "--until", "9M");
    Path plain = study(folder.resolve("plain"), part, program);
    List<String> options = new ArrayList<>(part);
    options.add("--checkpoints");
    Path kept = folder.resolve("kept");
    assertThat(study(kept, options, program)).hasSameBinaryContentAs(plain);
    Path again = folder.resolve("again");
    Launcher.Result result =
        run(List.of("study", "--reuse", kept.toString(), "-o", again.toString()));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(again.resolve("result.json")).hasSameBinaryContentAs(plain);
  }

  @Test
  void runsToRegionsThatCannotBeKept() throws Exception {
    List<String> program = List.of("--", TestGuests.program("connects").toString());
    List<String> part = List.of("--from", "100k"); // behind where it asks for its own path
    Path plain = study(folder.resolve("plain"), part, program);
    Path kept = folder.resolve("kept");
    List<String> line = new ArrayList<>(List.of("study", "--checkpoints", "-o", kept.toString()));
    line.addAll(List.of("--interval", "10k", "--warmup", "5k", "--max-regions", "20"));
    line.addAll(List.of("--jobs", "2"));
    line.addAll(part);
    line.addAll(program);
    Launcher.Result result = run(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(kept.resolve("result.json")).hasSameBinaryContentAs(plain);
    assertThat(result.errorOutput())
        .containsPattern(
            "(?m)^cairn: no checkpoint can be taken after [0-9,]+ instructions and [0-9]+ other"
                + " places?: it has a socket: descriptor 3, .*; the regions there are measured by"
                + " running to them$");
    assertThat(CheckpointStore.names(kept.resolve("checkpoints")))
        .as("those before and behind the socket")
        .hasSizeGreaterThan(2);
    Launcher.Result again =
        run(List.of("study", "--reuse", kept.toString(), "-o", folder.resolve("again").toString()));
    assertThat(again.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(again.errorOutput())
        .startsWith("cairn: " + kept.resolve("checkpoints") + ": has no checkpoint behind ")
        .contains("as there it has a socket")
        .hasLineCount(1);
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path plain = folder.resolve("plain");
    study(plain, List.of(), program());
    assertThat(run(List.of("study", "--reuse", plain.toString(), "-o", plain + "2")).errorOutput())
        .startsWith("cairn: " + plain.resolve("checkpoints") + ": has no checkpoint behind ");
    for (List<String> wrong :
        List.of(
            List.of("--reuse", plain.toString(), "--seed", "3"),
            List.of("--reuse", plain.toString(), "--full"),
            List.of("--reuse", plain.toString(), "-o", plain.toString()),
            List.of("--reuse", plain.toString(), "--", "gzip"))) {
      List<String> line = new ArrayList<>(List.of("study"));
      line.addAll(wrong);
      Launcher.Result result = run(line);
      assertThat(result.exitCode()).as(result.errorOutput()).isEqualTo(ExitStatus.USAGE);
      assertThat(result.errorOutput()).startsWith("cairn: ");
    }
    assertThat(run(List.of("study", "--reuse", folder.resolve("none").toString())).errorOutput())
        .contains("no study");
  }
}
