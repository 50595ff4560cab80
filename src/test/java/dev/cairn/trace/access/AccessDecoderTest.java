package dev.cairn.trace.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.ByteSource;
import dev.cairn.trace.format.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Accesses of a chunk")
class AccessDecoderTest {
  private static final int BLOCKS = 12;
  private static final int INSTRUCTIONS = 300;

  @Test
  @DisplayName("come back in every piece of every size, whatever foretells their addresses")
  void comeBack() throws FormatException {
    SplittableRandom random = new SplittableRandom(7);
    List<Long> flow = new ArrayList<>();
    List<Long> all = new ArrayList<>();
    AccessEncoder encoder = new AccessEncoder();
    for (int i = 0; i < 5000; i++) {
      int block = random.nextInt(BLOCKS);
      long[] accesses = accesses(random, block, i);
      encoder.add(block, accesses, 0, accesses.length);
      flow.add(EventWord.execution(block, 0, INSTRUCTIONS));
      all.add(flow.getLast());
      Arrays.stream(accesses).forEach(all::add);
    }
    List<Column> columns = encoder.end().columns();
    for (int room : new int[] {301, 333, 5000, all.size() + 8}) {
      AccessDecoder decoder = new AccessDecoder(sizes());
      decoder.begin(columns(columns));
      assertThat(read(decoder, flow, room)).isEqualTo(all);
      assertThat(decoder.leftOver()).isNull();
    }
  }

  /// As many accesses as the block has by its number, now and then none or very many.
  private static long[] accesses(SplittableRandom random, int block, int time) {
    int length =
        switch (random.nextInt(50)) {
          case 0 -> 0;
          case 1 -> block == 3 ? 290 : block;
          default -> block;
        };
    long[] accesses = new long[length];
    long base = (long) random.nextInt(4) << 12;
    for (int k = 0; k < length; k++) {
      long address =
          switch (k % 5) {
            case 0 -> 0x10000 + 8L * time;
            case 1 -> 0x7fff_0000_0000L + base;
            case 2 -> 0x7fff_0000_0010L + base;
            case 3 -> random.nextLong(1L << 40) << 3;
            default -> -16 - (random.nextInt(100) == 0 ? 64 : 0);
          };
      accesses[k] = EventWord.access(address, k, 1 << (k % 4), k % 3 == 0);
    }
    return accesses;
  }

  private static List<Long> read(AccessDecoder decoder, List<Long> flow, int room)
      throws FormatException {
    long[] from = flow.stream().mapToLong(word -> word).toArray();
    long[] into = new long[room];
    List<Long> seen = new ArrayList<>();
    int read = 0;
    while (read < from.length) {
      int length = decoder.merge(from, read, from.length, into, 0, room);
      assertThat(decoder.position()).as("words read").isGreaterThan(read);
      read = decoder.position();
      Arrays.stream(into, 0, length).forEach(seen::add);
    }
    return seen;
  }

  @Test
  @DisplayName("are refused if two blocks have the same shape")
  void sharedShape() throws FormatException {
    ByteSink surprises = new ByteSink();
    for (int i = 0; i < 2; i++) {
      surprises.number(0);
      surprises.number(2); // shape 1
    }
    ByteSink slots = new ByteSink();
    for (int number : new int[] {1, 1, 2, 0, 3, 0, 0, 0, 0}) {
      slots.number(number);
    }
    AccessDecoder decoder = new AccessDecoder(sizes());
    decoder.begin(
        columns(
            List.of(
                new Column(Column.ACCESS_SURPRISES, surprises.toByteArray()),
                new Column(Column.ACCESS_SLOTS, slots.toByteArray()))));
    List<Long> flow =
        List.of(EventWord.execution(0, 0, INSTRUCTIONS), EventWord.execution(1, 0, INSTRUCTIONS));
    assertThatThrownBy(() -> read(decoder, flow, 100))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("shape 1 is of block 0, not 1");
  }

  @Test
  @DisplayName("are refused if a shape has fewer executions than there are")
  void tooManyExecutions() throws FormatException {
    AccessEncoder encoder = new AccessEncoder();
    long[] one = {EventWord.access(64, 0, 8, false)};
    encoder.add(0, one, 0, 1);
    AccessDecoder decoder = new AccessDecoder(sizes());
    decoder.begin(columns(encoder.end().columns()));
    long word = EventWord.execution(0, 0, INSTRUCTIONS);
    assertThatThrownBy(() -> read(decoder, List.of(word, word), 100))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("more executions of shape 1 than it has");
  }

  @Test
  @DisplayName("are refused if a shape has more executions than there are")
  void tooFewExecutions() throws FormatException {
    AccessEncoder encoder = new AccessEncoder();
    long[] one = {EventWord.access(64, 0, 8, false)};
    encoder.add(0, one, 0, 1);
    encoder.add(0, one, 0, 1);
    AccessDecoder decoder = new AccessDecoder(sizes());
    decoder.begin(columns(encoder.end().columns()));
    read(decoder, List.of(EventWord.execution(0, 0, INSTRUCTIONS)), 100);
    assertThat(decoder.leftOver()).hasMessageContaining("fewer executions of shape 1 than it has");
  }

  private static BlockSizes sizes() {
    BlockSizes sizes = new BlockSizes();
    for (int i = 0; i < BLOCKS; i++) {
      sizes.add(INSTRUCTIONS);
    }
    return sizes;
  }

  private static AccessColumns columns(List<Column> columns) {
    @Nullable ByteSource listed = null;
    ByteSource[] planes = new ByteSource[Long.BYTES];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = source(columns, Column.ACCESS_PLANES + i);
    }
    if (columns.stream().anyMatch(column -> column.id() == Column.ACCESS_LISTED)) {
      listed = source(columns, Column.ACCESS_LISTED);
    }
    return new AccessColumns(
        source(columns, Column.ACCESS_SURPRISES),
        source(columns, Column.ACCESS_SLOTS),
        source(columns, Column.ACCESS_GAPS),
        source(columns, Column.ACCESS_JUMPS),
        listed,
        List.of(planes));
  }

  private static ByteSource source(List<Column> columns, int id) {
    return columns.stream()
        .filter(column -> column.id() == id)
        .findFirst()
        .map(column -> new ByteSource(column.bytes(), "column " + id))
        .orElseGet(() -> new ByteSource(new byte[0], "column " + id));
  }
}
