package dev.cairn.profile;

import dev.cairn.event.FormatException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads a `.bb` file of basic-block vectors, as SimPoint 3.2, QEMU's `bbv`, valgrind's exp-bbv,
/// gem5 and DynamoRIO's drpoints write it; plain or compressed with gzip, told apart by the
/// content.
///
/// ```text
/// file   = line …                  each ended by \n or \r\n, the last one too
/// line   = vector | comment | blank
/// vector = "T" pair (blanks pair)… blanks
/// pair   = ":" id ":" weight       id 0 to 2^31 − 1, weight 0 to 2^63 − 1, decimal
/// comment = "#" …
/// ```
///
/// SimPoint passes over whatever it does not know, takes a vector without pairs for the end of the
/// file and leaves out a last line without a line end; all three are errors here, because each of
/// them changes the result silently. Pairs may come in any order; equal ids are added up, as
/// SimPoint does.
///
/// **Cost**: memory of the vectors and a buffer; no line is held as text.
public final class BbvReader {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int END = -1;

  private final Path path;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private long line = 1;

  /// The character that ended the last [#number].
  private int afterNumber;

  private BbvReader(Path path, InputStream in) {
    this.path = path;
    this.in = in;
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException with file, line and what is wrong with it
  public static BasicBlockVectors read(Path path) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES)) {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      if (!gzip) {
        return new BbvReader(path, raw).vectors();
      }
      try (InputStream inflated = new GZIPInputStream(raw, BUFFER_BYTES)) {
        return new BbvReader(path, inflated).vectors();
      } catch (ZipException | EOFException e) {
        throw new FormatException(path.toString(), "the gzip data is damaged or cut off", e);
      }
    }
  }

  private BasicBlockVectors vectors() throws IOException {
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    boolean any = false;
    for (int first = next(); first != END; first = next()) {
      switch (first) {
        case 'T' -> {
          vector(builder);
          any = true;
        }
        case '#' -> skipLine();
        case '\n' -> line++;
        case '\r' -> lineEnd(first);
        default ->
            throw broken("a line must begin with T (a vector) or #, not " + printable(first));
      }
    }
    if (!any) {
      throw new FormatException(path.toString(), "no vector: no line begins with T");
    }
    return builder.build();
  }

  private void vector(BasicBlockVectors.Builder builder) throws IOException {
    int c = next();
    while (true) {
      if (c != ':') {
        throw broken("expected :id:count, found " + printable(c));
      }
      c = next();
      long id = number(c, Integer.MAX_VALUE, "block id");
      c = afterNumber;
      if (c != ':') {
        throw broken("expected : after block id " + id + ", found " + printable(c));
      }
      c = next();
      long weight = number(c, Long.MAX_VALUE, "count");
      c = afterNumber;
      builder.add((int) id, weight);
      boolean blank = false;
      while (c == ' ' || c == '\t') {
        blank = true;
        c = next();
      }
      if (c == '\n' || c == '\r') {
        endInterval(builder);
        lineEnd(c);
        return;
      }
      if (!blank) {
        throw broken("expected a blank or the line's end after a count, found " + printable(c));
      }
    }
  }

  private void endInterval(BasicBlockVectors.Builder builder) throws FormatException {
    try {
      if (builder.pendingInstructions() == 0) {
        throw broken("the interval has no instructions");
      }
      builder.endInterval();
    } catch (ArithmeticException e) {
      throw new FormatException(where(), "the instructions add up beyond 2^63 - 1", e);
    }
  }

  private long number(int first, long highest, String what) throws IOException {
    int c = first;
    if (c < '0' || c > '9') {
      throw broken("expected a " + what + ", found " + printable(c));
    }
    long value = 0;
    while (c >= '0' && c <= '9') {
      int digit = c - '0';
      if (value > (highest - digit) / 10) {
        throw broken("a " + what + " must be at most " + highest + ": " + value + digit + "...");
      }
      value = value * 10 + digit;
      c = next();
    }
    afterNumber = c;
    return value;
  }

  private void lineEnd(int c) throws IOException {
    int last = c == '\r' ? next() : c;
    if (last != '\n') {
      throw broken("expected the line's end, found " + printable(last));
    }
    line++;
  }

  private void skipLine() throws IOException {
    int c = next();
    while (c != '\n') {
      if (c == END) {
        throw broken("the last line is cut off: it has no line end");
      }
      c = next();
    }
    line++;
  }

  private int next() throws IOException {
    if (position == limit) {
      limit = in.read(buffer, 0, buffer.length);
      position = 0;
      if (limit <= 0) {
        limit = 0;
        return END;
      }
    }
    return buffer[position++] & 0xff;
  }

  private FormatException broken(String what) {
    return new FormatException(where(), what);
  }

  private String where() {
    return path + ":" + line;
  }

  private static String printable(int c) {
    return switch (c) {
      case END -> "the file's end";
      case '\n' -> "the line's end";
      default -> c > ' ' && c < 0x7f ? "'" + (char) c + "'" : "byte 0x%02x".formatted(c);
    };
  }
}
