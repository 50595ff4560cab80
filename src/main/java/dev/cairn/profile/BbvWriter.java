package dev.cairn.profile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/// Writes a `.bb` file of basic-block vectors that SimPoint 3.2 reads: a line `T:id:weight
/// :id:weight … ` an interval, ids ascending, the form of SimPoint's own sample.
///
/// SimPoint reads lines into a buffer of 1 MiB and gives up at one that fills it. Such lines are
/// written whole all the same, and the [Summary] says how many there are.
public final class BbvWriter {
  /// The longest line, its line end included, that SimPoint 3.2 reads.
  public static final int SIMPOINT_LINE_BYTES = (1 << 20) - 2;

  private final OutputStream out;
  private final byte[] digits = new byte[20];

  private BbvWriter(OutputStream out) {
    this.out = out;
  }

  /// What was written.
  ///
  /// @param intervals lines
  /// @param bytes of the whole file
  /// @param longestLineBytes the line end included
  /// @param linesTooLongForSimPoint lines above [#SIMPOINT_LINE_BYTES]; SimPoint 3.2 refuses a file
  ///   with any
  public record Summary(
      int intervals, long bytes, long longestLineBytes, int linesTooLongForSimPoint) {}

  /// Writes a whole file, which appears under its name when it is complete.
  ///
  /// @throws IllegalArgumentException if a vector has a block 0, which SimPoint cannot read
  public static Summary write(Path path, BasicBlockVectors vectors) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      Summary summary = new BbvWriter(file.stream()).vectors(vectors);
      file.commit();
      return summary;
    }
  }

  private Summary vectors(BasicBlockVectors vectors) throws IOException {
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    long bytes = 0;
    long longest = 0;
    int tooLong = 0;
    for (int interval = 0; interval < vectors.intervals(); interval++) {
      long lineBytes = line(cursor, interval);
      bytes += lineBytes;
      longest = Math.max(longest, lineBytes);
      if (lineBytes > SIMPOINT_LINE_BYTES) {
        tooLong++;
      }
    }
    return new Summary(vectors.intervals(), bytes, longest, tooLong);
  }

  private long line(BasicBlockVectors.Cursor cursor, int interval) throws IOException {
    cursor.interval(interval);
    out.write('T');
    long bytes = 2;
    while (cursor.next()) {
      if (cursor.block() == 0) {
        throw new IllegalArgumentException(
            "block ids in a .bb file count from 1: block 0 in interval " + interval);
      }
      out.write(':');
      bytes += number(cursor.block());
      out.write(':');
      bytes += number(cursor.weight());
      out.write(' ');
      bytes += 3;
    }
    out.write('\n');
    return bytes;
  }

  private int number(long value) throws IOException {
    int first = digits.length;
    long rest = value;
    do {
      digits[--first] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    int length = digits.length - first;
    out.write(digits, first, length);
    return length;
  }
}
