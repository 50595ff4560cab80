package dev.cairn.checkpoint.verify;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import java.util.ArrayList;
import java.util.List;

/// Records what the first thread executes between two counts of instructions.
public final class PathRecorder implements Analysis<ExecutedPath> {
  private final BatchCursor cursor = new BatchCursor();
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final ExecutedPath path = new ExecutedPath();
  private final long from;
  private final long until;

  /// @param from instructions executed before the first one that is recorded
  /// @param until instructions executed before the first one that is not
  public PathRecorder(long from, long until) {
    this.from = from;
    this.until = until;
  }

  @Override
  public void define(BlockDefinition block) {
    blocks.add(block);
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != 0) {
      return;
    }
    long at = batch.firstInstruction();
    cursor.wrap(batch);
    while (cursor.next()) {
      int count = cursor.end() - cursor.first();
      if (at + count > from && at < until) {
        add(blocks.get(cursor.block()), at);
      }
      at += count;
    }
  }

  private void add(BlockDefinition block, long first) {
    long pc = block.pc();
    byte[] sizes = block.sizes();
    for (int i = 0; i < cursor.first(); i++) {
      pc += sizes[i];
    }
    long at = first;
    for (int i = cursor.first(); i < cursor.end(); i++) {
      if (at >= from && at < until) {
        path.add(pc);
      }
      pc += sizes[i];
      at++;
    }
  }

  /// {@return the path; nothing is added to it any more}
  @Override
  public ExecutedPath result() {
    path.finish();
    return path;
  }
}
