package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.cli.run.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An executable that exits at the n-th time that an instruction is reached, under a QEMU that
/// knows no plugin: with as many times as the program reaches it, it exits there; with one more it
/// passes all of them, and its output and status are the program's, so each kind of instruction was
/// done in the `BRK`'s place as it should.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class ExitAfterTest {
  private static final Pattern LINE =
      Pattern.compile("^0 +[0-9]+ +0x([0-9a-f]+) +[0-9a-f]+ +([a-z0-9.]+)", Pattern.MULTILINE);

  private static final Set<String> KINDS =
      Set.of(
          "b", "bl", "b.eq", "b.ne", "cbz", "cbnz", "tbz", "tbnz", "adrp", "ldr", "blr", "br",
          "ret", "svc", "stp", "mrs");

  @TempDir private static Path folder;
  private static String checkpoint = "";

  /// What is executed behind the checkpoint.
  private static String dump = "";

  @BeforeAll
  static void takeACheckpoint() throws Exception {
    Path input = Files.writeString(folder.resolve("input"), "a line\n".repeat(100));
    String store = folder.resolve("store").toString();
    Launcher.process(
        "checkpoint",
        "--at",
        "20k",
        "-o",
        store,
        "--",
        TestGuests.program("resumes").toString(),
        input.toString());
    checkpoint = store + "/at-20000";
    Path trace = folder.resolve("trace");
    Launcher.process("trace", "--restore", checkpoint, "-o", trace.toString());
    dump = Launcher.run("trace", "dump", trace.toString()).output();
  }

  private record Ended(int status, String output) {}

  private Ended run(Path elf) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(TestGuests.qemu().toString(), "-cpu", "neoverse-n1", elf.toString())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Ended(process.waitFor(), Files.readString(output, StandardCharsets.ISO_8859_1));
  }

  private Path export(String checkpoint, String... options) throws Exception {
    Path elf = folder.resolve("exported");
    List<String> line = new ArrayList<>(List.of("checkpoint", "export", "--elf", elf.toString()));
    line.addAll(List.of(options));
    line.add(checkpoint);
    Launcher.Result result = Launcher.run(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return elf;
  }

  /// Where the whole run stands after so many instructions, and how often it came there since.
  @Test
  void findsThePlaceOfACount() throws Exception {
    List<String> pcs = new ArrayList<>();
    Matcher lines = LINE.matcher(dump);
    while (lines.find()) {
      pcs.add(lines.group(1));
    }
    for (int behind : new int[] {1, 5_003, 30_011}) {
      String pc = pcs.get(behind);
      long times = pcs.subList(0, behind + 1).stream().filter(pc::equals).count();
      byte[] named =
          Files.readAllBytes(export(checkpoint, "--exit-after", "0x" + pc + ":" + times));
      Path elf = folder.resolve("counted");
      Launcher.Result counted =
          Launcher.process(
              "checkpoint",
              "export",
              "--exit-after",
              Integer.toString(20_000 + behind),
              "--elf",
              elf.toString(),
              checkpoint);
      assertThat(counted.exitCode()).as(counted.errorOutput()).isZero();
      assertThat(elf).as(pc).hasBinaryContent(named);
    }
    Launcher.Result past =
        Launcher.process(
            "checkpoint", "export", "--exit-after", "1G", "--elf", folder + "/past", checkpoint);
    assertThat(past.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(past.errorOutput())
        .startsWith("cairn: there are no 1,000,000,000 instructions to exit after: ")
        .contains("resumes exited with status 7 after");
    assertThat(folder.resolve("past")).doesNotExist();
    Launcher.Result before =
        Launcher.run(
            "checkpoint", "export", "--exit-after", "20k", "--elf", folder + "/past", checkpoint);
    assertThat(before.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(before.errorOutput()).contains("must lie behind the checkpoint at 20,000");
  }

  @Test
  void countsAndPassesEveryKindOfInstruction() throws Exception {
    Map<String, Long> times = new TreeMap<>();
    Map<String, String> kinds = new TreeMap<>();
    Matcher lines = LINE.matcher(dump);
    while (lines.find()) {
      times.merge(lines.group(1), 1L, Long::sum);
      kinds.put(lines.group(2), lines.group(1));
    }
    assertThat(kinds.keySet()).containsAll(KINDS);
    Ended whole = run(export(checkpoint));
    assertThat(whole.status()).isEqualTo(7);
    for (String kind : KINDS) {
      String pc = kinds.getOrDefault(kind, "");
      long count = times.getOrDefault(pc, 0L);
      String place = "0x" + pc + ":";
      Ended there = run(export(checkpoint, "--exit-after", place + count));
      assertThat(there.status()).as("%s at %s", kind, pc).isZero();
      assertThat(whole.output()).startsWith(there.output());
      assertThat(run(export(checkpoint, "--exit-after", place + (count + 1))))
          .as("%s at %s", kind, pc)
          .isEqualTo(whole);
    }
    for (String wrong : List.of("20000", "main:2", "0x400002:1")) {
      Launcher.Result refused =
          Launcher.run("checkpoint", "export", "--elf", "x", "--exit-after", wrong, checkpoint);
      assertThat(refused.exitCode()).as(wrong).isEqualTo(ExitStatus.USAGE);
    }
    Launcher.Result nowhere =
        Launcher.run("checkpoint", "export", "--elf", "x", "--exit-after", "0x10000:1", checkpoint);
    assertThat(nowhere.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(nowhere.errorOutput()).contains("no code lies at 0x10000");
    assertThat(Path.of("x")).doesNotExist();
  }
}
