package dev.cairn.trace.format;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.FormatException;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the blocks of a trace as [DefinitionEncoder] wrote them. The sections of a file must be
/// read in order and without a gap, as texts are written once.
///
/// One thread at a time.
public final class DefinitionDecoder {
  private static final int MOST_INSTRUCTIONS = 512;

  private final List<String> placeTexts = new ArrayList<>();
  private ByteSource shapes = new ByteSource(new byte[0], "");
  private ByteSource code = shapes;
  private ByteSource places = shapes;
  private @Nullable ByteSource lines;
  private final Map<Integer, List<BlockMark>> marks = new HashMap<>();
  private long left;
  private int id;
  private long behind;
  private @Nullable CodeLocation place;
  private List<@Nullable SourceLine> source = List.of();

  /// Begins a section.
  ///
  /// @param first the first block's id
  /// @param blocks how many there are
  public void begin(
      ByteSource shapes,
      ByteSource code,
      ByteSource places,
      @Nullable ByteSource lines,
      @Nullable ByteSource marks,
      long first,
      long blocks)
      throws FormatException {
    if (first != id || blocks < 0 || blocks > shapes.remaining()) {
      throw shapes.wrong(
          "blocks from %d on, %d of them, where %d comes next".formatted(first, blocks, id));
    }
    this.shapes = shapes;
    this.code = code;
    this.places = places;
    this.lines = lines;
    left = blocks;
    behind = 0;
    this.marks.clear();
    if (marks != null) {
      readMarks(marks, blocks);
    }
  }

  private void readMarks(ByteSource from, long blocks) throws FormatException {
    while (from.remaining() > 0) {
      int block = id + from.number((int) Math.min(blocks, Integer.MAX_VALUE) - 1);
      BlockMark mark =
          new BlockMark(from.number(MOST_INSTRUCTIONS - 1), from.number(1) == 1, from.text());
      marks.computeIfAbsent(block, _ -> new ArrayList<>()).add(mark);
    }
  }

  /// {@return the next block of the section; null behind the last one}
  public @Nullable BlockDefinition next() throws FormatException {
    if (left == 0) {
      shapes.finish();
      code.finish();
      places.finish();
      if (lines != null) {
        lines.finish();
      }
      return null;
    }
    left--;
    long pc = behind + shapes.difference();
    byte[] sizes = sizes(shapes.number(MOST_INSTRUCTIONS));
    int bytes = 0;
    for (byte size : sizes) {
      if (size <= 0) {
        throw shapes.wrong("an instruction of " + size + " bytes");
      }
      bytes += size;
    }
    BlockDefinition block = new BlockDefinition(id, pc, code.bytes(bytes), sizes);
    behind = pc + bytes;
    place = place();
    source = lines == null ? List.of() : lines(lines, sizes.length);
    id++;
    return block;
  }

  private byte[] sizes(int instructions) throws FormatException {
    if (instructions == 0) {
      return new byte[0];
    }
    int alike = shapes.next();
    if (alike == 0) {
      return shapes.bytes(instructions);
    }
    byte[] sizes = new byte[instructions];
    Arrays.fill(sizes, (byte) alike);
    return sizes;
  }

  private @Nullable CodeLocation place() throws FormatException {
    String file = text(places);
    if (file == null) {
      return null;
    }
    long address = places.number();
    String function = text(places);
    return new CodeLocation(file, address, function, function == null ? 0 : places.number());
  }

  private List<@Nullable SourceLine> lines(ByteSource from, int instructions)
      throws FormatException {
    int runs = from.number(instructions);
    List<@Nullable SourceLine> all = new ArrayList<>();
    SourceLine line = null;
    for (int i = 0; i < runs; i++) {
      int more = from.number(instructions - all.size());
      all.addAll(Collections.nCopies(more, line));
      String file = text(from);
      line =
          file == null ? null : new SourceLine(file, Math.max(1, from.number(Integer.MAX_VALUE)));
    }
    all.addAll(Collections.nCopies(instructions - all.size(), line));
    return all;
  }

  private @Nullable String text(ByteSource from) throws FormatException {
    int number = from.number(placeTexts.size() + 1);
    if (number == 1) {
      placeTexts.add(from.text());
    }
    return number == 0 ? null : number == 1 ? placeTexts.getLast() : placeTexts.get(number - 2);
  }

  /// {@return where the first instruction of the block read last comes from; null if that is not
  /// known}
  public @Nullable CodeLocation lastPlace() {
    return place;
  }

  /// {@return the marks in the block read last}
  public List<BlockMark> lastMarks() {
    return List.copyOf(marks.getOrDefault(id - 1, List.of()));
  }

  /// {@return the lines of the instructions of the block read last; empty if none is known}
  public List<@Nullable SourceLine> lastLines() {
    return source;
  }
}
