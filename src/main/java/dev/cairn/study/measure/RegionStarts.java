package dev.cairn.study.measure;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import java.util.Arrays;

/// The addresses that a thread stands at when it has executed so many instructions: shows whether a
/// run is the same as one before.
///
/// **Result**: `long[positions]`, the virtual address of the instruction behind each position; 0
/// where the run did not come there.
public final class RegionStarts implements Analysis<long[]> {
  private final long[] positions;
  private final long[] found;
  private final BatchCursor cursor = new BatchCursor();
  private BlockDefinition[] blocks = new BlockDefinition[1024];
  private int next;

  /// @param positions in instructions, ascending
  public RegionStarts(long[] positions) {
    this.positions = positions.clone();
    found = new long[positions.length];
  }

  @Override
  public void define(BlockDefinition block) {
    if (block.id() == blocks.length) {
      blocks = Arrays.copyOf(blocks, blocks.length * 2);
    }
    blocks[block.id()] = block;
  }

  @Override
  public void accept(Batch batch) {
    if (next == positions.length || batch.thread() != 0) {
      return;
    }
    long position = batch.firstInstruction();
    if (positions[next] >= position + batch.instructions()) {
      return;
    }
    cursor.wrap(batch);
    while (cursor.next() && next < positions.length) {
      int executed = cursor.end() - cursor.first();
      while (next < positions.length && positions[next] < position + executed) {
        if (positions[next] >= position) {
          found[next] = pc(cursor.block(), cursor.first() + (int) (positions[next] - position));
        }
        next++;
      }
      position += executed;
    }
  }

  private long pc(int block, int instruction) {
    long pc = blocks[block].pc();
    for (int i = 0; i < instruction; i++) {
      pc += blocks[block].sizes()[i];
    }
    return pc;
  }

  @Override
  public long[] result() {
    return found.clone();
  }
}
