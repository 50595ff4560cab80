package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BbvWriterTest {
  @TempDir Path directory;

  @Test
  void writesTheFormOfSimPointsSample() throws IOException {
    BasicBlockVectors vectors =
        BasicBlockVectors.builder()
            .add(3, 24)
            .add(1, 48)
            .endInterval()
            .add(2147483647, Long.MAX_VALUE - 100)
            .endInterval()
            .build();
    Path path = directory.resolve("x.bb");
    BbvWriter.Summary summary = BbvWriter.write(path, vectors);
    String text = "T:1:48 :3:24 \nT:2147483647:9223372036854775707 \n";
    assertThat(path).hasBinaryContent(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(summary).isEqualTo(new BbvWriter.Summary(2, text.length(), 34, 0));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isReadBackTheSame(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    for (int i = 0; i < 200; i++) {
      for (int e = random.nextInt(60); e >= 0; e--) {
        builder.add(1 + random.nextInt(5_000), 1 + random.nextInt(1_000_000));
      }
      builder.endInterval();
    }
    BasicBlockVectors vectors = builder.build();
    Path path = directory.resolve("x.bb");
    BbvWriter.Summary summary = BbvWriter.write(path, vectors);
    BasicBlockVectors back = BbvReader.read(path);
    assertThat(Files.size(path)).isEqualTo(summary.bytes());
    assertThat(back.intervals()).isEqualTo(200);
    for (int i = 0; i < 200; i++) {
      assertThat(BasicBlockVectorsTest.row(back, i))
          .isEqualTo(BasicBlockVectorsTest.row(vectors, i));
    }
  }

  @Test
  void writesALineTooLongForSimPointWholeAndSaysSo() throws IOException {
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    for (int extra = 0; extra < 2; extra++) {
      for (int e = 0; e < 65_535; e++) {
        builder.add(1_000_000 + e, 1_000_000);
      }
      builder.add(1_100_000, extra == 0 ? 1 : 10).endInterval();
    }
    Path path = directory.resolve("x.bb");
    BbvWriter.Summary summary = BbvWriter.write(path, builder.build());
    long shorter = 2 + 65_535L * 17 + 11;
    assertThat(summary.longestLineBytes()).isEqualTo(shorter + 1);
    assertThat(summary.linesTooLongForSimPoint()).isEqualTo(2);
    assertThat(BbvReader.read(path).entries()).isEqualTo(2 * 65_536);
  }

  @Test
  void drawsTheLineWhereSimPointDoes() throws IOException {
    assertThat(tooLong(BbvWriter.SIMPOINT_LINE_BYTES)).isZero();
    assertThat(tooLong(BbvWriter.SIMPOINT_LINE_BYTES + 1)).isEqualTo(1);
  }

  private int tooLong(int lineBytes) throws IOException {
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    int left = lineBytes - 2;
    int block = 1_000_000;
    while (left >= 42) {
      builder.add(block++, 1);
      left -= 11;
    }
    // What is left is 31 to 41 bytes: an entry of 20 bytes, and one that fills the line.
    builder.add(block++, 1_000_000_000);
    left -= 20;
    long weight = 1;
    for (int digits = left - 10; digits > 1; digits--) {
      weight *= 10;
    }
    builder.add(block, weight).endInterval();
    BbvWriter.Summary summary =
        BbvWriter.write(directory.resolve("x" + lineBytes), builder.build());
    assertThat(summary.longestLineBytes()).isEqualTo(lineBytes);
    return summary.linesTooLongForSimPoint();
  }

  @Test
  void refusesBlockZeroAndLeavesNoFile() {
    BasicBlockVectors vectors = BasicBlockVectors.builder().add(0, 1).endInterval().build();
    Path path = directory.resolve("x.bb");
    assertThatThrownBy(() -> BbvWriter.write(path, vectors))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("block 0 in interval 0");
    assertThat(directory).isEmptyDirectory();
  }
}
