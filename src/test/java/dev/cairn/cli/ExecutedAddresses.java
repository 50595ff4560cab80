package dev.cairn.cli;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Hashes the address of every instruction that the first thread executes, in order, from a number
/// of instructions on, or from the first one outside of a page on.
final class ExecutedAddresses implements Analysis<ExecutedAddresses.Sum> {
  private static final int PAGE = 4096;

  /// How many instructions, and the hash of their addresses.
  record Sum(long instructions, long hash) {}

  private final BatchCursor cursor = new BatchCursor();
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final long from;
  private final long stub;
  private boolean begun;
  private long instructions;
  private long hash;

  private ExecutedAddresses(long from, long stub) {
    this.from = from;
    this.stub = stub;
  }

  static ExecutedAddresses from(long instructions) {
    return new ExecutedAddresses(instructions, -1);
  }

  /// @param stub the page's address; what executes there at the beginning does not count
  static ExecutedAddresses behind(long stub) {
    return new ExecutedAddresses(0, stub);
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
      BlockDefinition block = blocks.get(cursor.block());
      for (int i = cursor.first(); i < cursor.end(); i++) {
        long pc = block.pc() + 4L * i;
        begun |= stub < 0 ? at >= from : pc < stub || pc >= stub + PAGE;
        at++;
        if (begun) {
          instructions++;
          hash = hash * 0x9e3779b97f4a7c15L + pc;
        }
      }
    }
  }

  @Override
  public Sum result() {
    return new Sum(instructions, hash);
  }

  @Override
  public String toString() {
    return Objects.toString(result());
  }
}
