package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compiles the probe as set-up does, against the header of the QEMU under test.
@Tag("qemu")
final class ProbeWarningsTest {
  private static final String COMPILE =
      """
      set -euo pipefail
      export CAIRN_HOME=$PWD
      for part in cache apt tools qemu probe; do . "scripts/$part.sh"; done
      need_probe_tools
      find_plugin_header "$CAIRN_QEMU_RESOLVED"
      compile_probe "$PLUGIN_HEADER" "$1" "$2" -Wall -Wextra -Werror || { cat "$1"; exit 1; }
      """;

  @TempDir private Path folder;

  @Test
  void compilesWithoutAWarning() throws Exception {
    Path log = Files.createFile(folder.resolve("log"));
    Path probe = folder.resolve("cairn.so");
    TestGuests.run(List.of("bash", "-c", COMPILE, "bash", log.toString(), probe.toString()));
    assertThat(probe).isNotEmptyFile();
  }
}
