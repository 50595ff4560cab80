package dev.cairn.profile.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Witness;
import dev.cairn.report.flow.DrcovBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class DrcovTest {
  /// QEMU's own `execlog` names each instruction.
  private static Set<Long> executed(GuestCommand command) throws Exception {
    Set<Long> executed = new TreeSet<>();
    Matcher line =
        Pattern.compile("^\\d+, 0x([0-9a-f]+), ", Pattern.MULTILINE)
            .matcher(Witness.testimony(command, null, "libexeclog.so"));
    while (line.find()) {
      executed.add(Long.parseLong(line.group(1), 16));
    }
    return executed;
  }

  @Test
  void hasWhatExecutedAndNothingElse() throws Exception {
    Path program =
        TestGuests.built("drcov", List.of("-O2", "-static", "coverage.c", "coverage2.c"));
    GuestCommand command = TestGuests.command(program);
    Set<Long> written = new TreeSet<>();
    for (DrcovFile.Piece piece : DrcovFile.read(DrcovBytes.of(CoveredRun.of(command).modules()))) {
      assertThat(piece.path()).isEqualTo(program.toString());
      for (int at = 0; at < piece.bytes(); at += 4) {
        written.add(piece.address() + at);
      }
    }
    Set<Long> executed = executed(command);
    assertThat(executed).hasSizeGreaterThan(1000);
    List<Long> differing = new ArrayList<>(executed);
    differing.removeAll(written);
    written.removeAll(executed);
    differing.addAll(written);
    assertThat(differing).isEmpty();
  }

  /// An entry has 16 bits for its length.
  @Test
  void dividesLongBlocks() {
    ModuleCoverage.Module module =
        new ModuleCoverage.Module(
            "long", 0x1000, 0x100_0000, List.of(new ModuleCoverage.Piece(0x40, 200_000)));
    long next = 0x1040;
    for (DrcovFile.Piece piece :
        DrcovFile.read(DrcovBytes.of(new ModuleCoverage(List.of(module), 0)))) {
      assertThat(piece.address()).isEqualTo(next);
      next += piece.bytes();
    }
    assertThat(next).isEqualTo(0x1040 + 200_000);
  }
}
