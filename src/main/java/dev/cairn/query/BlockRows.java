package dev.cairn.query;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.trace.TraceReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The table `blocks`: a row a block that QEMU translated, with how often it was executed.
final class BlockRows implements Analysis<Boolean> {
  static final List<Column> COLUMNS =
      List.of(
          new Column("block", Column.Kind.INTEGER),
          new Column("pc", Column.Kind.LONG),
          new Column("instructions", Column.Kind.INTEGER),
          new Column("function", Column.Kind.TEXT),
          new Column("file", Column.Kind.TEXT),
          new Column("source", Column.Kind.TEXT),
          new Column("line", Column.Kind.INTEGER),
          new Column("executions", Column.Kind.LONG),
          new Column("executed", Column.Kind.LONG));

  private final TraceReader reader;
  private final RowSink sink;
  private final CodeTable code;
  private final BatchCursor cursor = new BatchCursor();
  private final List<@Nullable SourceLine> sources = new ArrayList<>();
  private long[] executions = new long[1024];
  private long[] executed = new long[1024];

  BlockRows(TraceReader reader, RowSink sink) {
    this.reader = reader;
    this.sink = sink;
    code = new CodeTable(reader);
  }

  @Override
  public void define(BlockDefinition block) {
    code.define(block);
    sources.add(reader.sourceLine(block.pc()));
    if (block.id() >= executions.length) {
      executions = Arrays.copyOf(executions, 2 * block.id());
      executed = Arrays.copyOf(executed, 2 * block.id());
    }
  }

  @Override
  public void accept(Batch batch) {
    cursor.wrap(batch);
    while (cursor.next()) {
      executions[cursor.block()]++;
      executed[cursor.block()] += cursor.end() - cursor.first();
    }
  }

  @Override
  public Boolean result() {
    for (int id = 0; id < code.blocks().size(); id++) {
      CodeTable.Code block = code.block(id);
      SourceLine source = sources.get(id);
      boolean any = block.block().instructions() > 0;
      Rows rows = sink.rows();
      rows.set(0, id);
      rows.set(1, block.block().pc());
      rows.set(2, block.block().instructions());
      rows.set(3, any ? block.function(0) : null);
      rows.set(4, any ? block.file(0) : null);
      rows.set(5, source == null ? null : source.file());
      if (source == null) {
        rows.leaveOut(6);
      } else {
        rows.set(6, source.line());
      }
      rows.set(7, executions[id]);
      rows.set(8, executed[id]);
      sink.end();
    }
    return true;
  }
}
