package dev.cairn.study.scope;

import dev.cairn.event.FormatException;
import dev.cairn.profile.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `scope.csv`: the pieces of a scope, by the count of the run.
///
/// ```text
/// piece,start_instruction,instructions
/// 0,131072,40000
/// 1,171200,40000
/// ```
///
/// Also in docs/formats/study.md.
public final class PieceFile {
  private static final String HEADER = "piece,start_instruction,instructions";
  private static final Pattern LINE =
      Pattern.compile("(?<piece>\\d+),(?<start>\\d+),(?<instructions>\\d+)");

  private PieceFile() {}

  public static void write(Path path, Pieces pieces) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      OutputStream out = file.stream();
      StringBuilder line = new StringBuilder(HEADER).append('\n');
      for (int i = 0; i < pieces.count(); i++) {
        long start = i == 0 ? pieces.first() : pieces.begin(i);
        line.append(i).append(',').append(start).append(',').append(pieces.end(i) - start);
        out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
        line.setLength(0);
      }
      file.commit();
    }
  }

  /// {@return the pieces}
  ///
  /// @throws FormatException with the line and what is wrong there
  public static Pieces read(Path path) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
      if (!HEADER.equals(in.readLine())) {
        throw new FormatException(path + ", line 1", "must be " + HEADER);
      }
      return pieces(path, in);
    }
  }

  private static Pieces pieces(Path path, BufferedReader in) throws IOException {
    long[] positions = new long[16];
    long[] clocks = new long[16];
    int count = 0;
    long first = 0;
    long end = -1;
    long clock = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String where = path + ", line " + (count + 2);
      long[] numbers = numbers(line, where);
      if (numbers == null || numbers[0] != count || numbers[1] <= end || numbers[2] < 1) {
        throw new FormatException(where, "not piece " + count + " of a scope");
      }
      if (count == positions.length) {
        positions = Arrays.copyOf(positions, count * 2);
        clocks = Arrays.copyOf(clocks, count * 2);
      }
      if (count == 0) {
        first = numbers[1];
        clock = first;
      } else {
        positions[count] = numbers[1];
        clocks[count] = clock;
      }
      clock += numbers[2];
      end = numbers[1] + numbers[2];
      if (end < 0) {
        throw new FormatException(where, "a number is out of range");
      }
      count++;
    }
    if (count == 0) {
      throw new FormatException(path.toString(), "has no pieces");
    }
    return new Pieces(first, Arrays.copyOf(positions, count), Arrays.copyOf(clocks, count), clock);
  }

  private static long @Nullable [] numbers(String line, String where) throws FormatException {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return null;
    }
    try {
      return new long[] {
        Long.parseLong(matcher.group("piece")),
        Long.parseLong(matcher.group("start")),
        Long.parseLong(matcher.group("instructions"))
      };
    } catch (NumberFormatException e) {
      throw new FormatException(where, "a number is out of range", e);
    }
  }
}
