package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BbvReaderTest {
  @TempDir Path directory;

  @Test
  void readsTheUnsortedLinesOfQemu() throws IOException {
    BasicBlockVectors vectors = read("T:21:39 :172:6 :5:9 \nT:1:7 \n");
    assertThat(vectors.intervals()).isEqualTo(2);
    assertThat(BasicBlockVectorsTest.row(vectors, 0))
        .containsExactly(Map.entry(5, 9L), Map.entry(21, 39L), Map.entry(172, 6L));
    assertThat(vectors.startInstruction(1)).isEqualTo(54);
  }

  @Test
  void readsTheWideBlanksAndTrailingCommentsOfValgrind() throws IOException {
    BasicBlockVectors vectors =
        read(
            """
            T:4877:7   :5177:63   :5178:48 \s


            # Thread 1
            #   Total intervals: 1 (Interval Size 1000000)
            """);
    assertThat(BasicBlockVectorsTest.row(vectors, 0))
        .containsExactly(Map.entry(4877, 7L), Map.entry(5177, 63L), Map.entry(5178, 48L));
  }

  @Test
  void readsBlockZeroCarriageReturnsTabsAndRepeatedBlocks() throws IOException {
    BasicBlockVectors vectors = read("# c\r\nT:0:1\t:9:2 :9:3\r\n\r\n");
    assertThat(BasicBlockVectorsTest.row(vectors, 0))
        .containsExactly(Map.entry(0, 1L), Map.entry(9, 5L));
  }

  @Test
  void readsGzipWhateverTheName() throws IOException {
    Path path = directory.resolve("plain.bb");
    Files.write(path, gzip("T:1:5 :2:6 \nT:2:1 \n"));
    assertThat(BbvReader.read(path).totalInstructions()).isEqualTo(12);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "T:1:5|:1: expected a blank or the line's end after a count, found the file's end",
        "T:1:5 ~T:1|:2: expected : after block id 1, found the file's end",
        "T:1:5 ~T:1 ~|:2: expected : after block id 1, found byte 0x20",
        "T:1:5 ~T ~|:2: expected :id:count, found byte 0x20",
        "T~|:1: expected :id:count, found the line's end",
        "T:x:5~|:1: expected a block id, found 'x'",
        "T:-1:5~|:1: expected a block id, found '-'",
        "T:1:5.5~|:1: expected a blank or the line's end after a count, found '.'",
        "T:1:2:3:4~|:1: expected a blank or the line's end after a count, found ':'",
        "T:1:5 x~|:1: expected :id:count, found 'x'",
        "T:2147483648:5~|:1: a block id must be at most 2147483647: 2147483648...",
        "T:1:9223372036854775808~|:1: a count must be at most 9223372036854775807: 9223372036854775808...",
        "T:1:9223372036854775807 :2:1~|:1: the instructions add up beyond 2^63 - 1",
        "T:1:9223372036854775807~T:2:1~|:2: the instructions add up beyond 2^63 - 1",
        "T:1:0 ~|:1: the interval has no instructions",
        "# only~|: no vector: no line begins with T",
        "X:1:5~|:1: a line must begin with T (a vector) or #, not 'X'",
        "T:1:5~# cut|:2: the last line is cut off: it has no line end",
      })
  void namesFileLineAndFault(String text, String message) {
    Path path = directory.resolve("x.bb");
    assertThatThrownBy(() -> read(text.replace('~', '\n')))
        .isInstanceOf(FormatException.class)
        .hasMessage(path + message);
  }

  @Test
  void refusesAnEmptyFileAndAMissingOne() {
    assertThatThrownBy(() -> read("")).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> BbvReader.read(directory.resolve("none")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void takesNoMoreMemoryForAHugeIdThanForASmallOne() throws IOException {
    assertThat(read("T:2147483647:1\n").encodedBytes()).isLessThan(100);
  }

  @Test
  void givesTheRightAnswerOrAFormatExceptionForEveryTruncationAndFlip() throws IOException {
    String text = "# made\nT:1:48 :3:24 \nT:12:5 :2:90\n\nT:7:1 \n";
    byte[] good = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int length = 0; length < good.length; length++) {
      checkAgainstTwin(new String(good, 0, length, StandardCharsets.ISO_8859_1));
    }
    for (int at = 0; at < good.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 << bit);
        checkAgainstTwin(new String(bad, StandardCharsets.ISO_8859_1));
      }
    }
  }

  @Test
  void findsEveryTruncationAndFlipOfGzip() throws IOException {
    byte[] good = gzip("T:1:48 :3:24 \nT:12:5 :2:90\n\nT:7:1 \n");
    Path path = directory.resolve("x.bb.gz");
    Files.write(path, good);
    List<Map<Integer, Long>> right = rows(BbvReader.read(path));
    for (int length = 0; length < good.length; length++) {
      Files.write(path, java.util.Arrays.copyOf(good, length));
      assertThatThrownBy(() -> BbvReader.read(path)).isInstanceOf(FormatException.class);
    }
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(path, bad);
      try {
        assertThat(rows(BbvReader.read(path))).as("bit %d", bit).isEqualTo(right);
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining("x.bb.gz");
      }
    }
  }

  private void checkAgainstTwin(String text) throws IOException {
    List<Map<Integer, Long>> twin = twin(text);
    if (twin == null) {
      assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(FormatException.class);
    } else {
      assertThat(rows(read(text))).as(text).isEqualTo(twin);
    }
  }

  /// Reads by regular expressions; null if the text is not a `.bb` file.
  private static @Nullable List<Map<Integer, Long>> twin(String text) {
    Pattern vector = Pattern.compile("T:[0-9]+:[0-9]+([ \t]+:[0-9]+:[0-9]+)*[ \t]*\r?");
    Pattern pair = Pattern.compile(":([0-9]+):([0-9]+)");
    if (!text.isEmpty() && !text.endsWith("\n")) {
      return null;
    }
    List<Map<Integer, Long>> rows = new ArrayList<>();
    for (String line : (Iterable<String>) Pattern.compile("\n").splitAsStream(text)::iterator) {
      if (line.isEmpty() || line.equals("\r") || line.startsWith("#")) {
        continue;
      }
      if (!vector.matcher(line).matches()) {
        return null;
      }
      Map<Integer, Long> row = new TreeMap<>();
      for (Matcher m = pair.matcher(line); m.find(); ) {
        if (Long.parseLong(m.group(2)) > 0) {
          row.merge(Integer.parseInt(m.group(1)), Long.parseLong(m.group(2)), Long::sum);
        }
      }
      if (row.isEmpty()) {
        return null;
      }
      rows.add(row);
    }
    return rows.isEmpty() ? null : rows;
  }

  private static List<Map<Integer, Long>> rows(BasicBlockVectors vectors) {
    List<Map<Integer, Long>> rows = new ArrayList<>();
    for (int i = 0; i < vectors.intervals(); i++) {
      rows.add(BasicBlockVectorsTest.row(vectors, i));
    }
    return rows;
  }

  private BasicBlockVectors read(String text) throws IOException {
    Path path = directory.resolve("x.bb");
    Files.write(path, text.getBytes(StandardCharsets.ISO_8859_1));
    return BbvReader.read(path);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
    return bytes.toByteArray();
  }
}
