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
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "doctor");
    builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
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
    Path built = TestGuests.witnesses().resolve("..").toRealPath();
    Files.createSymbolicLink(
        Files.createDirectories(cache.resolve("cairn")).resolve("qemu-10.0"), built);
    Path launcher = freshClone();
    List<Path> before = files(folder);
    String text = doctor(launcher, cache);
    assertThat(text)
        .containsPattern("(?m)^ok +QEMU +.*plugin API \\d+\\)$")
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
}
