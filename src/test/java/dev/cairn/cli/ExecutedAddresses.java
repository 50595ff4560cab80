package dev.cairn.cli;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The address of every instruction that the first thread executes, in order, or of those from the
/// first one outside of a page on.
final class ExecutedAddresses implements Analysis<long[]> {
  private static final int PAGE = 4096;
  private static final int INSTRUCTION_BYTES = 4;

  private final BatchCursor cursor = new BatchCursor();
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final long stub;
  private boolean begun;
  private long[] addresses = new long[1 << 16];
  private int count;

  private ExecutedAddresses(long stub) {
    this.stub = stub;
    begun = stub < 0;
  }

  static ExecutedAddresses all() {
    return new ExecutedAddresses(-1);
  }

  /// @param stub the page's address; what executes there at the beginning does not count
  static ExecutedAddresses behind(long stub) {
    return new ExecutedAddresses(stub);
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
    cursor.wrap(batch);
    while (cursor.next()) {
      BlockDefinition block = blocks.get(cursor.block());
      for (int i = cursor.first(); i < cursor.end(); i++) {
        add(block.pc() + (long) INSTRUCTION_BYTES * i);
      }
    }
  }

  private void add(long pc) {
    begun |= pc < stub || pc >= stub + PAGE;
    if (!begun) {
      return;
    }
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
    }
    addresses[count++] = pc;
  }

  @Override
  public long[] result() {
    return Arrays.copyOf(addresses, count);
  }
}
