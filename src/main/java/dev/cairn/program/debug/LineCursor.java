package dev.cairn.program.debug;

/// A walk over rows of a [LineTable]; ends of sequences are passed over. Makes no garbage.
///
/// ```java
/// for (LineCursor rows = table.rows(start, end); rows.next(); ) {
///   count(rows.row());
/// }
/// ```
public final class LineCursor {
  private final LineTable table;
  private final long limit;
  private int next;

  LineCursor(LineTable table, int first, long limit) {
    this.table = table;
    this.next = first;
    this.limit = limit;
  }

  /// Goes to the next row.
  ///
  /// @return whether there is one
  public boolean next() {
    while (next < table.rows() && table.address(next) < limit) {
      next++;
      if (!table.endsSequence(next - 1)) {
        return true;
      }
    }
    return false;
  }

  /// {@return the present row's index in the table}
  public int row() {
    return next - 1;
  }

  public long address() {
    return table.address(row());
  }

  /// {@return the address up to which the row holds: its own if another has the same}
  public long end() {
    return table.address(next);
  }

  /// {@return an index into [LineTable#files()]; [LineTable#UNKNOWN] if the row has no line}
  public int fileIndex() {
    return table.fileIndex(row());
  }

  /// {@return from 1; 0 if the row has no line}
  public int line() {
    return table.line(row());
  }

  public boolean isStatement() {
    return table.isStatement(row());
  }
}
