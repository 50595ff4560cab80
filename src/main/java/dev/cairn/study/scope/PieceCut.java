package dev.cairn.study.scope;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import java.util.List;

/// Hands analyses what a thread executes in [Pieces], with the clock's count in place of the run's.
/// Where the clock stands still they are told of a pause.
///
/// **Result**: how many instructions were handed on.
///
/// Cost: every batch is copied.
public final class PieceCut implements Analysis<Long> {
  private static final int CAPACITY = (1 << 16) + 16;

  private final Pieces pieces;
  private final int thread;
  private final List<Analysis<?>> analyses;
  private final BatchCursor cursor = new BatchCursor();
  private final Batch out = new Batch(CAPACITY);
  private final long[] words = out.words();
  private int length;

  /// The piece that is under way or comes next.
  private int piece;

  /// What the clock shows before the first word that waits.
  private long clock;

  /// Whether analyses have seen something since the last pause.
  private boolean seen;

  private long instructions;

  /// @param thread whose pieces they are
  /// @param analyses take each batch in this order
  public PieceCut(Pieces pieces, int thread, List<? extends Analysis<?>> analyses) {
    this.pieces = pieces;
    this.thread = thread;
    this.analyses = List.copyOf(analyses);
  }

  @Override
  public void define(BlockDefinition block) {
    analyses.forEach(analysis -> analysis.define(block));
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != thread) {
      return;
    }
    long position = batch.firstInstruction();
    cursor.wrap(batch);
    while (cursor.next()) {
      notes(position);
      execution(position);
      position += cursor.end() - cursor.first();
    }
    notes(position);
    flush();
  }

  /// {@return whether the instruction at a position is in a piece, which then is the present one}
  private boolean isInside(long position) {
    while (piece < pieces.count() && position >= pieces.end(piece)) {
      pause();
      piece++;
    }
    return piece < pieces.count() && position >= pieces.begin(piece);
  }

  private void notes(long position) {
    if (cursor.firstNote() < cursor.endNote() && isInside(position)) {
      for (int i = cursor.firstNote(); i < cursor.endNote(); i++) {
        makeRoom(1, position);
        words[length++] = cursor.word(i);
      }
    }
  }

  private void execution(long position) {
    int end = cursor.end();
    int access = cursor.firstAccess();
    int at = cursor.first();
    if (at == end && isInside(position)) {
      add(position, at, end, access, cursor.endAccess());
    }
    while (at < end) {
      long here = position + (at - cursor.first());
      boolean inside = isInside(here);
      if (piece == pieces.count()) {
        return;
      }
      long until = inside ? pieces.end(piece) : pieces.begin(piece);
      int stop = (int) Math.min(end, at + (until - here));
      int endAccess = access;
      while (endAccess < cursor.endAccess()
          && EventWord.instruction(cursor.word(endAccess)) < stop) {
        endAccess++;
      }
      if (inside) {
        add(here, at, stop, access, endAccess);
      }
      at = stop;
      access = endAccess;
    }
  }

  private void add(long position, int first, int end, int access, int endAccess) {
    makeRoom(1 + endAccess - access, position);
    words[length++] = EventWord.execution(cursor.block(), first, end);
    for (int i = access; i < endAccess; i++) {
      words[length++] = cursor.word(i);
    }
  }

  private void makeRoom(int count, long position) {
    if (length + count > CAPACITY) {
      flush();
    }
    if (length == 0) {
      clock = pieces.clock(position);
    }
  }

  private void flush() {
    if (length > 0) {
      out.reset(thread, clock, length);
      length = 0;
      seen = true;
      instructions += out.instructions();
      analyses.forEach(analysis -> analysis.accept(out));
    }
  }

  private void pause() {
    flush();
    if (seen) {
      seen = false;
      analyses.forEach(analysis -> analysis.pause(thread));
    }
  }

  @Override
  public void pause(int number) {
    if (number == thread) {
      pause();
    }
  }

  @Override
  public Long result() {
    return instructions;
  }
}
