package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The stack pointer as the stream and the code tell it, beside what QEMU's `execlog` says of the
/// register.
@Tag("qemu")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class StackPointerTest {
  private static final Pattern LINE =
      Pattern.compile("^0, (0x[0-9a-f]+),.*?(?:sp -> (0x[0-9a-f]+))?$");

  /// One instruction and the stack pointer that it found.
  ///
  /// @param entry whether a block was entered with it
  private record Step(long pc, long stackPointer, boolean entry) {}

  /// Follows the stack pointer from instruction to instruction.
  private static final class Steps implements Analysis<List<Step>> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final BatchCursor cursor = new BatchCursor();
    private final AArch64 isa = new AArch64();
    private final List<Step> steps = new ArrayList<>();
    private long stackPointer;

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      cursor.wrap(batch);
      while (cursor.next()) {
        for (int i = cursor.firstNote(); i < cursor.endNote(); i++) {
          if (EventWord.note(cursor.word(i)) == EventWord.NOTE_STACK) {
            stackPointer = EventWord.address(cursor.word(i));
          }
        }
        BlockDefinition block = blocks.get(cursor.block());
        for (int i = cursor.first(); i < cursor.end(); i++) {
          steps.add(new Step(block.pc() + 4L * i, stackPointer, i == cursor.first()));
          stackPointer += isa.stackEffect(block.code(), 4 * i);
        }
      }
    }

    @Override
    public List<Step> result() {
      return steps;
    }
  }

  /// Each line tells what its instruction, or a signal behind it, did to the register.
  ///
  /// @param stackPointer that the first instruction finds
  private static List<Step> testimony(GuestCommand command, long stackPointer)
      throws IOException, InterruptedException {
    List<Step> steps = new ArrayList<>();
    long found = stackPointer;
    for (String line : Witness.run(command, null, "libexeclog.so,reg=sp").split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        steps.add(new Step(Long.decode(matcher.group(1)), found, false));
        String value = matcher.group(2);
        found = value == null ? found : Long.decode(value);
      }
    }
    return steps;
  }

  @Test
  void isTheRegistersAtTheEntryOfEachBlock() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("stacks"));
    Steps analysis = new Steps();
    CaptureResult result =
        new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
            .run(
                new Observation.Streaming(List.of(analysis), 0, List.of(), StreamContents.STACK),
                RunObserver.NONE);
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
    List<Step> seen = analysis.result();
    List<Step> told = testimony(command, seen.getFirst().stackPointer());
    assertThat(seen).hasSizeGreaterThan(10_000);
    long faults = 0;
    for (int i = 0; i + 1 < seen.size(); i++) {
      Step step = seen.get(i);
      if (told.get((int) (i + faults)).pc() != step.pc()) {
        faults++; // the witness tells of an instruction that did not complete
      }
      Step witness = told.get((int) (i + faults));
      assertThat(witness.pc()).as("instruction " + i).isEqualTo(step.pc());
      if (step.entry()) {
        assertThat(step.stackPointer())
            .as("instruction %d at %x", i, step.pc())
            .isEqualTo(witness.stackPointer());
      }
    }
    assertThat(faults).isEqualTo(result.threads().getFirst().faults()).isEqualTo(5);
  }
}
