package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.Forwarding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Physical addresses in a trace are those that the recording had, from wherever it is read.
final class PhysicalTraceTest {
  @TempDir private Path folder;

  /// Pages that change places now and then, each page when it likes.
  private static final class MovingPages implements AddressTranslation {
    private final SplittableRandom random;
    private final Map<Long, Long> frames = new HashMap<>();
    private long changes;

    MovingPages(long seed) {
      random = new SplittableRandom(seed);
    }

    void change() {
      changes++;
      frames.keySet().removeIf(_ -> random.nextInt(3) == 0);
    }

    @Override
    public long physicalAddress(long virtualAddress) {
      long page = (virtualAddress & (1L << EventWord.ADDRESS_BITS) - 1) >>> 12;
      return frames.computeIfAbsent(page, _ -> random.nextLong(1L << 28)) << 12
          | (virtualAddress & 0xfff);
    }

    @Override
    public int pageShift() {
      return 12;
    }

    @Override
    public long changes() {
      return changes;
    }
  }

  /// Changes pages between batches.
  private static final class Shifting extends Forwarding<TraceSummary> {
    private final MovingPages pages;
    private final Addresses told;

    Shifting(MovingPages pages, Addresses told, Analysis<TraceSummary> next) {
      super(next);
      this.pages = pages;
      this.told = told;
    }

    @Override
    public void define(BlockDefinition block) {
      told.define(block);
      super.define(block);
    }

    @Override
    public void accept(Batch batch) {
      if (pages.random.nextInt(3) == 0) {
        pages.change();
      }
      super.accept(batch);
      told.accept(batch);
    }
  }

  /// Writes down where each access goes, and the block of its instruction.
  private record Addresses(
      AddressTranslation translation, List<Long> pcs, Map<Integer, List<String>> threads)
      implements Analysis<Integer> {
    Addresses(AddressTranslation translation) {
      this(translation, new ArrayList<>(), new TreeMap<>());
    }

    @Override
    public void define(BlockDefinition block) {
      pcs.add(block.pc());
    }

    @Override
    public void accept(Batch batch) {
      List<String> lines = threads.computeIfAbsent(batch.thread(), _ -> new ArrayList<>());
      long position = batch.firstInstruction();
      long next = position;
      int first = 0;
      for (int i = 0; i < batch.length(); i++) {
        long word = batch.words()[i];
        if (EventWord.kind(word) == EventWord.EXECUTION) {
          position = next;
          first = EventWord.first(word);
          next += EventWord.end(word) - first;
          long pc = translation.physicalAddress(pcs.get(EventWord.block(word)));
          for (long at = position; at < next; at++) {
            lines.add(at + " " + pc);
          }
        } else if (EventWord.kind(word) == EventWord.ACCESS) {
          long at = position + EventWord.instruction(word) - first;
          lines.add(at + " " + translation.physicalAddress(EventWord.address(word)));
        }
      }
    }

    Map<Integer, List<String>> between(long from, long until) {
      Map<Integer, List<String>> part = new TreeMap<>();
      threads.forEach((thread, lines) -> {
        List<String> kept =
            lines.stream()
                .filter(line -> {
                  long at = Long.parseLong(line.substring(0, line.indexOf(' ')));
                  return at >= from && at < until;
                })
                .sorted() // a part may begin or end within a block
                .toList();
        if (!kept.isEmpty()) {
          part.put(thread, kept);
        }
      });
      return part;
    }

    @Override
    public Integer result() {
      return threads.size();
    }
  }

  private static Addresses write(Path path, long seed, int threads, int batches, long chunk)
      throws IOException {
    MovingPages pages = new MovingPages(seed);
    Addresses told = new Addresses(pages);
    TraceManifest plain = TraceRoundTripTest.manifest(chunk);
    TraceManifest manifest =
        new TraceManifest(
            plain.version(),
            plain.program(),
            plain.isa(),
            plain.cpu(),
            plain.contents().placed("moving", 4096),
            chunk,
            0,
            Long.MAX_VALUE,
            TraceManifest.ALL_THREADS);
    try (TraceFile file = TraceFile.create(path, manifest)) {
      TraceWriter writer =
          new TraceWriter(
              file,
              chunk,
              TraceRoundTripTest.ADDRESSES,
              pages,
              RandomRun::locate,
              null,
              _ -> List.of());
      new RandomRun(seed, threads, false, true).run(batches, new Shifting(pages, told, writer));
      assertThat(writer.result().blocks()).isPositive();
      file.complete(new TraceEnd("exited", 0, true, List.of(), List.of()));
    }
    return told;
  }

  private static Map<Integer, List<String>> read(Path path, long from, long until)
      throws IOException {
    try (TraceReader reader = TraceReader.open(path)) {
      Addresses read = new Addresses(Objects.requireNonNull(reader.translation()));
      reader.replay(from, until, TraceManifest.ALL_THREADS, List.of(read));
      return read.between(0, Long.MAX_VALUE);
    }
  }

  @ParameterizedTest(name = "seed {0}, {1} threads, {2} batches, chunks of {3}")
  @CsvSource({"1,1,200,1000000", "2,1,60,500", "3,3,100,2000", "4,40,200,300", "5,1,20,7"})
  void areThoseOfTheRun(long seed, int threads, int batches, long chunk) throws IOException {
    Path path = folder.resolve("a.trace");
    Addresses told = write(path, seed, threads, batches, chunk);
    assertThat(read(path, 0, Long.MAX_VALUE)).isEqualTo(told.between(0, Long.MAX_VALUE));
    for (long from = 0; from < 3000; from += 777) {
      assertThat(read(path, from, from + 555)).isEqualTo(told.between(from, from + 555));
    }
    Path part = folder.resolve("b.trace");
    try (TraceReader reader = TraceReader.open(path)) {
      TraceCut.write(reader, "1", 333, 2222, TraceManifest.ALL_THREADS, part);
      assertThat(reader.columns().get(ColumnKind.PHYSICAL)).isPositive();
    }
    assertThat(read(part, 0, Long.MAX_VALUE)).isEqualTo(told.between(333, 2222));
  }

  @Test
  void areMissedWhereATraceHasNone() throws IOException {
    Path path = folder.resolve("a.trace");
    TraceRoundTripTest.write(path, new RandomRun(1, 1, false, true), 3, 1000);
    try (TraceReader reader = TraceReader.open(path)) {
      assertThat(reader.translation()).isNull();
      assertThatThrownBy(reader::needPhysical)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("has no physical addresses; 'cairn trace --addresses --physical");
    }
  }
}
