package dev.cairn.checkpoint.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Trigger;
import dev.cairn.capture.stop.Stop;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import dev.cairn.study.checkpoint.FollowedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What others make of a core file: the debugger of Debian, and binutils.
@Tag("qemu")
final class CoreFileTest {
  @TempDir private Path folder;

  /// Writes a core file where the program comes to a place.
  private static final class Writer implements FollowedRun {
    private final ProcessFollower follower;
    private final Path core;
    private final List<ProcessState> taken = new ArrayList<>();

    Writer(GuestCommand command, Path core) {
      follower =
          new ProcessFollower(
              new ProcessFollower.Guest(
                  List.of(command.program()), Path.of(command.program()), command.cpu(), null),
              GuestCommand.HOST_BASE,
              GuestCommand.GUEST_BYTES);
      this.core = core;
    }

    @Override
    public ProcessFollower follower() {
      return follower;
    }

    @Override
    public void stopped(Stop stop, int process) throws IOException {
      A64Registers registers = A64Registers.of(stop.pc(), stop.registers());
      if (stop.instructions() == 0) {
        follower.begin(process, registers);
      } else {
        follower.take(
            stop.instructions(),
            registers,
            process,
            (state, memory) -> {
              CoreFile.write(core, state, memory);
              taken.add(state);
            });
      }
    }
  }

  private ProcessState written(Path core, GuestCommand command) throws Exception {
    Trigger trigger = null;
    for (ElfSymbol symbol : ElfImage.open(Path.of(command.program())).readSymbols()) {
      if (symbol.name().equals("handler")) {
        trigger = new Trigger(Trigger.Action.STOP, Trigger.Base.ABSOLUTE, symbol.address(), "", 2);
      }
    }
    Writer writer = new Writer(command, core);
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(
            new Observation.Stopping(
                writer,
                List.of(0L),
                List.of(Objects.requireNonNull(trigger)),
                ProcessFollower.fetches()),
            RunObserver.NONE);
    assertThat(writer.taken).hasSize(1);
    return writer.taken.getFirst();
  }

  @Test
  void isOpenedByADebugger() throws Exception {
    Path input =
        Files.writeString(folder.resolve("input"), "something to be read, again and again");
    GuestCommand command =
        TestGuests.in(
            folder, TestGuests.command(TestGuests.program("resumes"), input.toString()), Map.of());
    Path core = folder.resolve("core");
    ProcessState process = written(core, command);

    String said =
        TestGuests.run(
            List.of(
                TestGuests.checkpointReader("gdb-multiarch").toString(),
                "--batch",
                command.program(),
                core.toString(),
                "-ex",
                "backtrace",
                "-ex",
                "info all-registers",
                "-ex",
                "info proc mappings",
                "-ex",
                "info auxv",
                "-ex",
                "x/s *(char**)0x%x".formatted(process.start().stackPointer() + 16)));
    assertThat(said).doesNotContainIgnoringCase("warning").doesNotContain("Cannot access");
    assertThat(said).containsPattern("#0 +.*handler");
    assertThat(said).contains("<signal handler called>").containsPattern("#[0-9]+ .* main \\(");
    A64Registers registers = process.registers();
    assertThat(said).containsPattern("pc +0x%x ".formatted(registers.pc()));
    assertThat(said).containsPattern("sp +0x%x ".formatted(registers.sp()));
    for (int i = 0; i < registers.x().length; i++) {
      assertThat(said).containsPattern("x%d +0x%x ".formatted(i, registers.x()[i]));
    }
    assertThat(said).containsPattern("(?m)^v0 .*u = .0x%x".formatted(registers.v()[0]));
    assertThat(said).containsPattern("tpidr +0x%x ".formatted(registers.tpidr()));
    for (Mapping each : process.mappings()) {
      String file = each.file();
      if (file != null) {
        assertThat(said)
            .containsPattern(
                String.format(Locale.ROOT, "0x%x +0x%x .*%s", each.start(), each.end(), file));
      }
    }
    assertThat(said).contains(input.toString());
  }

  @Test
  void isReadByBinutilsWithoutComplaint() throws Exception {
    Path input =
        Files.writeString(folder.resolve("input"), "something to be read, again and again");
    GuestCommand command =
        TestGuests.in(
            folder, TestGuests.command(TestGuests.program("resumes"), input.toString()), Map.of());
    Path core = folder.resolve("core");
    ProcessState process = written(core, command);
    String readelf = TestGuests.crossCompiler().replaceAll("gcc$", "readelf");
    String said = TestGuests.run(List.of(readelf, "-a", core.toString()));
    assertThat(said)
        .doesNotContainIgnoringCase("warning")
        .doesNotContainIgnoringCase("error")
        .contains("CORE (Core file)", "AArch64", "NT_PRSTATUS", "NT_PRPSINFO", "NT_SIGINFO")
        .contains("NT_AUXV", "NT_FILE", "NT_FPREGSET", "NT_ARM_TLS");
    assertThat(said.lines().filter(line -> line.contains(" LOAD ")))
        .hasSize(process.mappings().size());
  }
}
