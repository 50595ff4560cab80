package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which line of source each address of a file comes from. Immutable.
///
/// Rows in the order of their addresses, in flat arrays: a row holds from its address to that of
/// the next. Several may have one address: an optimised program can do what several lines say by
/// one instruction, or by none; the last of them holds. Rows come in sequences, each ended by a row
/// that has no line and only says where the code ends. 16 bytes a row.
///
/// Addresses are before the load bias is added, and not negative.
public final class LineTable {
  /// Stands for a file that is not known.
  public static final int UNKNOWN = -1;

  public static final LineTable EMPTY =
      new LineTable(List.of(), new long[0], new int[0], new int[0]);

  private static final int STATEMENT_BIT = 1;
  private static final int END_BIT = 2;
  private static final int FILE_SHIFT = 2;
  private static final int MOST_FILES = 1 << (30 - FILE_SHIFT);

  private final List<String> files;
  private final long[] addresses;
  private final int[] lines;
  private final int[] marks;

  LineTable(List<String> files, long[] addresses, int[] lines, int[] marks) {
    this.files = files;
    this.addresses = addresses;
    this.lines = lines;
    this.marks = marks;
  }

  /// Reads a file's debug information.
  ///
  /// @return the table; empty if there is none
  /// @throws FormatException if it is damaged, or of a version of DWARF that is not 2 to 5
  public static LineTable read(DebugSections sections) throws FormatException {
    return sections.lines().byteSize() == 0 ? EMPTY : new LineProgramReader(sections).read();
  }

  /// Builds a table of what its accessors told; the arrays have an element for each row.
  ///
  /// @param files names, not empty
  /// @param fileIndices into `files`; [#UNKNOWN] where the line is 0
  /// @param lines from 1; 0 where the line is not known, and at ends
  /// @param statements whether a row begins a statement
  /// @param ends whether a row ends a sequence; the last one must
  public static LineTable of(
      List<String> files,
      long[] addresses,
      int[] fileIndices,
      int[] lines,
      boolean[] statements,
      boolean[] ends) {
    int rows = addresses.length;
    if (fileIndices.length != rows
        || lines.length != rows
        || statements.length != rows
        || ends.length != rows) {
      throw new IllegalArgumentException("the arrays must have one length: " + rows);
    }
    if (files.size() > MOST_FILES || files.contains("")) {
      throw new IllegalArgumentException("a file has no name, or there are too many");
    }
    int[] marks = new int[rows];
    long last = 0;
    for (int row = 0; row < rows; row++) {
      boolean known = fileIndices[row] >= 0 && fileIndices[row] < files.size() && lines[row] >= 1;
      boolean unknown = fileIndices[row] == UNKNOWN && lines[row] == 0;
      if (addresses[row] < last || !(ends[row] ? unknown : known || unknown)) {
        throw new IllegalArgumentException(
            "row %d cannot be: address 0x%x after 0x%x, file %d, line %d"
                .formatted(row, addresses[row], last, fileIndices[row], lines[row]));
      }
      last = addresses[row];
      marks[row] = mark(fileIndices[row], statements[row], ends[row]);
    }
    if (rows > 0 && !ends[rows - 1]) {
      throw new IllegalArgumentException("the last sequence has no end");
    }
    return new LineTable(List.copyOf(files), addresses.clone(), lines.clone(), marks);
  }

  static int mark(int file, boolean isStatement, boolean isEnd) {
    return (file + 1) << FILE_SHIFT | (isEnd ? END_BIT : 0) | (isStatement ? STATEMENT_BIT : 0);
  }

  /// {@return the names of the files that rows refer to}
  public List<String> files() {
    return files;
  }

  /// {@return how many rows there are, ends of sequences included}
  public int rows() {
    return addresses.length;
  }

  public long address(int row) {
    return addresses[row];
  }

  /// {@return an index into [#files()]; [#UNKNOWN] if the row has no line}
  public int fileIndex(int row) {
    return (marks[row] >>> FILE_SHIFT) - 1;
  }

  /// {@return from 1; 0 if the row has no line}
  public int line(int row) {
    return lines[row];
  }

  /// {@return whether the row begins a statement, so that a debugger would stop here}
  public boolean isStatement(int row) {
    return (marks[row] & STATEMENT_BIT) != 0;
  }

  /// {@return whether the row only says where the code of those before it ends}
  public boolean endsSequence(int row) {
    return (marks[row] & END_BIT) != 0;
  }

  /// {@return the line that an address comes from, or null if it is not known}
  public @Nullable SourceLine find(long address) {
    int row = firstRowAbove(address) - 1;
    return row < 0 ? null : source(row);
  }

  /// {@return the line of a row, or null if it has none}
  public @Nullable SourceLine source(int row) {
    int file = fileIndex(row);
    return file == UNKNOWN ? null : new SourceLine(files.get(file), lines[row]);
  }

  /// {@return a walk over the rows whose code lies in a range, in their order}
  ///
  /// @param start of the range: the row that holds there comes first, though it may begin before
  /// @param end of the first byte behind the range
  public LineCursor rows(long start, long end) {
    if (end <= start) {
      return new LineCursor(this, addresses.length, end);
    }
    int first = firstRowAbove(start - 1);
    boolean beginsLater = first == addresses.length || addresses[first] != start;
    return new LineCursor(this, beginsLater && first > 0 ? first - 1 : first, end);
  }

  private int firstRowAbove(long address) {
    int low = 0;
    int high = addresses.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (addresses[middle] <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
