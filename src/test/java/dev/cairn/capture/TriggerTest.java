package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.Marker;
import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Windows that instructions open and close, against the same parts of everything.
@Tag("qemu")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class TriggerTest {
  /// One instruction: how many executed before it, where it is, and its accesses.
  private record Step(long count, long pc, List<Long> accesses) {}

  /// Everything that is seen, instruction by instruction.
  private static final class Steps implements Analysis<List<Step>> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final BatchCursor cursor = new BatchCursor();
    private final List<Step> steps = new ArrayList<>();

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      cursor.wrap(batch);
      long count = batch.firstInstruction();
      while (cursor.next()) {
        BlockDefinition block = blocks.get(cursor.block());
        int access = cursor.firstAccess();
        for (int i = cursor.first(); i < cursor.end(); i++) {
          List<Long> accesses = new ArrayList<>();
          while (access < cursor.endAccess() && EventWord.instruction(cursor.word(access)) == i) {
            accesses.add(EventWord.address(cursor.word(access++)));
          }
          steps.add(new Step(count++, block.pc() + 4L * i, accesses));
        }
        assertThat(access).as("accesses of other instructions").isEqualTo(cursor.endAccess());
      }
    }

    @Override
    public List<Step> result() {
      return steps;
    }
  }

  private static final StreamContents ALL =
      StreamContents.ACCESSES.withStackPointer().withSystemCalls(List.of());

  private static List<Step> run(GuestCommand command, Window window, List<Trigger> triggers)
      throws CaptureException, IOException {
    Steps steps = new Steps();
    List<Window> windows = triggers.isEmpty() ? List.of() : List.of(window);
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(
            new Observation.Streaming(List.of(steps), 0, windows, ALL, triggers), RunObserver.NONE);
    return steps.result();
  }

  private static List<Step> everything(GuestCommand command) throws CaptureException, IOException {
    return run(command, new Window(0, 1), List.of());
  }

  private static Trigger at(Trigger.Action action, long pc, long count) {
    return new Trigger(action, Trigger.Base.ABSOLUTE, pc, "", count);
  }

  private static int index(List<Step> steps, long pc, long times) {
    long seen = 0;
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).pc() == pc && ++seen == times) {
        return i;
      }
    }
    throw new AssertionError("%x is not reached %d times".formatted(pc, times));
  }

  /// Instructions in all places of their blocks, reached a few times.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void openAndCloseAtTheInstruction(int seed) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("regions"));
    List<Step> all = everything(command);
    int from = 500 + 4211 * seed;
    int until = from + 997 * seed * seed;
    long fromPc = all.get(from).pc();
    long untilPc = all.get(until).pc();
    long fromTimes = all.stream().limit(from + 1).filter(s -> s.pc() == fromPc).count();
    long untilTimes = all.stream().limit(until + 1).filter(s -> s.pc() == untilPc).count();
    List<Step> seen =
        run(
            command,
            new Window(Window.BY_TRIGGER, Window.BY_TRIGGER),
            List.of(
                at(Trigger.Action.OPEN, fromPc, fromTimes),
                at(Trigger.Action.CLOSE, untilPc, untilTimes)));
    assertThat(seen).isEqualTo(all.subList(from, until));
  }

  @Test
  void openAtAnInstructionAndCloseAtACount() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("regions"));
    List<Step> all = everything(command);
    int from = 5000;
    long fromPc = all.get(from).pc();
    long times = all.stream().limit(from + 1).filter(s -> s.pc() == fromPc).count();
    List<Step> seen =
        run(
            command,
            new Window(Window.BY_TRIGGER, 9001),
            List.of(at(Trigger.Action.OPEN, fromPc, times)));
    assertThat(seen.subList(0, 4001)).isEqualTo(all.subList(from, 9001));
    assertThat(seen).hasSizeLessThan(4001 + 100); // the block that holds the last one is whole
  }

  @Test
  void openAtACountAndCloseAtAnInstruction() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("regions"));
    List<Step> all = everything(command);
    int until = 20_000;
    long untilPc = all.get(until).pc();
    long times = all.stream().limit(until + 1).filter(s -> s.pc() == untilPc).count();
    List<Step> seen =
        run(
            command,
            new Window(12_000, Window.BY_TRIGGER),
            List.of(at(Trigger.Action.CLOSE, untilPc, times)));
    assertThat(seen.getLast()).isEqualTo(all.get(until - 1));
    assertThat(seen.getFirst().count()).isBetween(9_000L, 12_000L);
    assertThat(seen).isEqualTo(all.subList((int) seen.getFirst().count(), until));
  }

  /// Each time that a region runs is a part of the window, whatever regions it holds.
  @ParameterizedTest
  @ValueSource(strings = {"solve", "adds", "100% é"})
  void takeEachRunOfARegion(String name) throws Exception {
    Path program = TestGuests.program("regions");
    GuestCommand command = TestGuests.command(program, "2");
    List<Marker> markers = Marker.of(ElfImage.open(program));
    List<Trigger> triggers = new ArrayList<>();
    for (Marker marker : markers) {
      Trigger.Action action =
          !marker.begins()
              ? Trigger.Action.END
              : marker.name().equals(name) ? Trigger.Action.BEGIN : Trigger.Action.INNER;
      triggers.add(at(action, marker.address(), 0));
    }
    List<Step> expected = new ArrayList<>();
    int depth = 0;
    int windowDepth = 0;
    for (Step step : everything(command)) {
      for (Marker marker : markers) {
        if (marker.address() != step.pc()) {
          continue;
        }
        if (marker.begins()) {
          depth++;
          windowDepth = windowDepth == 0 && marker.name().equals(name) ? depth : windowDepth;
        } else {
          windowDepth = windowDepth == depth ? 0 : windowDepth;
          depth--;
        }
      }
      if (windowDepth > 0) {
        expected.add(step);
      }
    }
    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(run(command, new Window(Window.BY_TRIGGER, Window.BY_TRIGGER), triggers))
        .isEqualTo(expected);
  }

  @Test
  void takeOneRunOfARegionAndEndTheGuest() throws Exception {
    Path program = TestGuests.program("regions");
    GuestCommand command = TestGuests.command(program, "50");
    List<Marker> markers = Marker.of(ElfImage.open(program));
    Marker begin =
        markers.stream().filter(marker -> marker.name().equals("solve")).findFirst().orElseThrow();
    List<Trigger> triggers = new ArrayList<>();
    for (Marker marker : markers) {
      Trigger.Action action =
          !marker.begins()
              ? Trigger.Action.END
              : marker.equals(begin) ? Trigger.Action.BEGIN : Trigger.Action.INNER;
      triggers.add(at(action, marker.address(), marker.equals(begin) ? 2 : 0));
    }
    List<Step> all = everything(TestGuests.command(program, "3"));
    List<Step> seen = run(command, new Window(Window.BY_TRIGGER, Window.BY_TRIGGER), triggers);
    int from = index(all, begin.address(), 2);
    assertThat(seen.stream().map(Step::pc))
        .containsExactlyElementsOf(
            all.subList(from, from + seen.size()).stream().map(Step::pc).toList());
    assertThat(seen.size()).isBetween(101 * 101, 101 * 101 * 20);
  }
}
