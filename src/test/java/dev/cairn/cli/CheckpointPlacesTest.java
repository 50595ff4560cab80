package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints at the places that a program or a study names.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class CheckpointPlacesTest {
  @TempDir private Path folder;

  private static Launcher.Result run(String... line) throws Exception {
    return Launcher.process(line);
  }

  private static SortedSet<Long> counts(Path store) throws Exception {
    TreeSet<Long> counts = new TreeSet<>();
    for (String name : CheckpointStore.names(store)) {
      counts.add(Long.parseLong(name.substring("at-".length())));
    }
    return counts;
  }

  @Test
  void areWhereRegionsBegin() throws Exception {
    String program = TestGuests.program("regions").toString();
    List<Long> begins = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      Path trace = folder.resolve(i + ".trace");
      run("trace", "--between", "solve:" + i, "-o", trace.toString(), "--", program);
      String first = Launcher.run("trace", "dump", trace.toString()).output();
      Matcher line = Pattern.compile("^0 +([0-9]+) ", Pattern.MULTILINE).matcher(first);
      assertThat(line.find()).isTrue();
      begins.add(Long.parseLong(line.group(1)));
    }
    Path all = folder.resolve("all");
    Launcher.Result result =
        run("checkpoint", "--between", "solve", "-o", all.toString(), "--", program);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(counts(all)).containsAll(begins);
    Path second = folder.resolve("second");
    assertThat(
            run("checkpoint", "--between", "solve:2", "-o", second.toString(), "--", program)
                .exitCode())
        .isZero();
    assertThat(counts(second)).containsExactly(begins.get(1));
    Launcher.Result missed =
        run("checkpoint", "--between", "solve:99", "-o", second.toString(), "--", program);
    assertThat(missed.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(missed.errorOutput()).contains("--between solve:99 was not reached: ");
  }

  @Test
  void areBeforeTheRegionsOfAStudy() throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "some text\n".repeat(20_000));
    String program = TestGuests.debian("gzip").toString();
    String[] rest = {
      "--sysroot", TestGuests.sysroot().toString(), "--", program, "-9", "-c", input.toString()
    };
    Path study = folder.resolve("study");
    List<String> line = new ArrayList<>(List.of("study", "-o", study.toString()));
    line.addAll(List.of("--interval", "10k", "--warmup", "5k", "--max-regions", "20"));
    line.addAll(List.of(rest));
    Launcher.Result studied = run(line.toArray(String[]::new));
    assertThat(studied.exitCode()).as(studied.errorOutput()).isZero();
    Path store = folder.resolve("store");
    line = new ArrayList<>(List.of("checkpoint", "--at-regions", study.toString()));
    line.addAll(List.of("-o", store.toString()));
    line.addAll(List.of(rest));
    Launcher.Result taken = run(line.toArray(String[]::new));
    assertThat(taken.exitCode()).as(taken.errorOutput()).isZero();
    String chosen = Files.readString(study.resolve("regions/regions.json"));
    Matcher regions =
        Pattern.compile("\"startInstruction\" *: *([0-9]+)")
            .matcher(chosen.substring(chosen.indexOf("\"measured\"")));
    TreeSet<Long> starts = new TreeSet<>();
    while (regions.find()) {
      starts.add(Long.parseLong(regions.group(1)));
    }
    SortedSet<Long> counts = counts(store);
    assertThat(counts).isNotEmpty();
    assertThat(counts.first()).isLessThanOrEqualTo(Math.max(0, starts.first() - 5000));
    for (long count : counts) {
      assertThat(starts).anyMatch(start -> count == Math.max(0, start - 5000));
    }
    Launcher.Result other =
        run(
            "checkpoint",
            "--at-regions",
            study.toString(),
            "-o",
            folder.resolve("x").toString(),
            "--",
            TestGuests.program("mix").toString());
    assertThat(other.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(other.errorOutput()).contains("is of another program");
  }
}
