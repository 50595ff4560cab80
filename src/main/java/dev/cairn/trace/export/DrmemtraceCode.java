package dev.cairn.trace.export;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.AccessKind;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import dev.cairn.program.isa.MemoryHint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What does not change of the code, as DynamoRIO's records have it.
final class DrmemtraceCode {
  /// A block.
  ///
  /// @param types of the record of each instruction; conditional branches have that of a taken one
  /// @param changes whether other code was seen at the address of an instruction, too
  /// @param loads how many loads DynamoRIO expects of an instruction: 1, or 0, or [#ANY]
  /// @param stores likewise
  /// @param touches the type of the record of an instruction that names memory without an access;
  ///   -1 for all others
  /// @param exclusive whether an access of an instruction is exclusive
  @SuppressWarnings("ArrayRecordComponent")
  record Block(
      long[] pcs,
      byte[] sizes,
      int[] code,
      BranchKind[] branches,
      byte[] types,
      boolean[] changes,
      byte[] loads,
      byte[] stores,
      byte[] touches,
      boolean[] exclusive) {}

  /// As many as there are.
  static final byte ANY = 2;

  private final Isa isa;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<Long, Integer> codeAt = new HashMap<>();
  private final Set<Long> changing = new HashSet<>();

  DrmemtraceCode(Isa isa) {
    this.isa = isa;
  }

  Block block(int id) {
    return blocks.get(id);
  }

  void define(BlockDefinition block) {
    int count = block.instructions();
    Block made =
        new Block(
            new long[count],
            block.sizes(),
            new int[count],
            new BranchKind[count],
            new byte[count],
            new boolean[count],
            new byte[count],
            new byte[count],
            new byte[count],
            new boolean[count]);
    int offset = 0;
    for (int i = 0; i < count; i++) {
      add(block, made, i, offset);
      offset += block.sizes()[i];
    }
    blocks.add(made);
  }

  private void add(BlockDefinition block, Block made, int i, int offset) {
    long pc = block.pc() + offset;
    int code = 0;
    for (int at = Math.min(Integer.BYTES, block.sizes()[i]) - 1; at >= 0; at--) {
      code = (code << Byte.SIZE) | (block.code()[offset + at] & 0xff);
    }
    Instruction instruction = isa.decode(pc, block.code(), offset);
    made.pcs[i] = pc;
    made.code[i] = code;
    made.branches[i] = instruction.branch();
    made.types[i] = (byte) type(instruction.branch());
    boolean known = instruction.loads() || instruction.stores();
    made.loads[i] = known ? (byte) (instruction.loads() ? 1 : 0) : ANY;
    made.stores[i] = known ? (byte) (instruction.stores() ? 1 : 0) : ANY;
    made.exclusive[i] = isa.accessKind(block.code(), offset) == AccessKind.EXCLUSIVE;
    made.touches[i] = (byte) touches(isa.memoryHint(block.code(), offset));
    if (made.touches[i] == DrmemtraceLayout.WRITE) { // one line, however many accesses it takes
      made.loads[i] = 0;
      made.stores[i] = 1;
      made.touches[i] = -1;
    }
    note(pc, code);
    made.changes[i] = changing.contains(pc);
  }

  /// Sees whether there was other code at an address.
  private void note(long pc, int code) {
    Integer before = codeAt.put(pc, code);
    if (before == null || before == code || !changing.add(pc)) {
      return;
    }
    for (Block block : blocks) {
      for (int i = 0; i < block.pcs.length; i++) {
        block.changes[i] |= block.pcs[i] == pc;
      }
    }
  }

  private static int type(BranchKind kind) {
    return switch (kind) {
      case NONE, SYSTEM_CALL, TRAP -> DrmemtraceLayout.INSTRUCTION;
      case CONDITIONAL -> DrmemtraceLayout.TAKEN_JUMP;
      case JUMP -> DrmemtraceLayout.DIRECT_JUMP;
      case CALL -> DrmemtraceLayout.DIRECT_CALL;
      case INDIRECT_JUMP -> DrmemtraceLayout.INDIRECT_JUMP;
      case INDIRECT_CALL -> DrmemtraceLayout.INDIRECT_CALL;
      case RETURN -> DrmemtraceLayout.RETURN;
    };
  }

  private static int touches(MemoryHint hint) {
    int level = hint.level() - 1;
    int once = hint.once() ? 1 : 0;
    return switch (hint.purpose()) {
      case NONE -> -1;
      case PREFETCH_LOAD ->
          level
              + (hint.once()
                  ? DrmemtraceLayout.PREFETCH_READ_L1_ONCE
                  : DrmemtraceLayout.PREFETCH_READ_L1);
      case PREFETCH_CODE -> DrmemtraceLayout.PREFETCH_INSTRUCTION_L1 + 2 * level + once;
      case PREFETCH_STORE -> DrmemtraceLayout.PREFETCH_WRITE_L1 + 2 * level + once;
      case PREFETCH_OTHER -> DrmemtraceLayout.PREFETCH;
      case FLUSH_DATA -> DrmemtraceLayout.DATA_FLUSH;
      case FLUSH_CODE -> DrmemtraceLayout.INSTRUCTION_FLUSH;
      case ZERO -> DrmemtraceLayout.WRITE;
    };
  }
}
