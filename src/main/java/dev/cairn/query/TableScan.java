package dev.cairn.query;

import dev.cairn.event.Analysis;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBTableFunctionState;
import org.jspecify.annotations.Nullable;

/// One way through a trace for one table: a thread reads, and the rows wait until they are asked
/// for, some thousand at most.
final class TableScan implements DuckDBTableFunctionState, RowSink {
  private static final int WAITING = 8;
  private static final int PATIENCE_MILLIS = 20;

  private final TraceTable table;
  private final TracePart part;
  private final Isa isa;
  private final boolean[] wanted;
  private final BlockingQueue<Rows> full = new ArrayBlockingQueue<>(WAITING);
  private final BlockingQueue<Rows> empty = new ArrayBlockingQueue<>(WAITING + 2);
  private final Thread thread;
  private Rows current;
  private volatile boolean closed;
  private volatile @Nullable Exception failure;

  /// Nobody wants more.
  private static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// @param wanted by column, whether its values are
  TableScan(TraceTable table, TracePart part, Isa isa, boolean[] wanted) {
    this.table = table;
    this.part = part;
    this.isa = isa;
    this.wanted = wanted.clone();
    current = new Rows(table.columns());
    for (int i = 0; i <= WAITING; i++) {
      empty.add(new Rows(table.columns()));
    }
    thread = Thread.ofPlatform().daemon().name("rows of " + table.text()).unstarted(this::read);
  }

  void start() {
    thread.start();
  }

  private void read() {
    try (TraceReader reader = TraceReader.open(part.path())) {
      if (table.needsAccesses()) {
        reader.needAddresses();
      } else {
        reader.leaveAccessesOut();
      }
      if (table.needsValues(wanted)) {
        reader.giveValues();
      }
      Analysis<Boolean> rows = table.rows(isa, reader, this);
      reader.replay(part.from(), part.until(), part.thread(), List.of(rows), () -> closed);
      Boolean _ = rows.result();
      if (current.size() > 0) {
        hand();
      }
    } catch (IOException | RuntimeException e) {
      failure = e instanceof Closed ? null : e;
    } finally {
      closed = true;
    }
  }

  @Override
  public Rows rows() {
    return current;
  }

  @Override
  public void end() {
    current.end();
    if (current.isFull()) {
      hand();
    }
  }

  @Override
  public boolean wants(int column) {
    return wanted[column];
  }

  private void hand() {
    try {
      while (!full.offer(current, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        if (closed) {
          throw new Closed();
        }
      }
      Rows next = empty.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      while (next == null) {
        if (closed) {
          throw new Closed();
        }
        next = empty.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      }
      next.clear();
      current = next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Closed();
    }
  }

  /// {@return the next rows, to be given back; null when there are no more}
  ///
  /// @throws IOException if the trace could not be read
  @Nullable Rows next() throws IOException, InterruptedException {
    Rows rows = full.poll();
    while (rows == null) {
      if (closed) {
        rows = full.poll();
        if (rows == null) {
          complain();
          return null;
        }
        return rows;
      }
      rows = full.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }
    return rows;
  }

  private void complain() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Exception e -> throw new IllegalStateException(e);
    }
  }

  /// Gives rows back.
  void done(Rows rows) {
    empty.add(rows);
  }

  @Override
  public void close() {
    closed = true;
  }
}
