package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.store.CheckpointStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An executable that restores a checkpoint looks at the machine first, and does nothing on one
/// that is not what the program takes it for.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class OtherMachineTest {
  private static final int NOT_RESTORED = 125;
  private static final int LARGE_PAGE = 1 << 16;

  @TempDir private Path folder;

  private record Ended(int status, String output, String errors) {}

  private Ended run(Path qemu, String cpu, Path elf) throws Exception {
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(qemu.toString(), "-cpu", cpu, elf.toString())
            .redirectError(errors.toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    return new Ended(process.waitFor(), output, Files.readString(errors));
  }

  private Path taken(String cpu, Path program, String argument) throws Exception {
    Path store = folder.resolve("store");
    Launcher.Result taken =
        Launcher.process(
            "checkpoint",
            "--cpu",
            cpu,
            "--at",
            "middle",
            "-o",
            store.toString(),
            "--",
            program.toString(),
            argument);
    assertThat(taken.exitCode()).as(taken.errorOutput()).isEqualTo(3);
    Path elf = folder.resolve("restored");
    Launcher.Result exported =
        Launcher.run(
            "checkpoint",
            "export",
            "--elf",
            elf.toString(),
            store.resolve(CheckpointStore.names(store).getFirst()).toString());
    assertThat(exported.exitCode()).as(exported.errorOutput()).isZero();
    return elf;
  }

  private static void requireRefused(Ended ended, String what) {
    assertThat(ended)
        .isEqualTo(new Ended(NOT_RESTORED, "", "cairn: cannot restore: " + what + "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "neoverse-n1; cortex-a53; HWCAP_ATOMICS; neoverse-v1,pauth=off",
        "max,sve=off,pauth=off; neoverse-n1; HWCAP_JSCVT; max,pauth=off"
      })
  void isRefusedWithoutAFeature(String cpu, String other, String feature, String more)
      throws Exception {
    Path elf = taken(cpu, TestGuests.program("holds"), "nothing");
    requireRefused(
        run(TestGuests.checkpointReader("qemu-aarch64"), other, elf),
        "this CPU has no %s, which the program's (%s) had".formatted(feature, cpu));
    assertThat(run(TestGuests.qemu(), cpu, elf)).isEqualTo(new Ended(3, "done\n", ""));
    assertThat(run(TestGuests.qemu(), more, elf))
        .as("more features do no harm")
        .isEqualTo(new Ended(3, "done\n", ""));
  }

  /// What the code takes for granted no flag tells, and without a look the program would crash or
  /// say something else.
  @Test
  void isRefusedWhereItsCodeWouldDoSomethingElse() throws Exception {
    Path program =
        TestGuests.built(
            "assumes",
            List.of("-O2", "-static", "-nostdlib", "-mbranch-protection=pac-ret", "assumes.c"));
    Path elf = taken("neoverse-n1", program, "");
    Path qemu = TestGuests.checkpointReader("qemu-aarch64");
    requireRefused(
        run(qemu, "max", elf),
        "this CPU authenticates addresses, which the program's (neoverse-n1) has not signed");
    requireRefused(
        run(qemu, "max,pauth=off", elf),
        "DC ZVA does not set 64 bytes to zero on this CPU, as on the program's (neoverse-n1)");
    assertThat(run(qemu, "cortex-a76", elf)).isEqualTo(new Ended(3, "0064\n", ""));
  }

  /// The C library's `memset` of the CPU that the program began on does not ask what `DC ZVA` sets
  /// to zero, though other code of the same file does: on a CPU that sets more, memory behind would
  /// be lost.
  @Test
  void isRefusedWhereTheCLibraryWasChosenForAnother() throws Exception {
    Path elf = taken("neoverse-n1", TestGuests.program("holds"), "nothing");
    requireRefused(
        run(TestGuests.qemu(), "max,pauth=off", elf),
        "DC ZVA does not set 64 bytes to zero on this CPU, as on the program's (neoverse-n1)");
  }

  /// Segments lie as they must where pages have 64 KB, and the code says what is wrong: no such
  /// kernel is here, so the executable is told that it wants one.
  @Test
  void isRefusedWherePagesHaveAnotherSize() throws Exception {
    Path elf = taken("neoverse-n1", TestGuests.program("holds"), "nothing");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(elf)).order(ByteOrder.LITTLE_ENDIAN);
    TreeSet<Long> pages = new TreeSet<>();
    int segments = 3;
    for (int i = 0; i < segments; i++) {
      int at = 64 + 56 * i;
      long address = bytes.getLong(at + 16);
      assertThat(bytes.getLong(at + 8) % LARGE_PAGE).isEqualTo(address % LARGE_PAGE);
      pages.add(address / LARGE_PAGE);
      pages.add((address + bytes.getLong(at + 40) - 1) / LARGE_PAGE);
    }
    assertThat(pages).as("none is on a page with another").hasSizeGreaterThanOrEqualTo(segments);
    ByteBuffer need = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    need.putLong(1L << 62).putLong(6).putLong(-1).putLong(4096);
    int at = 0;
    while (!bytes.slice(at, need.capacity()).equals(need.rewind())) {
      at += 8;
    }
    Files.write(elf, bytes.putLong(at + 24, 16384).array());
    requireRefused(run(TestGuests.qemu(), "neoverse-n1", elf), "pages do not have 4096 bytes here");
  }
}
