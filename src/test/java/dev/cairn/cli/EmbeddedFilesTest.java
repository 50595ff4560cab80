package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.cli.run.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a checkpoint holds of the files that a program has open: their names and hashes, or with
/// `--embed-files` their contents. Debian's bzip2 reads one and writes another, and says whether
/// what came out is right.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class EmbeddedFilesTest {
  private static final int LINES = 20_000;

  @TempDir private Path folder;
  private Path input;
  private Path output;
  private byte[] contents;
  private byte[] compressed;

  @BeforeEach
  void compresses() throws Exception {
    folder = folder.toRealPath();
    input = folder.resolve("input");
    output = folder.resolve("input.bz2");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      text.append("line ").append(i * 7919L % 10_007).append(" of the input\n");
    }
    Files.writeString(input, text);
    contents = Files.readAllBytes(input);
    run(TestGuests.qemu(), program(), "-1", "-k", input.toString());
    compressed = Files.readAllBytes(output);
    Files.delete(output);
  }

  private static String program() {
    return TestGuests.debian("bzip2").toString();
  }

  private void run(Path qemu, String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(qemu.toString(), "-cpu", "neoverse-n1"));
    line.addAll(List.of("-L", TestGuests.sysroot().toString()));
    line.addAll(List.of(words));
    Process process = new ProcessBuilder(line).directory(folder.toFile()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
  }

  /// Takes a checkpoint where bzip2 has read most of its input and written something.
  private Path taken(String... options) throws Exception {
    String place = "120000000";
    List<String> line = new ArrayList<>(List.of("checkpoint", "--at", place));
    line.addAll(List.of(options));
    line.addAll(List.of("-o", folder.resolve("kept").toString()));
    line.addAll(List.of("--sysroot", TestGuests.sysroot().toString(), "--", program()));
    line.addAll(List.of("-1", "-k", input.toString()));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    assertThat(output).hasBinaryContent(compressed);
    return folder.resolve("kept/at-" + place);
  }

  @Test
  void areMadeAnewWhereNoneIs() throws Exception {
    Path checkpoint = taken("--embed-files");
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      assertThat(opened.process().files())
          .filteredOn(OpenFile::kept)
          .extracting(OpenFile::path)
          .containsExactly(input.toString(), output.toString());
      assertThat(opened.process().files().getLast().offset())
          .as("something was written before")
          .isPositive()
          .isLessThan(compressed.length);
    }
    Path elf = folder.resolve("restored");
    Launcher.Result exported =
        Launcher.run("checkpoint", "export", "--elf", elf.toString(), checkpoint.toString());
    assertThat(exported.exitCode()).as(exported.errorOutput()).isZero();
    Files.delete(input);
    Files.delete(output);
    run(TestGuests.checkpointReader("qemu-aarch64"), elf.toString());
    assertThat(output).hasBinaryContent(compressed);
    assertThat(input).doesNotExist();

    Files.writeString(input, "another");
    Files.writeString(output, "another, and more");
    Launcher.Result restored = Launcher.process("restore", checkpoint.toString());
    assertThat(restored.exitCode()).as(restored.errorOutput()).isZero();
    assertThat(output).hasBinaryContent(compressed);
    assertThat(input).content().as("what is only read is left alone").isEqualTo("another");
  }

  @Test
  void areNamedWhenTheyAreNotWhatTheyWere() throws Exception {
    Path checkpoint = taken();
    Files.write(input, "more".getBytes(StandardCharsets.US_ASCII));
    Launcher.Result changed = Launcher.process("restore", checkpoint.toString());
    assertThat(changed.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(changed.errorOutput())
        .isEqualTo(
            "cairn: "
                + input
                + ": was changed since the checkpoint was taken, and the process has it open; a"
                + " checkpoint that was taken with --embed-files has its contents\n");
    Files.delete(input);
    Path elf = folder.resolve("restored");
    for (String form : List.of("--elf", "--criu")) {
      Launcher.Result missing =
          Launcher.run("checkpoint", "export", form, elf.toString(), checkpoint.toString());
      assertThat(missing.exitCode()).as(form).isEqualTo(ExitStatus.FAILED);
      assertThat(missing.errorOutput())
          .startsWith("cairn: " + input + ": is missing, and ")
          .contains("--embed-files")
          .hasLineCount(1);
      assertThat(elf).as(form).doesNotExist();
    }
    assertThat(Launcher.run("checkpoint", "info", checkpoint.toString()).output())
        .contains("descriptor 3: " + input + " at ")
        .contains("(is missing)");
    Path core = folder.resolve("core");
    assertThat(
            Launcher.run("checkpoint", "export", "--core", core.toString(), checkpoint.toString())
                .exitCode())
        .as("a core file needs none")
        .isZero();
    Files.write(input, contents);
    Launcher.Result restored = Launcher.process("restore", checkpoint.toString());
    assertThat(restored.exitCode()).as(restored.errorOutput()).isZero();
    assertThat(output).hasBinaryContent(compressed);
  }

  @Test
  void areEmbeddedLaterIfTheyAreOnlyRead() throws Exception {
    Path checkpoint = taken();
    Path elf = folder.resolve("restored");
    Launcher.Result written =
        Launcher.run(
            "checkpoint",
            "export",
            "--embed-files",
            "--elf",
            elf.toString(),
            checkpoint.toString());
    assertThat(written.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(written.errorOutput())
        .startsWith("cairn: " + output + ": the process writes it")
        .contains("take the checkpoint with --embed-files");
    assertThat(elf).doesNotExist();

    Path reads = takenWhileItOnlyReads();
    Launcher.Result exported =
        Launcher.run(
            "checkpoint", "export", "--embed-files", "--elf", elf.toString(), reads.toString());
    assertThat(exported.exitCode()).as(exported.errorOutput()).isZero();
    requireTheRest(elf);
  }

  /// Takes a checkpoint where bzip2 writes to its standard output.
  private Path takenWhileItOnlyReads(String... options) throws Exception {
    List<String> line = new ArrayList<>(List.of("checkpoint", "--at", "30000000"));
    line.addAll(List.of(options));
    line.addAll(List.of("-o", folder.resolve("kept").toString()));
    line.addAll(List.of("--sysroot", TestGuests.sysroot().toString(), "--", program()));
    line.addAll(List.of("-1", "-c", input.toString()));
    Launcher.Result taken = Launcher.process(line.toArray(String[]::new));
    assertThat(taken.exitCode()).as(taken.errorOutput()).isZero();
    return folder.resolve("kept/at-30000000");
  }

  /// Requires that an executable needs no input to write the rest.
  private void requireTheRest(Path elf) throws Exception {
    Files.delete(input);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(
                TestGuests.checkpointReader("qemu-aarch64").toString(),
                "-cpu",
                "neoverse-n1",
                elf.toString())
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    byte[] rest = Files.readAllBytes(out);
    assertThat(rest).isNotEmpty();
    assertThat(compressed).endsWith(rest);
  }

  /// In images of CRIU they are files without a name.
  @Test
  void goRoundByImagesOfCriu() throws Exception {
    String checkpoint = takenWhileItOnlyReads("--embed-files").toString();
    String images = folder.resolve("images").toString();
    String store = folder.resolve("imported").toString();
    Path elf = folder.resolve("restored");
    Files.move(input, folder.resolve("away"));
    for (List<String> line :
        List.of(
            List.of("export", "--criu", images, checkpoint),
            List.of("import", "--criu", images, "-o", store, "--name", "one"),
            List.of("export", "--elf", elf.toString(), store + "/one"))) {
      List<String> all = new ArrayList<>(List.of("checkpoint"));
      all.addAll(line);
      Launcher.Result result = Launcher.run(all.toArray(String[]::new));
      assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    }
    CriuRoundTripTest.readByCrit(Path.of(images));
    Files.move(folder.resolve("away"), input);
    requireTheRest(elf);
  }
}
