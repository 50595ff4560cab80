package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parts of a run, and some of its accesses.
final class ChosenAccessesTest {
  @TempDir private Path folder;

  @ParameterizedTest(name = "seed {0}, {2} of every {1}")
  @CsvSource({"1,700,100", "2,1000,999", "3,50,1", "4,100000,2000"})
  void showsTheBeginningOfEachPeriodToTheInstruction(long seed, long every, long length)
      throws IOException {
    Path path = folder.resolve("a.trace");
    TraceRoundTripTest.write(path, new RandomRun(seed, 1, false, true), 20, 3000);
    List<String> wanted = new ArrayList<>();
    Transcript parts = new Transcript(_ -> null, false);
    try (TraceReader reader = TraceReader.open(path)) {
      long until = reader.extents().getFirst().until();
      for (long from = 0; from < until; from += every) {
        Transcript part = new Transcript(_ -> null, false);
        reader.replay(from, from + length, 0, List.of(part));
        wanted.addAll(part.words.getOrDefault(0, List.of()));
      }
      reader.replay(List.of(new PeriodicParts<>(every, length, parts)));
    }
    assertThat(parts.words.get(0)).isEqualTo(wanted).isNotEmpty();
  }

  @ParameterizedTest(name = "seed {0}, {1} threads, {3} of every {2}")
  @CsvSource({"1,1,700,100", "2,3,1000,999", "3,2,50,1", "4,3,300,20", "5,1,3000,1000"})
  void keepsWhatIsToldOfSystemCallsWithTheirNotes(long seed, int threads, long every, long length)
      throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = new Transcript(RandomRun::locate, true);
    try (TraceFile file = TraceFile.create(path, TraceRoundTripTest.manifest(1000))) {
      TraceWriter writer = new TraceWriter(file, 1000, RandomRun::locate, null);
      new RandomRun(seed, threads, false)
          .run(
              60,
              new TraceRoundTripTest.Both(
                  List.of(
                      new PeriodicParts<>(every, length, told),
                      new PeriodicParts<>(every, length, writer))));
      writer.result();
      file.complete(TraceRoundTripTest.END);
    }
    try (TraceReader reader = TraceReader.open(path)) {
      TraceRoundTripTest.assertAlike(
          TraceRoundTripTest.read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS), told);
    }
    assertThat(told.calls()).isNotEmpty();
    assertThat(told.words.toString()).contains(" call ", " return ");
  }

  @Test
  void showsOnlyTheAccessesThatAreWanted() {
    long load = EventWord.access(0x0ffc, 0, 8, false);
    long store = EventWord.access(0x1000, 1, 4, true);
    long beyond = EventWord.access(0x2000, 1, 4, false);
    assertThat(filtered(AccessFilter.Choice.ALL, 0, load, store, beyond))
        .containsExactly(load, store, beyond);
    assertThat(filtered(new AccessFilter.Choice(true, false, 0, -1), 0, load, store, beyond))
        .containsExactly(load, beyond);
    assertThat(filtered(new AccessFilter.Choice(false, true, 0, -1), 0, load, store, beyond))
        .containsExactly(store);
    assertThat(
            filtered(new AccessFilter.Choice(true, true, 0x1003, 0x1fff), 0, load, store, beyond))
        .containsExactly(load, store);
    assertThat(
            filtered(new AccessFilter.Choice(true, true, 0x1004, 0x1fff), 0, load, store, beyond))
        .isEmpty();
    assertThat(filtered(AccessFilter.Choice.ALL, 0x404, load, store, beyond))
        .containsExactly(store, beyond);
  }

  /// {@return accesses of a block at 0x400 that are shown}
  ///
  /// @param only the address of the only instruction whose accesses are wanted; 0 for all
  private static List<Long> filtered(AccessFilter.Choice choice, long only, long... accesses) {
    Transcript seen = new Transcript(_ -> null, false);
    AccessFilter<Transcript> filter =
        new AccessFilter<>(choice, pc -> only == 0 || pc == only, seen);
    filter.define(new BlockDefinition(0, 0x400, new byte[8], new byte[] {4, 4}));
    Batch batch = new Batch(accesses.length + 1);
    batch.words()[0] = EventWord.execution(0, 0, 2);
    System.arraycopy(accesses, 0, batch.words(), 1, accesses.length);
    batch.reset(0, 0, accesses.length + 1);
    filter.accept(batch);
    List<Long> left = new ArrayList<>();
    String line = String.valueOf(filter.result().words.get(0)).replace("]", "");
    String told = line.substring(line.indexOf(" from ") + " from 0".length());
    for (String word : told.trim().split(" ", -1)) {
      if (!word.isEmpty()) {
        left.add(Long.parseUnsignedLong(word, 16));
      }
    }
    return left;
  }
}
