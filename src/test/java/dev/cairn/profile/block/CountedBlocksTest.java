package dev.cairn.profile.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.program.isa.AArch64;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Blocks found from counts against those found by following each execution.
@Tag("qemu")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class CountedBlocksTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "circles",
        "mix",
        "unloads",
        "rewrites",
        "faults",
        "halfway",
        "together",
        "forks",
        "dies",
        "calls",
        "stacks",
        "vfork",
        "clone",
        "exec-fails",
        "closes-all",
        "stores-into-itself",
        "loops-late",
        "long-blocks"
      })
  void areThoseOfEachExecution(String guest) throws Exception {
    GuestCommand command = TestGuests.named(guest);
    StandardStreams streams = new StandardStreams(Path.of("/dev/null"), true);
    BlockAnalysis followed = new BlockAnalysis(new AArch64(), pc -> null);
    new Capture(command, streams)
        .run(
            new Observation.Streaming(List.of(followed), 0, List.of(), StreamContents.NOTHING),
            RunObserver.NONE);
    CountedBlockAnalysis counted = new CountedBlockAnalysis(new AArch64(), pc -> null);
    new Capture(command, streams)
        .run(
            new Observation.Counting(
                counted,
                Observation.Counting.LONGEST_INTERVAL,
                Observation.Counting.Besides.CIRCLES),
            RunObserver.NONE);
    BlockFlow expected = followed.result();
    BlockFlow found = counted.result();
    List<String> different = new ArrayList<>();
    for (int i = 0; i < Math.min(found.blocks().size(), expected.blocks().size()); i++) {
      if (!found.blocks().get(i).equals(expected.blocks().get(i))) {
        different.add(found.blocks().get(i) + " instead of " + expected.blocks().get(i));
      }
    }
    assertThat(different).isEmpty();
    assertThat(found.blocks()).hasSameSizeAs(expected.blocks());
    assertThat(found.instructions()).isEqualTo(expected.instructions());
  }
}
