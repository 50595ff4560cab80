package dev.cairn.checkpoint.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Trigger;
import dev.cairn.capture.stop.Stop;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Uncarried;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import dev.cairn.study.checkpoint.FollowedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each thing that can't be carried is refused by name, and may be left out by that name.
@Tag("qemu")
final class UncarriedTest {
  @TempDir private Path folder;
  private String processor = "neoverse-n1";

  /// Writes the executable where the program stops.
  private record Writer(ProcessFollower follower, Path elf) implements FollowedRun {
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
            (state, memory) -> SelfRestoringElf.write(elf, state, memory));
      }
    }
  }

  private void take(String what, List<Uncarried> ignored, Path elf) throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "locked");
    Path program = TestGuests.program("holds");
    GuestCommand command =
        new GuestCommand(
            TestGuests.qemu(),
            TestGuests.probe(),
            processor,
            null,
            Map.of(),
            folder,
            program.toString(),
            List.of(what, file.toString()));
    Trigger trigger = null;
    for (ElfSymbol symbol : ElfImage.open(program).readSymbols()) {
      if (symbol.name().equals("middle")) {
        trigger = new Trigger(Trigger.Action.STOP, Trigger.Base.ABSOLUTE, symbol.address(), "", 1);
      }
    }
    Writer writer =
        new Writer(
            new ProcessFollower(
                new ProcessFollower.Guest(
                    List.of(command.program()),
                    Path.of(command.program()),
                    command.cpu(),
                    null,
                    ignored),
                GuestCommand.HOST_BASE,
                GuestCommand.GUEST_BYTES),
            elf);
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(
            new Observation.Stopping(
                writer,
                List.of(0L),
                List.of(Objects.requireNonNull(trigger)),
                ProcessFollower.fetches()),
            RunObserver.NONE);
  }

  /// Nothing is written, and the line says what it is and, where there is one, the way out.
  @ParameterizedTest
  @CsvSource({
    "eventfd, 'anon_inode:[eventfd] (--ignore special-files leaves that out)'",
    "signalfd, 'anon_inode:[signalfd] (--ignore special-files leaves that out)'",
    "timerfd, 'anon_inode:[timerfd] (--ignore special-files leaves that out)'",
    "inotify, 'inotify (--ignore special-files leaves that out)'",
    "timer_create, it has called timer_create (--ignore timers leaves that out)",
    "memfd, 'it has a file that has no name: descriptor 3, /memfd:held'",
    "made-up, it has a file under /proc open that QEMU makes up for it: descriptor 3",
    "deleted, it has a file open that was deleted: descriptor 3",
    "pending-signals, a signal is pending (--ignore pending-signals leaves that out)",
    "pipe-size, 'it has called fcntl(4, F_SETPIPE_SZ, ...)'",
    "owner, 'it has called fcntl(3, F_SETOWN, ...)'",
    "system-v, it has memory of System V at 0x",
    "folder, its working directory was deleted: ",
    "membarrier, it has registered itself for barriers (membarrier)",
    "thread, it has started a thread",
    "children, it has another process as its child"
  })
  void isRefusedByName(String what, String line) {
    Path elf = folder.resolve("restored");
    assertThatThrownBy(() -> take(what, List.of(), elf))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(line);
    assertThat(elf).doesNotExist();
  }

  /// Under another QEMU a program that signs what it returns to would crash.
  @Test
  void refusesKeysThatNobodyCanRead() throws Exception {
    Path elf = folder.resolve("restored");
    processor = "max,sve=off";
    assertThatThrownBy(() -> take("nothing", List.of(), elf))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "the CPU signs addresses with keys that nobody can read; choose one that does not"
                + " (--cpu ...,pauth=off) (--ignore pac-keys leaves that out)");
    assertThat(elf).doesNotExist();
    take("nothing", List.of(Uncarried.PAC_KEYS), elf);
    assertThat(elf).exists();

    processor = "max,sve=off,pauth=off";
    take("nothing", List.of(), elf);
  }

  /// Timers that were stopped, have rung or were deleted, children that were waited for, a pipe
  /// that was closed, memory of System V that was detached; and what has no offset that could be
  /// set.
  @ParameterizedTest
  @ValueSource(strings = {"nothing", "path"})
  void isNoHindrance(String what) throws Exception {
    Path elf = folder.resolve("restored");
    take(what, List.of(), elf);
    assertThat(said(elf)).isEqualTo("done\n");
  }

  /// The program says whether it has it still: it has in a run that nothing interrupts.
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PAC_KEYS"})
  void isRefusedByNameAndLeftOutByName(Uncarried what) throws Exception {
    Path elf = folder.resolve("restored");
    assertThatThrownBy(() -> take(what.text(), List.of(), elf))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("--ignore " + what.text());
    assertThat(elf).doesNotExist();
    assertThat(said(TestGuests.program("holds"), what.text(), folder.resolve("file").toString()))
        .isEqualTo("kept\n");

    take(what.text(), List.of(what), elf);
    assertThat(said(elf)).isEqualTo("gone\n");
  }

  private static String said(Path program, String... arguments) throws Exception {
    List<String> line = new ArrayList<>();
    line.addAll(List.of(TestGuests.checkpointReader("qemu-aarch64").toString(), "-cpu"));
    line.addAll(List.of("neoverse-n1", program.toString()));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).as(said).isEqualTo(3);
    return said;
  }
}
