package dev.cairn.program.debug;

import dev.cairn.program.debug.DebugSections.CodeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A line table under construction: sequences come in the order of the file, each with ascending
/// addresses mostly.
///
/// A sequence outside of the file's code is of a function that the linker left out, and goes. Where
/// sequences overlap, the one that begins first stays, and of several the file's first: a linker
/// keeps one copy of an inline function, and the lines of every copy.
final class LineTableBuilder {
  private record Sequence(long start, long end, int from, int to) {}

  private final TreeMap<Long, Long> code = new TreeMap<>();
  private final Map<String, Integer> files = new LinkedHashMap<>();
  private final List<Sequence> sequences = new ArrayList<>();
  private long[] addresses = new long[64];
  private int[] lines = new int[64];
  private int[] marks = new int[64];
  private int rows;
  private int sequenceStart;
  private boolean isAscending = true;

  LineTableBuilder(List<CodeRange> code) {
    for (CodeRange range : code) {
      this.code.merge(range.start(), range.end(), Math::max);
    }
  }

  int fileIndex(String path) {
    Integer known = files.putIfAbsent(path, files.size());
    return known == null ? files.size() - 1 : known;
  }

  boolean isInSequence() {
    return rows > sequenceStart;
  }

  void append(long address, int file, int line, boolean isStatement) {
    int mark = LineTable.mark(file, isStatement, false);
    if (rows > sequenceStart) {
      int last = rows - 1;
      if (addresses[last] == address && lines[last] == line && marks[last] == mark) {
        return; // says what the last row said
      }
      isAscending &= addresses[last] <= address;
    }
    add(address, line, mark);
  }

  void endSequence(long end) {
    if (isInSequence()) {
      if (!isAscending) {
        sortSequence();
      }
      long start = addresses[sequenceStart];
      boolean inOrder = start < end && addresses[rows - 1] <= end;
      if (inOrder && isCode(start, end)) {
        add(end, 0, LineTable.mark(LineTable.UNKNOWN, false, true));
        sequences.add(new Sequence(start, end, sequenceStart, rows));
      } else {
        rows = sequenceStart;
      }
    }
    sequenceStart = rows;
    isAscending = true;
  }

  private boolean isCode(long start, long end) {
    Map.Entry<Long, Long> range = code.floorEntry(start);
    return range != null && start < range.getValue() && end <= range.getValue();
  }

  private void add(long address, int line, int mark) {
    if (rows == addresses.length) {
      int larger = Math.addExact(rows, rows / 2);
      addresses = Arrays.copyOf(addresses, larger);
      lines = Arrays.copyOf(lines, larger);
      marks = Arrays.copyOf(marks, larger);
    }
    addresses[rows] = address;
    lines[rows] = line;
    marks[rows] = mark;
    rows++;
  }

  private void sortSequence() {
    Integer[] order = new Integer[rows - sequenceStart];
    for (int i = 0; i < order.length; i++) {
      order[i] = sequenceStart + i;
    }
    Arrays.sort(order, Comparator.comparingLong(row -> addresses[row]));
    long[] oldAddresses = Arrays.copyOfRange(addresses, sequenceStart, rows);
    int[] oldLines = Arrays.copyOfRange(lines, sequenceStart, rows);
    int[] oldMarks = Arrays.copyOfRange(marks, sequenceStart, rows);
    for (int i = 0; i < order.length; i++) {
      int from = order[i] - sequenceStart;
      addresses[sequenceStart + i] = oldAddresses[from];
      lines[sequenceStart + i] = oldLines[from];
      marks[sequenceStart + i] = oldMarks[from];
    }
  }

  LineTable build() {
    sequences.sort(Comparator.comparingLong(Sequence::start)); // stable: the file's order
    long[] sortedAddresses = new long[rows];
    int[] sortedLines = new int[rows];
    int[] sortedMarks = new int[rows];
    int count = 0;
    long end = 0;
    for (Sequence sequence : sequences) {
      if (sequence.start >= end) {
        int length = sequence.to - sequence.from;
        System.arraycopy(addresses, sequence.from, sortedAddresses, count, length);
        System.arraycopy(lines, sequence.from, sortedLines, count, length);
        System.arraycopy(marks, sequence.from, sortedMarks, count, length);
        count += length;
        end = sequence.end;
      }
    }
    return new LineTable(
        List.copyOf(files.keySet()),
        Arrays.copyOf(sortedAddresses, count),
        Arrays.copyOf(sortedLines, count),
        Arrays.copyOf(sortedMarks, count));
  }
}
