package dev.cairn.profile.vector;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.CodePosition;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Sees each thread's instructions one by one.
final class EachThread implements Analysis<Integer> {
  private final int interval;
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final BatchCursor cursor = new BatchCursor();
  private final Map<Integer, Long> executed = new TreeMap<>();
  private final Map<Integer, Map<Long, Long>> reached = new HashMap<>();
  private final Map<Integer, Instruction> last = new HashMap<>();
  private final Map<Integer, Long> lastPc = new HashMap<>();
  final Map<Integer, List<CodePosition>> starts = new TreeMap<>();
  final Map<Integer, List<Map<Long, Long>>> addresses = new TreeMap<>();
  final Map<Integer, List<Map<String, Long>>> back = new TreeMap<>();

  /// @param interval instructions
  EachThread(int interval) {
    this.interval = interval;
  }

  @Override
  public void define(BlockDefinition block) {
    blocks.add(block);
  }

  @Override
  public void accept(Batch batch) {
    cursor.wrap(batch);
    while (cursor.next()) {
      BlockDefinition block = blocks.get(cursor.block());
      ByteBuffer code = ByteBuffer.wrap(block.code()).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = cursor.first(); i < cursor.end(); i++) {
        step(batch.thread(), block.pc() + 4L * i, code.getInt(4 * i));
      }
    }
  }

  private void step(int thread, long pc, int word) {
    List<Map<String, Long>> rows = back.computeIfAbsent(thread, _ -> new ArrayList<>());
    Instruction before = last.get(thread);
    if (before != null) {
      long beforePc = Objects.requireNonNull(lastPc.get(thread));
      if (goesBack(before, beforePc) && before.target() == pc) {
        rows.getLast().merge(name(beforePc, pc), 1L, Long::sum);
      }
    }
    long count = executed.merge(thread, 1L, Long::sum);
    long times = reached.computeIfAbsent(thread, _ -> new HashMap<>()).merge(pc, 1L, Long::sum);
    List<Map<Long, Long>> of = addresses.computeIfAbsent(thread, _ -> new ArrayList<>());
    if ((count - 1) % interval == 0) {
      rows.add(new TreeMap<>());
      of.add(new TreeMap<>());
      if (count > 1) {
        starts.computeIfAbsent(thread, _ -> new ArrayList<>()).add(new CodePosition(pc, times));
      }
    }
    of.getLast().merge(pc, 1L, Long::sum);
    last.put(thread, decode(pc, word));
    lastPc.put(thread, pc);
  }

  @Override
  public Integer result() {
    return executed.size();
  }

  static Instruction decode(long pc, int word) {
    byte[] code = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(word).array();
    return new AArch64().decode(pc, code, 0);
  }

  static boolean goesBack(Instruction instruction, long pc) {
    return (instruction.branch() == BranchKind.CONDITIONAL
            || instruction.branch() == BranchKind.JUMP)
        && instruction.target() <= pc;
  }

  static String name(long pc, long target) {
    return "%x to %x".formatted(pc, target);
  }
}
