package dev.cairn.study.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.capture.Window;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A scope that pauses, against a list of its instructions.
final class PiecesTest {
  @TempDir Path folder;

  /// Pieces of a run, each as where it begins and ends.
  private static Pieces pieces(long[][] ranges) {
    PieceRecorder recorder = new PieceRecorder();
    for (long[] range : ranges) {
      recorder.accept(batch(range[0], (int) (range[1] - range[0])));
    }
    return Objects.requireNonNull(recorder.result().pieces());
  }

  /// A batch of blocks of one instruction, each of which makes an access that tells its position.
  private static Batch batch(long first, int instructions) {
    Batch batch = new Batch(2 * instructions + 1);
    for (int i = 0; i < instructions; i++) {
      batch.words()[2 * i] = EventWord.execution(0, 0, 1);
      batch.words()[2 * i + 1] = EventWord.access(first + i, 0, 8, false);
    }
    batch.reset(0, first, 2 * instructions);
    return batch;
  }

  private static final long[][] RANGES = {{50, 60}, {70, 75}, {75, 80}, {2_000_000, 2_000_003}};

  @Test
  void countsWithTheRunUpToTheFirstPauseAndStandsStillInEach() {
    Pieces pieces = pieces(RANGES);
    assertThat(pieces.count()).isEqualTo(3); // two have nothing between them
    assertThat(pieces.first()).isEqualTo(50);
    assertThat(pieces.clock(0)).isZero();
    assertThat(pieces.clock(59)).isEqualTo(59);
    assertThat(pieces.clock(70)).isEqualTo(60);
    assertThat(pieces.position(59)).isEqualTo(59);
    assertThat(pieces.position(60)).isEqualTo(70);
    assertThat(pieces.position(70)).isEqualTo(2_000_000);
    assertThat(pieces.endClock()).isEqualTo(73);
    assertThatThrownBy(() -> pieces.clock(65)).hasMessageContaining("pauses at instruction 65");
    assertThatThrownBy(() -> pieces.position(73)).hasMessageContaining("ends before 73");
  }

  @Test
  void isObservedWithoutItsLongPauses() {
    Pieces pieces = pieces(RANGES);
    assertThat(pieces.windows(10, 65)).containsExactly(new Window(10, 75));
    assertThat(pieces.windows(60, 70)).containsExactly(new Window(70, 80));
    assertThat(pieces.windows(60, 72))
        .containsExactly(new Window(70, 80), new Window(2_000_000, 2_000_002));
    assertThat(Pieces.WHOLE_RUN.windows(7, 1L << 40)).containsExactly(new Window(7, 1L << 40));
  }

  @Test
  void areOnlyCountedWhereThereAreTooMany() {
    PieceRecorder recorder = new PieceRecorder(2);
    recorder.accept(batch(5, 1));
    recorder.accept(batch(7, 1));
    assertThat(recorder.result().pieces()).isNotNull();
    recorder.accept(batch(9, 1));
    assertThat(recorder.result()).isEqualTo(new PieceRecorder.Recorded(3, 10, null));
  }

  /// What an analysis sees: the clock at each access, and the address; -1 for a pause.
  private static final class Seen implements Analysis<List<List<Long>>> {
    private final List<List<Long>> seen = new ArrayList<>();
    private final BatchCursor cursor = new BatchCursor();

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      long position = batch.firstInstruction();
      cursor.wrap(batch);
      while (cursor.next()) {
        for (int i = cursor.firstAccess(); i < cursor.endAccess(); i++) {
          int instruction = EventWord.instruction(cursor.word(i));
          seen.add(
              List.of(
                  position + (instruction - cursor.first()), EventWord.address(cursor.word(i))));
        }
        position += cursor.end() - cursor.first();
      }
    }

    @Override
    public void pause(int thread) {
      seen.add(List.of(-1L));
    }

    @Override
    public List<List<Long>> result() {
      return seen;
    }
  }

  /// {@return blocks of several instructions, each with an access that tells its position}
  private static Batch blocks(long first, long until, SplittableRandom random) {
    Batch batch = new Batch((int) (3 * (until - first)) + 1);
    int length = 0;
    long at = first;
    while (at < until) {
      int skipped = random.nextInt(3);
      int instructions = (int) Math.min(until - at, random.nextInt(1, 9));
      batch.words()[length++] = EventWord.execution(1, skipped, skipped + instructions);
      for (int i = 0; i < instructions; i++) {
        batch.words()[length++] = EventWord.access(at + i, skipped + i, 8, false);
      }
      at += instructions;
    }
    batch.reset(0, first, length);
    return batch;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void areCutOutOfAStreamToTheInstruction(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<long[]> ranges = new ArrayList<>();
    long end = random.nextInt(40);
    for (int i = 0; i < 30; i++) {
      long begin = end + 1 + random.nextInt(30);
      end = begin + 1 + random.nextInt(30);
      ranges.add(new long[] {begin, end});
    }
    Pieces pieces = pieces(ranges.toArray(long[][]::new));
    List<List<Long>> expected = new ArrayList<>();
    long clock = 0;
    for (int i = 0; i < ranges.size(); i++) {
      for (long at = i == 0 ? 0 : ranges.get(i)[0]; at < ranges.get(i)[1]; at++) {
        expected.add(List.of(clock++, at));
      }
      expected.add(List.of(-1L));
    }
    Seen seen = new Seen();
    PieceCut cut = new PieceCut(pieces, 0, List.of(seen));
    long at = 0;
    while (at < end + 20) {
      long until = at + 1 + random.nextInt(50);
      cut.accept(blocks(at, until, random));
      at = until;
    }
    assertThat(seen.result()).isEqualTo(expected);
    assertThat(cut.result()).isEqualTo(clock);
  }

  @Test
  void areReadAsTheyWereWritten() throws IOException {
    Path file = folder.resolve("scope.csv");
    Pieces pieces = pieces(RANGES);
    PieceFile.write(file, pieces);
    assertThat(file)
        .hasContent("piece,start_instruction,instructions\n0,50,10\n1,70,10\n2,2000000,3\n");
    Pieces read = PieceFile.read(file);
    assertThat(read.first()).isEqualTo(50);
    for (long clock = 0; clock < pieces.endClock(); clock++) {
      assertThat(read.position(clock)).isEqualTo(pieces.position(clock));
    }
    assertThat(read.endClock()).isEqualTo(73);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "piece,start\n",
        "piece,start_instruction,instructions\n",
        "piece,start_instruction,instructions\n1,50,10\n",
        "piece,start_instruction,instructions\n0,50,0\n",
        "piece,start_instruction,instructions\n0,50,10\n1,60,5\n",
        "piece,start_instruction,instructions\n0,50,10\n1,70\n",
        "piece,start_instruction,instructions\n0,9223372036854775807,10\n",
        "piece,start_instruction,instructions\n0,92233720368547758070,10\n",
      })
  void areRefusedWhereTheFileIsDamaged(String text) throws IOException {
    Path file = folder.resolve("scope.csv");
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> PieceFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("scope.csv");
  }
}
