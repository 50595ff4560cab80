package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.GuestCommand;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.criu.CriuExport;
import dev.cairn.checkpoint.criu.CriuImport;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A program that has one of each thing that a checkpoint holds says the same of all of them behind
/// a restore as in a run that nothing interrupts.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class CarriedStateTest {
  private static final int STATUS = 9;

  @TempDir private Path folder;

  private GuestCommand carries(boolean isDynamic, String... more) throws IOException {
    Files.createDirectories(folder.resolve("inner"));
    String input = DebianProgram.input(folder, 10).toString();
    String[] arguments = {folder.resolve("inner").toString(), input};
    String[] all = more.length == 0 ? arguments : new String[] {arguments[0], input, more[0]};
    GuestCommand command =
        isDynamic
            ? TestGuests.dynamicCommand(
                TestGuests.built("carries-dynamic", List.of("-O2", "-no-pie", "carries.c")), all)
            : TestGuests.command(TestGuests.program("carries"), all);
    return TestGuests.in(folder, command, Map.of()).inheriting(Map.of("SOME", "thing"));
  }

  /// {@return the position where each register has a known value}
  private static int place(GuestCommand command, WholeRun whole) throws IOException {
    for (ElfSymbol symbol : ElfImage.open(Path.of(command.program())).readSymbols()) {
      if (symbol.name().equals("place")) {
        return whole.positionsIn(symbol.address(), symbol.address() + 4).getFirst();
      }
    }
    throw new IllegalStateException("no place in " + command.program());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void saysTheSameOfAll(boolean isDynamic) throws Exception {
    CheckpointTrial trial = new CheckpointTrial(folder, carries(isDynamic));
    WholeRun whole = trial.whole();
    assertThat(whole.status()).isEqualTo(STATUS);
    int place = place(trial.command(), whole);
    TreeSet<Integer> places = new TreeSet<>(List.of(place, whole.instructions() - 1));
    for (int i = 1; i < 6; i++) {
      places.add(place + i * (whole.instructions() - place) / 6);
    }
    places.add(whole.behindCalls("prctl").getFirst()); // the last thing before it says all
    Path kept = trial.take("store", places);
    try (Checkpoint opened = Checkpoint.open(kept.resolve("at-" + place))) {
      requireTheRegisters(opened.process(), whole);
    }
    trial.requireTheSame(whole, kept);
  }

  /// As `nohup` has it, which the program itself says nothing of.
  @Test
  void ignoresWhatWasIgnoredWhenItBegan() throws Exception {
    Path qemu = folder.resolve("qemu");
    Files.writeString(
        qemu,
        "#!/bin/sh\nexec env --ignore-signal=USR1 '%s' \"$@\"\n".formatted(TestGuests.qemu()));
    assertThat(qemu.toFile().setExecutable(true)).isTrue();
    String program = TestGuests.program("raises").toString();
    String store = folder.resolve("store").toString();
    Launcher.Result taken =
        Launcher.process(
            null,
            Map.of("CAIRN_QEMU_RESOLVED", qemu.toString()),
            "checkpoint",
            "--at",
            "1000",
            "-o",
            store,
            "--",
            program);
    assertThat(taken.output()).isEqualTo("begun\nstill here\n");
    Launcher.Result restored = Launcher.process("restore", store + "/at-1000");
    assertThat(restored.exitCode()).isZero();
    assertThat(restored.output()).isEqualTo("begun\nstill here\n");
  }

  /// The program says what its registers held, which the checkpoint must hold.
  private static void requireTheRegisters(ProcessState process, WholeRun whole) {
    A64Registers registers = process.registers();
    String said = new String(whole.output(), StandardCharsets.US_ASCII);
    for (int i = 0; i < registers.x().length; i++) {
      assertThat(said).contains("\nx%d %x\n".formatted(i, registers.x()[i]));
    }
    assertThat(said)
        .contains(
            "\nsp %x nzcv %x fpcr %x fpsr %x tpidr %x\n"
                .formatted(
                    registers.sp(),
                    registers.pstate() & 0xf0000000L,
                    registers.fpcr(),
                    registers.fpsr(),
                    registers.tpidr()));
    for (int i = 0; i < registers.v().length / 2; i++) {
      assertThat(said)
          .contains("\nv%d %x %x\n".formatted(i, registers.v()[2 * i], registers.v()[2 * i + 1]));
    }
  }

  /// The lists that the kernel gives of a process have other lines after a restore, but what they
  /// say of each address is the same.
  @Test
  void hasTheSameProtectionsAndSharesTheSame() throws Exception {
    CheckpointTrial trial = new CheckpointTrial(folder, carries(false, "maps"));
    WholeRun whole = trial.whole();
    int place = place(trial.command(), whole);
    Path kept = trial.take("store", Set.of(place));
    Path elf = trial.executable(kept.resolve("at-" + place));
    assertThat(new String(whole.output(), StandardCharsets.US_ASCII))
        .contains("rw-s", "rwxp", "---p", "r--p");
    assertThat(trial.underDebiansQemu(elf)).isEqualTo(STATUS);
    assertThat(folder.resolve("plain")).hasBinaryContent(whole.outputFrom(place));
  }

  /// From QEMU to images of CRIU, which its own tool reads, to Cairn, to an executable.
  @Test
  void goesRoundByImagesOfCriu() throws Exception {
    CheckpointTrial trial = new CheckpointTrial(folder, carries(false));
    WholeRun whole = trial.whole();
    int place = place(trial.command(), whole);
    Path kept = trial.take("store", Set.of(place));
    Path images = folder.resolve("images");
    Path elf = folder.resolve("restored");
    try (Checkpoint opened = Checkpoint.open(kept.resolve("at-" + place))) {
      ProcessState process = opened.process();
      putSharedFilesBack(process, opened);
      CriuExport.write(images, process, opened);
      CriuRoundTripTest.readByCrit(images);
      CriuImport.Options options = new CriuImport.Options(null, trial.command().cpu(), Set.of());
      try (CriuImport imported = CriuImport.open(images, options)) {
        assertThat(imported.process().registers()).isEqualTo(process.registers());
        assertThat(imported.process().signals().mask()).isEqualTo(process.signals().mask());
        assertThat(imported.process().files()).hasSameSizeAs(process.files());
        SelfRestoringElf.write(elf, imported.process(), imported.memory());
      }
    }
    assertThat(trial.underDebiansQemu(elf)).isEqualTo(STATUS);
    assertThat(folder.resolve("plain")).hasBinaryContent(whole.outputFrom(place));
  }

  /// The run that went on has changed what CRIU keeps no contents of.
  private static void putSharedFilesBack(ProcessState process, Checkpoint opened)
      throws IOException {
    for (Mapping mapping : process.mappings()) {
      String path = mapping.shared() ? mapping.file() : null;
      if (path != null) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(mapping.bytes()));
        opened.forEachPage(
            mapping, (address, page) -> bytes.put((int) (address - mapping.start()), page));
        Files.write(Path.of(path), bytes.array());
      }
    }
  }

  @Test
  void isReadByOthersWithoutComplaint() throws Exception {
    CheckpointTrial trial = new CheckpointTrial(folder, carries(false));
    WholeRun whole = trial.whole();
    int place = place(trial.command(), whole);
    Path kept = trial.take("store", Set.of(place));
    Path elf = trial.executable(kept.resolve("at-" + place));
    Path core = trial.core(kept.resolve("at-" + place));
    ProcessState process;
    try (Checkpoint opened = Checkpoint.open(kept.resolve("at-" + place))) {
      process = opened.process();
    }
    String readelf = TestGuests.crossCompiler().replaceAll("gcc$", "readelf");
    for (Path file : List.of(elf, core)) {
      assertThat(TestGuests.run(List.of(readelf, "-a", file.toString())))
          .doesNotContainIgnoringCase("warning")
          .doesNotContainIgnoringCase("error");
    }
    String gdb = TestGuests.checkpointReader("gdb-multiarch").toString();
    String program = trial.command().program();
    String said =
        TestGuests.run(
            List.of(
                gdb,
                "--batch",
                program,
                core.toString(),
                "-ex",
                "info registers",
                "-ex",
                "info proc mappings",
                "-ex",
                "x/s *(char**)&sharedFile + 4096",
                "-ex",
                "x/s *(char**)&shared + 100"));
    assertThat(said)
        .doesNotContainIgnoringCase("warning")
        .doesNotContain("Cannot access")
        .contains("<keep+", "through memory", "'s' <repeats");
    for (int i = 0; i < process.registers().x().length; i++) {
      assertThat(said).containsPattern("x%d +0x%x ".formatted(i, process.registers().x()[i]));
    }
  }

  /// Its libraries and each file that is mapped, by their names in the sysroot.
  @ParameterizedTest
  @EnumSource(names = {"XZ", "PERL", "GAWK"})
  void isFoundInTheSysrootByADebugger(DebianProgram program) throws Exception {
    GuestCommand command =
        program.alikeEachTime(folder).withExactly(List.of("PATH=/bin", "PERL_HASH_SEED=0"));
    CheckpointTrial trial = new CheckpointTrial(folder, command);
    int last = trial.whole().instructions() - 1; // all that the linker needed is gone
    Path core = trial.core(trial.take("store", Set.of(last)).resolve("at-" + last));
    String said =
        TestGuests.run(
            List.of(
                TestGuests.checkpointReader("gdb-multiarch").toString(),
                "--batch",
                "-iex",
                "set sysroot " + command.sysroot(),
                command.program(),
                core.toString(),
                "-ex",
                "backtrace",
                "-ex",
                "info proc mappings",
                "-ex",
                "info sharedlibrary"));
    assertThat(said)
        .doesNotContainIgnoringCase("warning")
        .doesNotContain("Cannot access")
        .containsPattern("0x[0-9a-f]+ .* /usr/lib/aarch64-linux-gnu/libc.so.6")
        .contains(command.sysroot() + "/lib/aarch64-linux-gnu/libc.so.6");
  }
}
