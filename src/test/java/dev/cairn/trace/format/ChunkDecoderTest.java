package dev.cairn.trace.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Words of a chunk with accesses")
class ChunkDecoderTest {
  private static final int BLOCKS = 12;
  private static final int INSTRUCTIONS = 300;
  private static final int MOST_WORDS = 400_000;

  @Test
  @DisplayName("come back whatever way they go and wherever they jump, in pieces of any size")
  void comeBack() throws FormatException {
    long[] words = words(new SplittableRandom(7), 30_000);
    for (int given : new int[] {1, 7, 1000, words.length}) {
      List<Column> columns = encoded(words, given);
      for (int room : new int[] {61, 333, 5000, words.length}) {
        ChunkDecoder decoder = decoder(columns, words.length, true);
        assertThat(read(decoder, room)).isEqualTo(words);
        assertThat(decoder.leftOver()).isNull();
      }
    }
  }

  @Test
  @DisplayName("come back however many words lie between two jumps, or before an access told whole")
  void comeBackAcrossGaps() throws FormatException {
    for (int period = 1; period < 100; period++) {
      long[] words = new long[20 * period * 2 + 20];
      int length = 0;
      for (int i = 0; i < 20 * period; i++) {
        words[length++] = EventWord.execution(1, 0, INSTRUCTIONS);
        words[length++] = EventWord.access(4096 + 64L * (i / period), 5, 8, false);
        if (i % (4 * period) == 4 * period - 1) {
          words[length++] = EventWord.access(i, 6, 4, true);
        }
      }
      long[] all = Arrays.copyOf(words, length);
      ChunkDecoder decoder = decoder(encoded(all, 77), length, true);
      assertThat(read(decoder, length)).as("each %d rounds", period).isEqualTo(all);
      assertThat(decoder.leftOver()).isNull();
    }
  }

  @Test
  @DisplayName("are the same bytes however they are given")
  void sameBytes() {
    long[] words = words(new SplittableRandom(8), 5000);
    List<byte[]> once = encoded(words, words.length).stream().map(Column::bytes).toList();
    List<byte[]> piecemeal = encoded(words, 3).stream().map(Column::bytes).toList();
    assertThat(piecemeal).usingRecursiveComparison().isEqualTo(once);
  }

  @Test
  @DisplayName("keep executions and notes where addresses are left out")
  void withoutAddresses() throws FormatException {
    long[] words = words(new SplittableRandom(9), 5000);
    ChunkDecoder decoder = decoder(encoded(words, 100), words.length, false);
    assertThat(others(read(decoder, 77))).isEqualTo(others(words));
    assertThat(decoder.leftOver()).isNull();
  }

  private static long[] others(long[] words) {
    return Arrays.stream(words).filter(word -> EventWord.kind(word) != EventWord.ACCESS).toArray();
  }

  @Test
  @DisplayName("take no byte for what repeats without a jump")
  void repeatsAreFree() {
    long[] words = new long[30_000];
    for (int i = 0; i < words.length; i += 3) {
      words[i] = EventWord.execution(i / 3 % 7, 0, INSTRUCTIONS);
      words[i + 1] = EventWord.access(4096 + i % 21, 5, 8, false);
      words[i + 2] = EventWord.access(-64, 6, 4, true);
    }
    long bytes = encoded(words, 4096).stream().mapToLong(column -> column.bytes().length).sum();
    assertThat(bytes).isLessThan(150);
  }

  @Test
  @DisplayName("are refused if an execution or a note jumps")
  void jumpOfAnExecution() throws FormatException {
    long execution = EventWord.execution(3, 0, INSTRUCTIONS);
    long[] words = new long[100];
    Arrays.fill(words, execution);
    List<Column> columns = new ArrayList<>(encoded(words, 100));
    for (int gap : new int[] {3, 90}) {
      List<Column> jumping = new ArrayList<>(columns);
      jumping.add(new Column(Column.JUMP_STEPS, steps(gap, 1)));
      jumping.add(new Column(Column.JUMPS, new byte[] {2}));
      assertThatThrownBy(() -> read(decoder(jumping, 100, true), 100))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("a jump of what is no access, or out of memory");
    }
  }

  @Test
  @DisplayName("are refused if one jumps out of the address space")
  void jumpTooFar() throws FormatException {
    List<Column> columns = new ArrayList<>();
    for (Column column : encoded(loop(), 90)) {
      columns.add(
          column.id() == Column.JUMPS
              ? new Column(column.id(), farther(column.bytes()))
              : column.id() == Column.JUMP_STEPS
                  ? new Column(column.id(), sevenAtLast(column.bytes()))
                  : column);
    }
    assertThatThrownBy(() -> read(decoder(columns, 90, true), 90))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("out of memory");
  }

  /// One block again and again, whose access jumps once.
  private static long[] loop() {
    long[] words = new long[90];
    for (int i = 0; i < words.length; i += 2) {
      words[i] = EventWord.execution(1, 0, INSTRUCTIONS);
      words[i + 1] = EventWord.access(i == 60 ? 4160 : 4096, 5, 8, false);
    }
    return Arrays.copyOf(words, 62 + 28);
  }

  private static byte[] farther(byte[] jumps) {
    byte[] more = Arrays.copyOf(jumps, jumps.length + 6);
    more[more.length - 1] = 0x7f;
    return more;
  }

  private static byte[] sevenAtLast(byte[] steps) {
    byte[] changed = steps.clone();
    changed[changed.length - 1] |= 7;
    return changed;
  }

  /// {@return the steps to a jump of so many bytes behind so many words}
  private static byte[] steps(int gap, int bytes) {
    byte[] steps = new byte[gap / 31 + 1];
    Arrays.fill(steps, (byte) (31 << 3));
    steps[steps.length - 1] = (byte) (gap % 31 << 3 | bytes);
    return steps;
  }

  @Test
  @DisplayName("are refused if a column of jumps is shorter or longer than the others tell")
  void columnsThatDoNotFit() {
    List<Column> columns = encoded(words(new SplittableRandom(10), 2000), 2000);
    int words = words(new SplittableRandom(10), 2000).length;
    for (int id : new int[] {Column.JUMP_STEPS, Column.JUMPS}) {
      for (int more : new int[] {-1, 1}) {
        List<Column> changed =
            columns.stream()
                .map(column ->
                    column.id() == id
                        ? new Column(
                            id, Arrays.copyOf(column.bytes(), column.bytes().length + more))
                        : column)
                .toList();
        assertThatThrownBy(
                () -> {
                  ChunkDecoder decoder = decoder(changed, words, true);
                  read(decoder, words);
                  FormatException left = decoder.leftOver();
                  if (left != null) {
                    throw left;
                  }
                })
            .as("column %d, %d bytes more", id, more)
            .isInstanceOf(FormatException.class);
      }
    }
  }

  /// Loops of some blocks, of other lengths each time and now and then left, whose accesses stride,
  /// stay, follow a pointer, or are of another number than before.
  private static long[] words(SplittableRandom random, int executions) {
    long[] words = new long[MOST_WORDS];
    int length = 0;
    int made = 0;
    while (made < executions) {
      int first = random.nextInt(BLOCKS);
      int loop = 1 + random.nextInt(5);
      int rounds = 1 + random.nextInt(random.nextInt(10) == 0 ? 400 : 8);
      for (int i = 0; i < loop * rounds && made < executions; i++, made++) {
        int block = (first + i % loop) % BLOCKS;
        words[length++] = EventWord.execution(block, 0, INSTRUCTIONS);
        length = accesses(random, block, made, words, length);
        if (random.nextInt(300) == 0) {
          words[length++] = EventWord.note(EventWord.NOTE_STACK, 0, random.nextLong(1L << 40));
        }
      }
    }
    return Arrays.copyOf(words, length);
  }

  private static int accesses(
      SplittableRandom random, int block, int time, long[] into, int begin) {
    int count =
        switch (random.nextInt(500)) {
          case 0 -> 0;
          case 1 -> block == 3 ? 290 : block;
          default -> block;
        };
    for (int k = 0; k < count; k++) {
      long address =
          switch (k % 4) {
            case 0 -> 0x10000 + 8L * time;
            case 1 -> 0x7fff_0000_0000L;
            case 2 -> random.nextLong(1L << 40) << 3;
            default -> -16 - (random.nextInt(100) == 0 ? 64 : 0);
          };
      into[begin + k] = EventWord.access(address, k, 1 << (k % 4), k % 3 == 0);
    }
    return begin + count;
  }

  private static List<Column> encoded(long[] words, int piece) {
    ChunkEncoder encoder = new ChunkEncoder(sizes(), true);
    encoder.begin();
    for (int at = 0; at < words.length; at += piece) {
      encoder.add(words, at, Math.min(words.length, at + piece));
    }
    assertThat(encoder.words()).isEqualTo(words.length);
    return encoder.end(0, false, 0, 0).columns();
  }

  private static ChunkDecoder decoder(List<Column> columns, int words, boolean addresses)
      throws FormatException {
    ChunkDecoder decoder = new ChunkDecoder(sizes());
    @Nullable JumpColumns jumps =
        addresses
            ? new JumpColumns(source(columns, Column.JUMP_STEPS), source(columns, Column.JUMPS))
            : null;
    decoder.begin(
        source(columns, Column.RUNS),
        source(columns, Column.SURPRISES),
        source(columns, Column.WORDS),
        jumps,
        words);
    return decoder;
  }

  private static long[] read(ChunkDecoder decoder, int room) throws FormatException {
    long[] all = new long[MOST_WORDS];
    long[] into = new long[room];
    int length = 0;
    while (!decoder.done()) {
      int count = decoder.read(into, 0, room);
      System.arraycopy(into, 0, all, length, count);
      length += count;
    }
    return Arrays.copyOf(all, length);
  }

  private static BlockSizes sizes() {
    BlockSizes sizes = new BlockSizes();
    for (int i = 0; i < BLOCKS; i++) {
      sizes.add(INSTRUCTIONS);
    }
    return sizes;
  }

  private static ByteSource source(List<Column> columns, int id) {
    return columns.stream()
        .filter(column -> column.id() == id)
        .findFirst()
        .map(column -> new ByteSource(column.bytes(), "column " + id))
        .orElseGet(() -> new ByteSource(new byte[0], "column " + id));
  }
}
