package dev.cairn.study;

import dev.cairn.event.FormatException;
import dev.cairn.profile.AtomicFile;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.CodePosition;
import dev.cairn.profile.ThreadProfile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private IntervalFile() {}

  public static void write(Path path, ThreadProfile profile) throws IOException {
    BasicBlockVectors vectors = profile.vectors();
    try (AtomicFile file = AtomicFile.create(path)) {
      PrintStream out = new PrintStream(file.stream(), false, StandardCharsets.US_ASCII);
      out.print(HEADER + "\n");
      for (int i = 0; i < vectors.intervals(); i++) {
        CodePosition start = profile.start(i);
        out.print(i + "," + vectors.startInstruction(i) + "," + vectors.instructions(i) + ",");
        out.print(
            start == null
                ? ",\n"
                : "0x" + Long.toHexString(start.pc()) + "," + start.timesReached() + "\n");
      }
      out.flush();
      if (out.checkError()) {
        throw new IOException(path + ": could not be written; is the disk full?");
      }
      file.commit();
    }
  }

  /// {@return where each interval starts; null where the file says nothing}
  ///
  /// @throws FormatException with the line and what is wrong there
  static List<@Nullable CodePosition> read(Path path) throws IOException {
    List<String> lines = Files.readAllLines(path);
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new FormatException(path + ", line 1", "must be " + HEADER);
    }
    List<@Nullable CodePosition> starts = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(",", -1);
      try {
        starts.add(
            fields[3].isEmpty()
                ? null
                : new CodePosition(
                    Long.parseUnsignedLong(fields[3].substring(2), 16), Long.parseLong(fields[4])));
      } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
        throw new FormatException(path + ", line " + (i + 1), "not an interval", e);
      }
    }
    return starts;
  }
}
