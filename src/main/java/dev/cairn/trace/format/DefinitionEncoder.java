package dev.cairn.trace.format;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Writes the blocks of a trace, some at a time. Each text is written once in a file.
///
/// One thread at a time.
public final class DefinitionEncoder {
  private static final int ENOUGH_BYTES = 1 << 20;

  private final ByteSink shapes = new ByteSink();
  private final ByteSink code = new ByteSink();
  private final ByteSink places = new ByteSink();
  private final ByteSink lines = new ByteSink();
  private final ByteSink marks = new ByteSink();
  private final Map<String, Integer> texts = new HashMap<>();
  private int firstBlock;
  private int blocks;
  private int linesKnown;
  private long behind;

  /// {@return how many blocks wait to be written}
  public int pending() {
    return blocks;
  }

  /// {@return whether so much waits that it should be written}
  public boolean full() {
    return code.size() >= ENOUGH_BYTES || lines.size() >= ENOUGH_BYTES;
  }

  /// Adds the next block.
  ///
  /// @param place where its first instruction comes from; null if that is not known
  /// @param source the line of each instruction; empty if none is known
  /// @param blockMarks by instruction
  public void add(
      BlockDefinition block,
      @Nullable CodeLocation place,
      List<? extends @Nullable SourceLine> source,
      List<BlockMark> blockMarks) {
    for (BlockMark mark : blockMarks) {
      marks.number(blocks);
      marks.number(mark.instruction());
      marks.number(mark.begins() ? 1 : 0);
      marks.text(mark.name());
    }
    shapes.difference(block.pc() - behind);
    shapes.number(block.instructions());
    sizes(block.sizes());
    code.bytes(block.code());
    behind = block.pc() + block.code().length;
    place(place);
    lines(source);
    blocks++;
  }

  /// All alike is the rule: then one byte tells; otherwise a zero and all of them.
  private void sizes(byte[] sizes) {
    boolean alike = true;
    for (byte size : sizes) {
      alike &= size == sizes[0];
    }
    if (sizes.length > 0) {
      shapes.put(alike ? sizes[0] : 0);
      if (!alike) {
        shapes.bytes(sizes);
      }
    }
  }

  private void place(@Nullable CodeLocation place) {
    if (place == null) {
      text(places, null);
      return;
    }
    text(places, place.file());
    places.number(place.address());
    text(places, place.function());
    if (place.function() != null) {
      places.number(place.functionOffset());
    }
  }

  private void lines(List<? extends @Nullable SourceLine> source) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      if (!Objects.equals(source.get(i), i == 0 ? null : source.get(i - 1))) {
        starts.add(i);
      }
    }
    lines.number(starts.size());
    int at = 0;
    for (int start : starts) {
      SourceLine line = source.get(start);
      lines.number(start - at);
      text(lines, line == null ? null : line.file());
      if (line != null) {
        lines.number(line.line());
        linesKnown++;
      }
      at = start;
    }
  }

  /// A text is 0 for none, 1 for a new one that follows, or its number and 2.
  private void text(ByteSink into, @Nullable String text) {
    if (text == null) {
      into.number(0);
      return;
    }
    Integer known = texts.putIfAbsent(text, texts.size());
    if (known == null) {
      into.number(1);
      into.text(text);
    } else {
      into.number(known + 2L);
    }
  }

  /// {@return the blocks that waited}
  public Section end() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(Column.SHAPES, shapes.toByteArray()));
    columns.add(new Column(Column.CODE, code.toByteArray()));
    columns.add(new Column(Column.PLACES, places.toByteArray()));
    if (linesKnown > 0) {
      columns.add(new Column(Column.LINES, lines.toByteArray()));
    }
    if (marks.size() > 0) {
      columns.add(new Column(Column.MARKS, marks.toByteArray()));
    }
    Section section = new Section(Section.DEFINITIONS, 0, false, firstBlock, blocks, 0, columns);
    firstBlock += blocks;
    blocks = 0;
    linesKnown = 0;
    behind = 0;
    shapes.clear();
    code.clear();
    places.clear();
    lines.clear();
    marks.clear();
    return section;
  }
}
