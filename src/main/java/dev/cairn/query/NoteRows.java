package dev.cairn.query;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.call.SystemCallTable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tables `system_calls` and `signals`: a row a call, when it has returned or at the end, or a
/// signal that took a thread away.
final class NoteRows implements Analysis<Boolean> {
  static final List<Column> CALLS =
      List.of(
          new Column("thread", Column.Kind.INTEGER),
          new Column("instruction", Column.Kind.LONG),
          new Column("call", Column.Kind.LONG),
          new Column("number", Column.Kind.INTEGER),
          new Column("name", Column.Kind.TEXT),
          new Column("arg0", Column.Kind.LONG),
          new Column("arg1", Column.Kind.LONG),
          new Column("arg2", Column.Kind.LONG),
          new Column("arg3", Column.Kind.LONG),
          new Column("arg4", Column.Kind.LONG),
          new Column("arg5", Column.Kind.LONG),
          new Column("result", Column.Kind.LONG));

  static final List<Column> SIGNALS =
      List.of(
          new Column("thread", Column.Kind.INTEGER),
          new Column("instruction", Column.Kind.LONG),
          new Column("signal", Column.Kind.INTEGER),
          new Column("pc", Column.Kind.LONG));

  private static final int FIRST_ARGUMENT = 5;
  private static final int ARGUMENTS = 6;
  private static final int RESULT = 11;

  private final boolean calls;
  private final RowSink sink;
  private final SystemCallTable table = SystemCallTable.aarch64Linux();
  private final BatchCursor cursor = new BatchCursor();

  /// Calls that were told of, and calls that were made, by number.
  private final Map<Long, SystemCall> told = new HashMap<>();

  private final Map<Long, Long> results = new HashMap<>();
  private final Map<Long, Made> open = new TreeMap<>();

  private record Made(SystemCall call, long position) {}

  /// @param calls whether it is `system_calls`
  NoteRows(boolean calls, RowSink sink) {
    this.calls = calls;
    this.sink = sink;
  }

  @Override
  public void define(BlockDefinition block) {}

  @Override
  public void systemCall(SystemCall call) {
    if (calls) {
      told.put(call.index(), call);
    }
  }

  @Override
  public void systemReturn(SystemReturn result) {
    if (calls) {
      results.put(result.index(), result.result());
    }
  }

  @Override
  public void pause(int thread) {
    for (Iterator<SystemCall> each = told.values().iterator(); each.hasNext(); ) {
      SystemCall call = each.next();
      if (call.thread() == thread) {
        each.remove();
        results.remove(call.index());
      }
    }
  }

  @Override
  public void accept(Batch batch) {
    long position = batch.firstInstruction();
    cursor.wrap(batch);
    boolean more = cursor.next();
    while (true) {
      for (int i = cursor.firstNote(); i < cursor.endNote(); i++) {
        note(batch.thread(), position, cursor.word(i));
      }
      if (!more) {
        return;
      }
      position += cursor.end() - cursor.first();
      more = cursor.next();
    }
  }

  private void note(int thread, long position, long word) {
    long value = EventWord.address(word);
    int note = EventWord.note(word);
    if (!calls) {
      if (note == EventWord.NOTE_INTERRUPT) {
        Rows rows = sink.rows();
        rows.set(0, thread);
        rows.set(1, position);
        rows.set(2, EventWord.detail(word));
        rows.set(3, value);
        sink.end();
      }
    } else if (note == EventWord.NOTE_CALL) {
      SystemCall call = told.remove(value);
      if (call != null) {
        open.put(value, new Made(call, position));
      }
    } else if (note == EventWord.NOTE_RETURN) {
      Long result = results.remove(value);
      Made made = open.remove(value);
      if (made != null) {
        row(made, result);
      }
    }
  }

  private void row(Made made, @Nullable Long result) {
    SystemCall call = made.call;
    Rows rows = sink.rows();
    rows.set(0, call.thread());
    rows.set(1, made.position);
    rows.set(2, call.index());
    rows.set(3, call.number());
    rows.set(4, table.name(call.number()));
    for (int i = 0; i < ARGUMENTS; i++) {
      rows.set(FIRST_ARGUMENT + i, call.arguments()[i]);
    }
    if (result == null) {
      rows.leaveOut(RESULT);
    } else {
      rows.set(RESULT, result);
    }
    sink.end();
  }

  @Override
  public Boolean result() {
    open.values().forEach(made -> row(made, null));
    return true;
  }
}
