package dev.cairn.query;

import dev.cairn.event.Analysis;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.TraceReader;
import java.util.List;
import java.util.Locale;

/// A table of a trace.
public enum TraceTable {
  /// A row a memory access.
  ACCESSES,

  /// A row an instruction executed.
  INSTRUCTIONS,

  /// A row a block that QEMU translated.
  BLOCKS,

  /// A row a system call.
  SYSTEM_CALLS,

  /// A row a signal that took a thread away.
  SIGNALS;

  /// {@return as SQL has it}
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<Column> columns() {
    return switch (this) {
      case ACCESSES -> ExecutionRows.ACCESSES;
      case INSTRUCTIONS -> ExecutionRows.INSTRUCTIONS;
      case BLOCKS -> BlockRows.COLUMNS;
      case SYSTEM_CALLS -> NoteRows.CALLS;
      case SIGNALS -> NoteRows.SIGNALS;
    };
  }

  /// {@return whether memory accesses have to be read for it}
  boolean needsAccesses() {
    return this == ACCESSES;
  }

  /// {@return whether values of accesses have to be read for some of its columns}
  boolean needsValues(boolean[] wanted) {
    boolean needed = false;
    for (int i = 0; i < wanted.length && this == ACCESSES; i++) {
      needed |= wanted[i] && ExecutionRows.isValue(i);
    }
    return needed;
  }

  /// {@return what makes its rows}
  Analysis<Boolean> rows(Isa isa, TraceReader reader, RowSink sink) {
    return switch (this) {
      case ACCESSES -> new ExecutionRows(true, isa, reader, sink);
      case INSTRUCTIONS -> new ExecutionRows(false, isa, reader, sink);
      case BLOCKS -> new BlockRows(reader, sink);
      case SYSTEM_CALLS -> new NoteRows(true, sink);
      case SIGNALS -> new NoteRows(false, sink);
    };
  }
}
