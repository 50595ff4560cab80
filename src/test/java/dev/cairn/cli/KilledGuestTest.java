package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A guest that a signal kills, under each command that runs one.
@Tag("qemu")
final class KilledGuestTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"stat", "profile -o", "time", "study -o"})
  void isReportedWithFunctionAndInstructionCount(String command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command.split(" ", -1)));
    if (line.size() > 1) {
      line.add(folder.resolve("out").toString());
    }
    line.addAll(List.of("--", TestGuests.program("dies").toString()));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(128 + 11);
    boolean counts = command.startsWith("profile") || command.startsWith("study");
    boolean exact = !counts || TestGuests.showsRegistersAtTheEnd();
    assertThat(result.errorOutput())
        .doesNotContain("cairn: ")
        .containsPattern(
            " killed by signal 11 \\(SEGV\\) "
                + (exact ? "at" : "in or behind the block at")
                + " pc 0x[0-9a-f]+, crash_here\\S* \\(/.*/dies\\), after "
                + (exact ? "" : "at most ")
                + "[0-9,]+ instructions of thread 0");
  }
}
