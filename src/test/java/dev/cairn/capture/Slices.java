package dev.cairn.capture;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What one thread did in some windows, instruction by instruction and free of block ids, so that
/// two runs can be compared.
///
/// **Result**: for each window `long[]`: the address of each instruction that executed, followed by
/// its accesses as [EventWord]s without the index of the instruction.
final class Slices implements Analysis<List<long[]>> {
  private static final long INDEX =
      (long) EventWord.INSTRUCTION_MASK << EventWord.INSTRUCTION_SHIFT;

  private final int thread;
  private final List<Window> windows;
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final List<long[]> slices = new ArrayList<>();
  private final BatchCursor cursor = new BatchCursor();
  private long[] slice = new long[1 << 10];
  private int size;
  private int window;
  private long position;

  /// @param windows ascending, without overlap
  Slices(int thread, List<Window> windows) {
    this.thread = thread;
    this.windows = windows;
  }

  @Override
  public void define(BlockDefinition block) {
    if (block.id() != blocks.size()) {
      throw new IllegalStateException("block " + block.id() + " after " + blocks.size());
    }
    blocks.add(block);
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != thread) {
      return;
    }
    if (batch.firstInstruction() < position) {
      throw new IllegalStateException(
          "a batch at " + batch.firstInstruction() + " behind " + position);
    }
    position = batch.firstInstruction();
    cursor.wrap(batch);
    while (cursor.next()) {
      execution();
    }
  }

  private void execution() {
    long end = position + cursor.end() - cursor.first();
    while (window < windows.size() && windows.get(window).until() <= position) {
      closeWindow();
    }
    for (int w = window; w < windows.size() && windows.get(w).from() < end; w++) {
      if (w > window) {
        closeWindow();
      }
      addInstructions();
      if (windows.get(w).until() > end) {
        break;
      }
    }
    position = end;
  }

  private void addInstructions() {
    BlockDefinition block = blocks.get(cursor.block());
    long pc = block.pc();
    int access = cursor.firstAccess();
    for (int i = 0; i < cursor.end(); i++) {
      boolean inside =
          i >= cursor.first()
              && position + i - cursor.first() >= windows.get(window).from()
              && position + i - cursor.first() < windows.get(window).until();
      if (inside) {
        add(pc);
      }
      while (access < cursor.endAccess() && EventWord.instruction(cursor.word(access)) == i) {
        if (inside) {
          add(cursor.word(access) & ~INDEX);
        }
        access++;
      }
      pc += block.sizes()[i];
    }
    if (access != cursor.endAccess()) {
      throw new IllegalStateException("an access of an instruction that did not execute");
    }
  }

  private void add(long word) {
    if (size == slice.length) {
      slice = Arrays.copyOf(slice, size * 2);
    }
    slice[size++] = word;
  }

  private void closeWindow() {
    slices.add(Arrays.copyOf(slice, size));
    size = 0;
    window++;
  }

  /// {@return how many instructions the thread has executed by now}
  long position() {
    return position;
  }

  @Override
  public List<long[]> result() {
    while (window < windows.size()) {
      closeWindow();
    }
    return slices;
  }
}
