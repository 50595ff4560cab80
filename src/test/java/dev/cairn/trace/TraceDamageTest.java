package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.program.isa.AArch64;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ChunkEncoder;
import dev.cairn.trace.format.DefinitionEncoder;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import dev.cairn.trace.value.ValueEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trace files that are not what they should be.
final class TraceDamageTest {
  private static final int BATCHES = 3;
  private static final long CHUNK = 400;

  @TempDir private Path folder;
  private Path whole = Path.of("");
  private Path damaged = Path.of("");
  private Transcript told = new Transcript(_ -> null, true);
  private byte[] bytes = new byte[0];

  @BeforeEach
  void write() throws IOException {
    whole = folder.resolve("whole.trace");
    damaged = folder.resolve("damaged.trace");
    told = TraceRoundTripTest.write(whole, new RandomRun(14, 2, false, true), BATCHES, CHUNK);
    bytes = Files.readAllBytes(whole);
  }

  /// Reads a file as far as that goes.
  ///
  /// @return the complaint; null if all was right
  private String read(Transcript into) throws IOException {
    try (TraceReader reader = TraceReader.open(damaged)) {
      try {
        reader.replay(List.of(into));
        return "";
      } catch (FormatException e) {
        assertThat(TraceCheck.of(reader, null).isSound()).isFalse();
        return String.valueOf(e.getMessage());
      }
    } catch (FormatException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// What was read is what was written, up to some place in each thread.
  private void assertBeginning(Transcript read) {
    assertThat(told.blocks.subList(0, read.blocks.size())).isEqualTo(read.blocks);
    for (Map.Entry<Integer, List<String>> each : read.words.entrySet()) {
      List<String> wanted = Objects.requireNonNull(told.words.get(each.getKey()));
      int count = each.getValue().size();
      assertThat(count).isLessThanOrEqualTo(wanted.size());
      if (count > 0) { // the last may be a part, where a chunk ends in an execution
        assertThat(each.getValue().subList(0, count - 1)).isEqualTo(wanted.subList(0, count - 1));
      }
    }
  }

  @Test
  void givesWhatComesBeforeWhereverTheFileIsCutOff() throws IOException {
    long most = 0;
    for (int length = 0; length < bytes.length; length++) {
      Files.write(damaged, Arrays.copyOf(bytes, length));
      Transcript read = new Transcript(_ -> null, true);
      String complaint = read(read);
      assertThat(complaint).as("cut off at %d", length).startsWith(damaged + ": byte ");
      assertBeginning(read);
      long words = read.words.values().stream().mapToLong(List::size).sum();
      assertThat(words).as("cut off at %d", length).isGreaterThanOrEqualTo(most);
      most = Math.max(most, words);
    }
    assertThat(most).isEqualTo(told.words.values().stream().mapToLong(List::size).sum());
  }

  @Test
  void noticesEachFlippedByte() throws IOException {
    for (int at = 0; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      Files.write(damaged, flipped);
      Transcript read = new Transcript(_ -> null, true);
      String complaint = read(read);
      assertBeginning(read);
      if (complaint.isEmpty()) {
        assertThat(read.words).as("byte %d", at).isEqualTo(told.words); // an index not needed
      } else {
        assertThat(complaint).as("byte %d", at).startsWith(damaged + ": byte ");
      }
    }
  }

  /// Its checksums are right: it was written so.
  @Test
  void refusesAChangeOfMemoryBetweenAnExecutionAndItsAccesses() throws IOException {
    BlockSizes sizes = new BlockSizes();
    sizes.add(1);
    DefinitionEncoder definitions = new DefinitionEncoder();
    definitions.add(
        new BlockDefinition(0, 0x400, new byte[4], new byte[] {4}), null, List.of(), List.of());
    Batch batch = new Batch(2, true);
    batch.words()[0] = EventWord.execution(0, 0, 1);
    batch.words()[1] = EventWord.access(0x1000, 0, 8, false);
    ChunkEncoder words = new ChunkEncoder(sizes, true);
    words.begin();
    words.add(batch.words(), 0, 2);
    ValueEncoder values = new ValueEncoder();
    values.change(new MemoryChange(0, MemoryChange.Kind.WRITTEN, 0x1000, 8, new byte[8]), 1);
    values.add(batch.words(), batch.values(), 0, 2);
    try (TraceFile file =
        TraceFile.create(damaged, TraceRoundTripTest.manifest(CHUNK, TraceRoundTripTest.VALUES))) {
      file.accept(definitions.end(), List::of);
      file.accept(words.end(0, false, 0, 1), values.end()::columns);
      file.complete(TraceRoundTripTest.END);
    }
    try (TraceReader reader = TraceReader.open(damaged)) {
      reader.giveValues();
      assertThatThrownBy(() -> reader.replay(List.of(new Transcript(_ -> null, true))))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("a change of memory between an execution and its accesses");
    }
  }

  @Test
  void readsEveryWordWithoutTheIndex() throws IOException {
    Files.write(damaged, Arrays.copyOf(bytes, bytes.length - 1));
    Transcript read = new Transcript(_ -> null, true);
    assertThat(read(read)).contains("footer");
    assertThat(read.words).isEqualTo(told.words);
  }

  @Test
  void saysHowMuchCanBeRead() throws IOException {
    int inLastChunk;
    try (TraceReader reader = TraceReader.open(whole)) {
      TraceCheck check = TraceCheck.of(reader, null);
      assertThat(check.isSound()).isTrue();
      assertThat(check.readable()).isEqualTo(check.total()).isPositive();
      assertThat(check.readableBytes()).isEqualTo(bytes.length);
      List<TraceSections.Entry> chunks =
          reader.sections().entries().stream()
              .filter(entry -> entry.type() == Section.CHUNK)
              .toList();
      inLastChunk = (int) chunks.getLast().offset() + 1;
    }
    Files.write(damaged, Arrays.copyOf(bytes, inLastChunk));
    try (TraceReader reader = TraceReader.open(damaged)) {
      TraceCheck check = TraceCheck.of(reader, null);
      assertThat(check.isSound()).isFalse();
      assertThat(check.readable()).isPositive().isEqualTo(check.total());
      assertThat(check.readableBytes()).isPositive().isLessThan(inLastChunk);
      assertThat(check.damage()).hasSize(1).allMatch(text -> text.startsWith(damaged + ": byte "));
    }
  }

  @Test
  void readsWhatLiesBehindTheDamageWhenAskedForIt() throws IOException {
    try (TraceReader reader = TraceReader.open(whole)) {
      long until = reader.extents().getFirst().until();
      Transcript wanted = new Transcript(_ -> null, true);
      reader.replay(until - 10, Long.MAX_VALUE, 0, List.of(wanted));
      byte[] broken = bytes.clone();
      List<TraceSections.Entry> entries = reader.sections().entries();
      TraceSections.Entry first =
          entries.stream()
              .filter(entry -> entry.type() == 2 && entry.thread() == 0)
              .findFirst()
              .orElseThrow();
      broken[(int) first.offset() + 30] ^= 1;
      Files.write(damaged, broken);
      try (TraceReader again = TraceReader.open(damaged)) {
        Transcript read = new Transcript(_ -> null, true);
        again.replay(until - 10, Long.MAX_VALUE, 0, List.of(read));
        assertThat(read.words).isEqualTo(wanted.words).isNotEmpty();
        assertThatThrownBy(() -> again.replay(List.of()))
            .isInstanceOf(FormatException.class)
            .hasMessageStartingWith(damaged + ": byte " + first.offset() + ": ");
      }
    }
  }

  @Test
  void refusesForeignOlderAndNewerFiles() throws IOException {
    Files.write(damaged, "T 1 2 3\n".repeat(10).getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> TraceReader.open(damaged))
        .isInstanceOf(FormatException.class)
        .hasMessage(damaged + ": byte 0: no trace file: it does not begin with CAIRNTRC");
    byte[] newer = bytes.clone();
    for (int version : new int[] {1, 2, 4}) {
      newer[8] = (byte) version;
      Files.write(damaged, newer);
      assertThatThrownBy(() -> TraceReader.open(damaged))
          .isInstanceOf(FormatException.class)
          .hasMessage(
              damaged
                  + ": byte 8: version %d, and this Cairn reads version 3; ".formatted(version)
                  + "record the program again, or read it with the Cairn that wrote it");
    }
    Files.write(damaged, new byte[0]);
    assertThatThrownBy(() -> TraceReader.open(damaged)).isInstanceOf(FormatException.class);
  }

  /// With right checksums, so that nothing but the bound stands between a length and the heap.
  @Test
  void allocatesNothingForLengthsThatCannotBe() throws IOException {
    try (TraceReader reader = TraceReader.open(whole)) {
      TraceSections.Entry entry = reader.sections().entries().getFirst();
      int at = (int) entry.offset();
      ByteBuffer into = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
      int columns = into.getShort(at + 6);
      int crcAt = at + 40 + 16 * columns;
      into.putShort(at + 40 + 2, (short) 1);
      into.putInt(at + 40 + 8, 1 << 30);
      into.putInt(
          crcAt, SectionLayout.crc(Arrays.copyOfRange(into.array(), at, crcAt), crcAt - at));
      Files.write(damaged, into.array());
      Transcript read = new Transcript(_ -> null, true);
      assertThat(read(read)).contains(" bytes cannot become 1073741824");
      into.putInt(at + 40 + 4, Integer.MAX_VALUE);
      into.putInt(
          crcAt, SectionLayout.crc(Arrays.copyOfRange(into.array(), at, crcAt), crcAt - at));
      Files.write(damaged, into.array());
      assertThat(read(read)).contains("the section goes on to byte ");
    }
  }

  @Test
  void keepsWhatWasWrittenWhenTheRecordingStops() throws IOException {
    Path path = folder.resolve("cut.trace");
    Transcript some = new Transcript(RandomRun::locate, true);
    try (TraceFile file = TraceFile.create(path, TraceRoundTripTest.manifest(CHUNK))) {
      TraceWriter writer =
          new TraceWriter(
              file, CHUNK, TraceRoundTripTest.ADDRESSES, RandomRun::locate, null, _ -> List.of());
      new RandomRun(14, 2, false, true)
          .run(BATCHES, new TraceRoundTripTest.Both(List.of(some, writer)));
    }
    assertThat(path).doesNotExist();
    damaged = folder.resolve("cut.trace.partial");
    Transcript read = new Transcript(_ -> null, true);
    assertThat(read(read)).contains("the trace is not complete: its recording was interrupted");
    assertThat(read.words.get(0)).isNotEmpty();
    assertBeginning(read);
  }

  @Test
  void findsWhatDoesNotFollow() throws IOException {
    try (TraceReader reader = TraceReader.open(whole)) {
      TraceCheck check = TraceCheck.of(reader, new AArch64()); // a made-up run goes anywhere
      assertThat(check.damage()).isEmpty();
      assertThat(check.isSound()).isFalse();
      FlowCheck.Result flow = Objects.requireNonNull(check.flow());
      assertThat(flow.breaks()).isPositive();
      assertThat(flow.firstBreak()).startsWith("thread ");
    }
  }
}
