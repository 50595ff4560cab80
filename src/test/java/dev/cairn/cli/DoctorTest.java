package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The launcher's `doctor` and what it hands to programs, by a copy of it that nobody has started.
@Tag("qemu")
@Timeout(60)
final class DoctorTest {
  @TempDir Path folder;

  /// {@return a launcher as a fresh clone has it}
  private Path freshClone() throws IOException {
    Path clone = Files.createDirectory(folder.resolve("clone"));
    for (String part : List.of("cairn", "scripts", "probe", "pom.xml")) {
      TestGuests.run(List.of("cp", "-r", part, clone.toString()));
    }
    return clone.resolve("cairn");
  }

  private String doctor(Path launcher, Path cache) throws Exception {
    return doctor(launcher, cache, Map.of());
  }

  private String doctor(Path launcher, Path cache, Map<String, String> settings) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "doctor");
    builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
    builder.environment().putAll(settings);
    builder
        .environment()
        .putAll(Map.of("XDG_CACHE_HOME", cache.toString(), "PATH", "/usr/bin:/bin"));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void knowsAQemuThatIsBuiltBeforeAnythingWasRun() throws Exception {
    Path cache = folder.resolve("cache");
    Path built = Files.createDirectories(cache.resolve("cairn/qemu-10.0/bin"));
    Files.createSymbolicLink(built.resolve("qemu-aarch64"), TestGuests.qemu());
    Path launcher = freshClone();
    List<Path> before = files(folder);
    String text = doctor(launcher, cache);
    assertThat(text)
        .containsPattern("(?m)^ok +QEMU +.*plugin API (\\d+|not known.*)\\)$")
        .containsPattern("(?m)^- +probe +not built for this QEMU yet; any run builds it");
    assertThat(files(folder)).isEqualTo(before);
  }

  @Test
  void saysHowToGetAQemu() throws Exception {
    Path cache = Files.createDirectories(folder.resolve("cache"));
    Path launcher = freshClone();
    assertThat(doctor(launcher, cache))
        .containsPattern("(?m)^MISSING +QEMU +none .*mend it with: .*scripts/setup qemu$");
    assertThat(files(cache)).containsExactly(cache);
  }

  /// A program that says of itself what a QEMU with plugins does.
  private Path qemu(String place) throws IOException {
    Path program = folder.resolve(place);
    Files.createDirectories(program.getParent());
    Files.writeString(
        program,
        """
        #!/bin/sh
        case $1 in
          -h) echo "-plugin       QEMU_PLUGIN       [file=]<file>[,<argname>=<argvalue>]" ;;
          --version) echo "qemu-aarch64 version 98.7.6" ;;
        esac
        """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return program;
  }

  private Path header(String place, int version) throws IOException {
    Path header = folder.resolve(place);
    Files.createDirectories(header.getParent());
    return Files.writeString(header, "#define QEMU_PLUGIN_VERSION " + version + "\n");
  }

  /// As installed, as built within the source tree, before QEMU 11.0 and from then on.
  @ParameterizedTest
  @CsvSource({
    "bin, include/qemu-plugin.h",
    "build, include/qemu/qemu-plugin.h",
    "build, include/plugins/qemu-plugin.h"
  })
  void findsTheHeaderThatBelongsToAQemu(String programs, String header) throws Exception {
    Path program = qemu("tree/" + programs + "/qemu-aarch64");
    header("tree/" + header, 99);
    assertThat(
            doctor(freshClone(), folder.resolve("cache"), Map.of("CAIRN_QEMU", program.toString())))
        .contains(program + " (98.7.6, plugin API 99)");
  }

  @Test
  void findsTheHeaderOfABuildOutsideItsTree() throws Exception {
    Path program = qemu("build/qemu-aarch64");
    Files.writeString(
        program.resolveSibling("config-host.mak"), "all:\nSRC_PATH=" + folder + "/source\n");
    header("source/include/plugins/qemu-plugin.h", 99);
    assertThat(
            doctor(freshClone(), folder.resolve("cache"), Map.of("CAIRN_QEMU", program.toString())))
        .contains(program + " (98.7.6, plugin API 99)");
  }

  @Test
  void takesTheHeaderThatIsNamed() throws Exception {
    Path program = qemu("tree/bin/qemu-aarch64");
    header("tree/include/qemu-plugin.h", 98);
    Path named = header("elsewhere/qemu-plugin.h", 99);
    Path launcher = freshClone();
    Path cache = folder.resolve("cache");
    assertThat(
            doctor(
                launcher,
                cache,
                Map.of("CAIRN_QEMU", program.toString(), "CAIRN_QEMU_HEADER", named.toString())))
        .contains(program + " (98.7.6, plugin API 99)");
    assertThat(
            doctor(
                launcher,
                cache,
                Map.of("CAIRN_QEMU", program.toString(), "CAIRN_QEMU_HEADER", folder + "/none.h")))
        .contains("CAIRN_QEMU_HEADER=" + folder + "/none.h cannot be read");
  }

  @Test
  void saysThatAQemuHasNoHeader() throws Exception {
    Path program = qemu("bin/qemu-aarch64");
    assertThat(
            doctor(freshClone(), folder.resolve("cache"), Map.of("CAIRN_QEMU", program.toString())))
        .contains(program + " (98.7.6, plugin API not known, as no qemu-plugin.h is beside it)");
  }
}
