package dev.cairn.profile.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.call.strace.StraceText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The system calls of Debian's programs as they come through the stream, against what QEMU itself
/// prints of the same run with `-strace`.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class StraceWitnessTest {
  @TempDir private Path folder;

  private GuestCommand command(DebianProgram program) throws IOException {
    List<String> arguments = program.arguments(DebianProgram.input(folder, 20_000));
    return TestGuests.in(
        folder,
        TestGuests.dynamicCommand(program.path(), arguments.toArray(String[]::new)),
        Map.of("PERL_HASH_SEED", "0"));
  }

  private List<String> seen(GuestCommand command) throws Exception {
    SystemCallTable table = SystemCallTable.aarch64Linux();
    MemoryPlan plan = new MemoryPlan(table);
    StraceText text = new StraceText();
    List<String> lines = new ArrayList<>();
    SystemCallAnalysis analysis =
        new SystemCallAnalysis(
            table,
            plan,
            made -> {
              SystemCallResult result = made.result();
              lines.add(
                  text.entry(made.call())
                      + (result == null ? "" : text.result(made.call(), result)));
            });
    CaptureResult run =
        new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
            .run(
                new Observation.Streaming(
                    List.of(analysis),
                    0,
                    List.of(),
                    StreamContents.NOTHING.withSystemCalls(plan.fetches())),
                RunObserver.NONE);
    assertThat(run.end()).isEqualTo(new GuestEnd.Exited(0));
    SystemCallProfile profile = analysis.result();
    assertThat(profile.calls()).isEqualTo(lines.size());
    assertThat(profile.instructions()).isEqualTo(run.instructions());
    return lines;
  }

  /// What QEMU prints, without the process's number in front of each line.
  private List<String> told(GuestCommand command) throws Exception {
    List<String> line = new ArrayList<>(command.plainCommandLine());
    line.add(1, "-strace");
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(GuestCommand::isForTheHost);
    builder.environment().putAll(command.environment());
    builder.directory(folder.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(Path.of("/dev/null").toFile());
    Path errors = folder.resolve("errors");
    builder.redirectError(errors.toFile());
    assertThat(builder.start().waitFor()).isZero();
    return Files.readString(errors, StandardCharsets.ISO_8859_1)
        .lines()
        .map(each -> each.replaceFirst("^[0-9]+ ", ""))
        .toList();
  }

  /// The numbers of processes and threads are others in each run, and so is the time; and standard
  /// error is QEMU's to print to only in one of them.
  private static String withoutChance(String line) {
    return line.matches("(set_tid_address|gettid|getpid|getppid|times)\\(.*|lseek\\(2,.*")
        ? line.replaceFirst(" = .*$", "")
        : line.matches("(clock_gettime|gettimeofday|getrusage)\\(.*")
            ? line.replaceFirst(" \\(\\{.*", "")
            : line;
  }

  @ParameterizedTest
  @EnumSource
  void equalsWhatQemuPrintsLineForLine(DebianProgram program) throws Exception {
    GuestCommand command = command(program);
    List<String> told = told(command);
    List<String> seen = seen(command);
    assertThat(told).hasSizeGreaterThan(20);
    if (told.getLast().equals("close(2)")) { // where QEMU prints, so the rest is not told
      told = told.subList(0, told.size() - 1);
      assertThat(seen).hasSize(told.size() + 2);
      seen = seen.subList(0, told.size());
    }
    assertThat(seen.stream().map(StraceWitnessTest::withoutChance))
        .containsExactlyElementsOf(told.stream().map(StraceWitnessTest::withoutChance).toList());
  }
}
