package dev.cairn.profile.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A catalogue of loops in assembly, `guest/shapes.c`, with what a reader of it counts by hand.
@Tag("qemu")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class ShapesTest {
  private static final Map<String, List<String>> FOUND = new HashMap<>();

  @BeforeAll
  static void run() throws Exception {
    Path program = TestGuests.program("shapes");
    GuestMap map =
        new GuestMap(
            GuestProgram.find(program.toString(), null, Map.of(), null, Path.of("")),
            RunObserver.NONE);
    LoopsOfRun analysis = new LoopsOfRun(new AArch64(), pc -> map.addresses().locate(pc));
    GuestEnd end =
        new Capture(TestGuests.command(program), new StandardStreams(Path.of("/dev/null"), true))
            .run(
                new Observation.Streaming(List.of(analysis), 0, List.of(), StreamContents.STACK),
                map)
            .end();
    assertThat(end).isEqualTo(new GuestEnd.Exited(0));
    LoopProfile profile = analysis.result();
    Map<Long, String> labels = new HashMap<>();
    for (String line :
        TestGuests.run(List.of("aarch64-linux-gnu-nm", program.toString())).lines().toList()) {
      String[] fields = line.split(" +", -1);
      if (fields.length == 3) {
        labels.merge(
            Long.parseLong(fields[0], 16), fields[2], (a, b) -> a.length() > b.length() ? a : b);
      }
    }
    for (Loop loop : profile.loops()) {
      assertThat(loop.unplaced()).isZero();
      String function = loop.function().name();
      FOUND
          .computeIfAbsent(function, _ -> new ArrayList<>())
          .add(text(loop, profile, labels, function));
    }
  }

  private static String text(
      Loop loop, LoopProfile profile, Map<Long, String> labels, String function) {
    String parent =
        loop.parent() < 0
            ? ""
            : " in " + name(labels, profile.loops().get(loop.parent()).head(), function);
    return name(labels, loop.head(), function)
        + parent
        + (loop.reducible() ? "" : " irreducible")
        + " "
        + loop.entries()
        + "/"
        + loop.iterations()
        + loop.histogram().stream()
            .map(range -> " " + range.from() + "x" + range.entries())
            .collect(Collectors.joining());
  }

  private static String name(Map<Long, String> labels, long address, String function) {
    String label = labels.getOrDefault(address, "0x" + Long.toHexString(address));
    return label.equals(function)
        ? "start"
        : label.startsWith(function + "_") ? label.substring(function.length() + 1) : label;
  }

  /// Entries and iterations, then how many entries (behind x) made how many iterations (before it).
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "while_loop | head 3/9 1x1 2x1 6x1",
        "do_while | head 8/51 1x1 5x4 7x1 11x1 12x1",
        "guarded | head 2/5 1x1 4x1",
        "test_below | test 2/5 1x1 4x1",
        "nested | outer 2/5 1x1 4x1; inner in outer 5/15 3x5",
        "nested_thrice | a 1/2 2x1; b in a 2/4 2x2; c in b 4/12 3x4",
        "in_a_row | first 2/7 3x1 4x1; second 2/7 3x1 4x1",
        "siblings | outer 1/3 3x1; first in outer 3/6 2x3; second in outer 3/12 4x3",
        "breaks | head 4/10 1x2 3x1 5x1",
        "continues | head 1/7 7x1",
        "shared_header | head 1/7 7x1",
        "returns_inside | head 3/11 1x1 3x1 7x1",
        "unrolled | four 3/5 1x1 2x2; rest 2/6 3x2",
        "switches | head 1/9 9x1",
        "interprets | dispatch 1/7 7x1",
        "goes_to | head 1/4 4x1",
        "two_ways_in | second irreducible 2/7 3x1 4x1",
        "irreducible_outside | first irreducible 2/6 3x2; inner in first 5/10 2x5",
        "irreducible_inside | outer 1/4 4x1; first in outer irreducible 4/6 1x2 2x2",
        "calls_inside | head 1/3 3x1",
        "recurses | head 4/12 3x4",
        "recurses_within | head 7/14 2x7",
        "tail_recurses | start 2/6 1x1 5x1",
        "begins_with_loop | start 2/7 2x1 5x1",
        "once |",
        "skipped |",
        "over_a_page | head 2/9 3x1 6x1",
        "long_body | head 1/4 4x1",
        "latches | head 1/12 12x1",
        "shared_latch | outer 1/3 3x1; inner in outer 3/6 2x3",
        "leaves_two | outer 2/5 1x1 4x1; inner in outer 5/19 1x1 3x1 5x3",
        "entered_twice | head 3/13 3x1 4x1 6x1",
        "three_ways_in | a irreducible 3/18 3x1 6x1 9x1",
        "selects | head 1/8 8x1",
        "jumps_out_and_back | head 1/6 6x1",
      })
  void isCountedAsByHand(String function, String loops) {
    String found = String.join("; ", FOUND.getOrDefault(function, List.of()));
    assertThat(found).isEqualTo(loops == null ? "" : loops);
  }
}
