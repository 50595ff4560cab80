package dev.cairn.memory.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.call.SystemCallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What system calls do to the pages of a run.
final class PlacedRunTest {
  private static final long HEAP = 0x50_0000;
  private static final long MAPPED = 0x7000_0000;

  private final PhysicalMemory memory =
      new Placement(PlacementModel.FIRST_TOUCH, 0, 4096, 1 << 20).create();

  /// The frame of each access, and where pieces begin.
  private final List<Long> frames = new ArrayList<>();

  private final List<Long> begins = new ArrayList<>();

  private final Analysis<Integer> run =
      PlacedRun.of(
          memory,
          new Analysis<Integer>() {
            @Override
            public void define(BlockDefinition block) {}

            @Override
            public void accept(Batch batch) {
              begins.add(batch.firstInstruction());
              for (int i = 0; i < batch.length(); i++) {
                long word = batch.words()[i];
                if (EventWord.kind(word) == EventWord.ACCESS) {
                  frames.add(memory.physicalAddress(EventWord.address(word)) >> 12);
                }
              }
            }

            @Override
            public Integer result() {
              return frames.size();
            }
          });

  private long index;

  /// Tells of a call and its return, as a source does before the batch that holds the notes.
  ///
  /// @return the note of the return
  private long called(String name, long result, long... arguments) {
    int number = Objects.requireNonNull(SystemCallTable.aarch64Linux().call(name)).number();
    long[] eight = new long[SystemCall.ARGUMENTS];
    System.arraycopy(arguments, 0, eight, 0, arguments.length);
    run.systemCall(new SystemCall(0, index, number, eight, List.of()));
    run.systemReturn(new SystemReturn(0, index, result, List.of()));
    return EventWord.note(EventWord.NOTE_RETURN, 0, index++);
  }

  private static long access(long address) {
    return EventWord.access(address, 0, 8, false);
  }

  private static long execution() {
    return EventWord.execution(0, 0, 2);
  }

  private void accept(long... words) {
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(0, 100, words.length);
    run.accept(batch);
  }

  @Test
  void givesAPageThatIsMappedAnewAnotherFrameFromThereOn() {
    long unmapped = called("munmap", 0, MAPPED, 4096);
    long mapped = called("mmap", MAPPED, 0, 4096, 3, 0x22, -1, 0);
    accept(
        execution(),
        access(MAPPED), // 0
        access(HEAP), // 1
        unmapped,
        execution(),
        access(HEAP + 4096), // what was free last
        mapped,
        execution(),
        access(MAPPED));
    assertThat(frames).containsExactly(0L, 1L, 0L, 2L);
    assertThat(begins).containsExactly(100L, 102L, 104L);
  }

  @Test
  void keepsWhatACallDidNotUnmap() {
    long failed = called("munmap", -22, MAPPED, 4096);
    long advised = called("madvise", 0, MAPPED, 4096, 3);
    accept(execution(), access(MAPPED), failed, advised, execution(), access(MAPPED));
    assertThat(frames).containsExactly(0L, 0L);
  }

  @Test
  void takesPagesThatAreNotNeededAway() {
    long advised = called("madvise", 0, MAPPED, 8192, 4);
    accept(
        execution(), access(MAPPED), access(MAPPED + 4096), advised, execution(), access(MAPPED));
    assertThat(frames).containsExactly(0L, 1L, 1L);
  }

  @Test
  void followsTheHeapsEnd() {
    long asked = called("brk", HEAP, 0);
    long grown = called("brk", HEAP + 8192, HEAP + 8192);
    long shrunk = called("brk", HEAP + 4096, HEAP + 4096);
    accept(asked, grown, execution(), access(HEAP), access(HEAP + 4096), shrunk);
    accept(execution(), access(HEAP), access(MAPPED));
    assertThat(frames).containsExactly(0L, 1L, 0L, 1L);
  }

  @Test
  void movesAMappingWithItsFrames() {
    long moved = called("mremap", MAPPED + 0x10000, MAPPED, 8192, 4096, 1);
    accept(execution(), access(MAPPED), access(MAPPED + 4096), moved);
    accept(execution(), access(MAPPED + 0x10000), access(MAPPED)); // the cut page's frame is free
    assertThat(frames).containsExactly(0L, 1L, 0L, 1L);
  }

  @Test
  void leavesARunWithoutMemoryAsItIs() {
    assertThat(PlacedRun.of(null, run)).isSameAs(run);
  }
}
