package dev.cairn.study.directory;

import dev.cairn.event.FormatException;
import dev.cairn.profile.AtomicFile;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.CodePosition;
import dev.cairn.profile.ThreadProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `intervals.csv`: where each interval starts, by count and by code.
///
/// ```text
/// interval,start_instruction,instructions,pc,times_reached
/// 0,0,1000000,,
/// 1,1000000,1000000,0x400a10,17
/// ```
///
/// Also in docs/formats/profile.md.
public final class IntervalFile {
  private static final String HEADER = "interval,start_instruction,instructions,pc,times_reached";

  private static final String LINE =
      "(?<interval>\\d+),(?<start>\\d+),(?<instructions>\\d+),"
          + "(?:,|0x(?<pc>[0-9a-f]+),(?<times>\\d+))";

  private IntervalFile() {}

  public static void write(Path path, ThreadProfile profile) throws IOException {
    BasicBlockVectors vectors = profile.vectors();
    try (AtomicFile file = AtomicFile.create(path)) {
      OutputStream out = file.stream();
      StringBuilder line = new StringBuilder(HEADER).append('\n');
      for (int i = 0; i < vectors.intervals(); i++) {
        CodePosition start = profile.start(i);
        line.append(i).append(',').append(vectors.startInstruction(i));
        line.append(',').append(vectors.instructions(i)).append(',');
        if (start == null) {
          line.append(",\n");
        } else {
          line.append("0x").append(Long.toHexString(start.pc()));
          line.append(',').append(start.timesReached()).append('\n');
        }
        out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
        line.setLength(0);
      }
      out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
      file.commit();
    }
  }

  /// What the file says of an interval.
  ///
  /// @param instructions its length
  /// @param start where it starts; null where the file says nothing
  public record Interval(long instructions, @Nullable CodePosition start) {}

  /// {@return the intervals}
  ///
  /// @throws FormatException with the line and what is wrong there
  public static List<Interval> read(Path path) throws IOException {
    String text = new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    if (!text.startsWith(HEADER + "\n")) {
      throw new FormatException(path + ", line 1", "must be " + HEADER);
    }
    Pattern pattern = Pattern.compile(LINE);
    List<String> lines = text.lines().toList();
    List<Interval> intervals = new ArrayList<>();
    long position = 0;
    for (int i = 1; i < lines.size(); i++) {
      Matcher line = pattern.matcher(lines.get(i));
      try {
        if (!line.matches()
            || Long.parseLong(line.group("interval")) != i - 1
            || Long.parseLong(line.group("start")) != position) {
          throw new FormatException(path + ", line " + (i + 1), "not interval " + (i - 1));
        }
        long instructions = Long.parseLong(line.group("instructions"));
        position = Math.addExact(position, instructions);
        intervals.add(new Interval(instructions, start(line)));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new FormatException(path + ", line " + (i + 1), "a number is out of range", e);
      }
    }
    if (!text.endsWith("\n")) {
      throw new FormatException(path + ", line " + lines.size(), "is cut short");
    }
    return intervals;
  }

  private static @Nullable CodePosition start(Matcher line) {
    String pc = line.group("pc");
    return pc == null
        ? null
        : new CodePosition(Long.parseUnsignedLong(pc, 16), Long.parseLong(line.group("times")));
  }
}
