package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// QEMU to images of CRIU to Cairn to an executable is the same as QEMU to an executable.
@Tag("qemu")
final class CriuRoundTripTest {
  @TempDir private Path folder;

  /// Runs a command that starts no guest.
  private static void cairn(String... line) {
    Launcher.Result result = Launcher.run(line);
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
  }

  private static String plain(Path executable) throws Exception {
    Process process =
        new ProcessBuilder(
                TestGuests.qemu().toString(),
                "-cpu",
                "neoverse-n1",
                "-L",
                TestGuests.sysroot().toString(),
                executable.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).isZero();
    return output;
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameExecutable(DebianProgram program) throws Exception {
    String sysroot = TestGuests.sysroot().toString();
    Path store = folder.resolve("store");
    List<String> taken =
        new ArrayList<>(
            List.of("checkpoint", "--at", "200k", "--at", "600k", "--sysroot", sysroot, "-o"));
    taken.addAll(List.of(store.toString(), "--"));
    taken.add(program.path().toString());
    taken.addAll(program.arguments(DebianProgram.input(folder, 1500)));
    Launcher.Result run = Launcher.process(null, program.variables(), taken.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.errorOutput()).isZero();
    for (String each : CheckpointStore.names(store)) {
      Path checkpoint = store.resolve(each);
      Path images = folder.resolve(each + "-images");
      Path direct = folder.resolve(each + "-direct");
      Path around = folder.resolve(each + "-around");
      Path other = folder.resolve("other");
      cairn(
          "checkpoint",
          "export",
          "--elf",
          direct.toString(),
          "--criu",
          images.toString(),
          checkpoint.toString());
      cairn(
          "checkpoint",
          "import",
          "--criu",
          images.toString(),
          "--sysroot",
          sysroot,
          "--name",
          each,
          "-o",
          other.toString());
      cairn("checkpoint", "export", "--elf", around.toString(), other.resolve(each).toString());
      assertThat(around).hasSameBinaryContentAs(direct);
      assertThat(plain(around)).isEqualTo(plain(direct)).isNotEmpty();
    }
    readByCrit(folder.resolve("at-600000-images"));
  }

  /// Requires that CRIU's own tool reads each image but that of pages, which has no form.
  static void readByCrit(Path images) throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.filter(each -> !each.toString().contains("pages-")).toList()) {
        assertThat(
                TestGuests.run(
                    List.of(TestGuests.reader("crit").toString(), "show", file.toString())))
            .contains("\"magic\"", "\"entries\"");
      }
    }
  }

  /// CRIU replaces the functions of the kernel's code in a process by those of the kernel that it
  /// restores under: it must find that code, by the rules of its own reader of ELF files.
  @Test
  void hasTheKernelsCodeAsCriuWantsIt() throws Exception {
    Path store = folder.resolve("store");
    assertThat(
            Launcher.process(
                    "checkpoint",
                    "--at",
                    "1000",
                    "-o",
                    store.toString(),
                    "--",
                    TestGuests.program("mix").toString())
                .exitCode())
        .isZero();
    try (Checkpoint checkpoint = Checkpoint.open(store.resolve("at-1000"))) {
      Path code = folder.resolve("vdso");
      for (Mapping each : checkpoint.process().mappings()) {
        if (each.kind() == Mapping.Kind.VDSO) {
          checkpoint.forEachPage(each, (_, page) -> Files.write(code, page));
        }
      }
      String text =
          TestGuests.run(
              List.of(
                  TestGuests.crossCompiler().replaceAll("gcc$", "readelf"),
                  "-Wld",
                  "--dyn-syms",
                  code.toString()));
      assertThat(text).containsOnlyOnce("  LOAD ").containsOnlyOnce("  DYNAMIC ");
      assertThat(text)
          .contains("(HASH)", "(STRTAB)", "(SYMTAB)", "(STRSZ)", "(SYMENT)")
          .contains("__kernel_clock_getres", "__kernel_clock_gettime")
          .contains("__kernel_gettimeofday", "__kernel_rt_sigreturn");
    }
  }
}
