package dev.cairn.trace.export;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;

/// Writes ChampSim's records: an instruction in 64 bytes, of the first thread only.
///
/// ```text
/// 0   u8  instruction pointer      16  u8[2] addresses stored to, 0 for none
/// 8   u1  1: a branch              32  u8[4] addresses loaded from, 0 for none
/// 9   u1  1: taken
/// 10  u1[2] registers written, 0 for none
/// 12  u1[4] registers read, 0 for none
/// ```
///
/// ChampSim tells the kind of a branch by its registers: 26 is the instruction pointer, 25 the
/// flags, 6 the stack pointer, any other means indirect. So a branch has those that its kind takes,
/// and other instructions have theirs behind these numbers. A branch is written when it is known
/// where it went.
final class ChampSimExport implements Analysis<Long> {
  static final int STACK = 6;
  static final int FLAGS = 25;
  static final int POINTER = 26;

  /// Added to a register's number, so that it is none of the above and not 0.
  static final int FIRST_REGISTER = 64;

  private static final int MOST_STORES = 2;
  private static final int MOST_LOADS = 4;

  /// What does not change of an instruction.
  ///
  /// @param registers two written, four read
  private record Fixed(long pc, boolean branch, BranchKind kind, long behind, byte[] registers) {}

  private final Isa isa;
  private final ByteBuffering out;
  private final BatchCursor cursor = new BatchCursor();
  private final List<Fixed[]> blocks = new ArrayList<>();
  private final long[] stores = new long[MOST_STORES];
  private final long[] loads = new long[MOST_LOADS];
  private Fixed held = new Fixed(0, false, BranchKind.NONE, 0, new byte[6]);
  private boolean holds;
  private long written;

  ChampSimExport(Isa isa, ByteTaker into) {
    this.isa = isa;
    out = new ByteBuffering(into);
  }

  @Override
  public void define(BlockDefinition block) {
    Fixed[] all = new Fixed[block.instructions()];
    int offset = 0;
    for (int i = 0; i < all.length; i++) {
      long pc = block.pc() + offset;
      Instruction instruction = isa.decode(pc, block.code(), offset);
      offset += block.sizes()[i];
      all[i] = fixed(pc, block.pc() + offset, instruction);
    }
    blocks.add(all);
  }

  private static Fixed fixed(long pc, long behind, Instruction instruction) {
    BranchKind kind = instruction.branch();
    byte[] registers =
        switch (kind) {
          case JUMP -> registers(POINTER, 0, 0, 0, 0);
          case INDIRECT_JUMP -> registers(POINTER, 0, other(instruction), 0, 0);
          case CONDITIONAL -> registers(POINTER, 0, POINTER, FLAGS, 0);
          case CALL -> registers(POINTER, STACK, POINTER, STACK, 0);
          case INDIRECT_CALL -> registers(POINTER, STACK, POINTER, STACK, other(instruction));
          case RETURN -> registers(POINTER, STACK, STACK, 0, 0);
          case NONE, SYSTEM_CALL, TRAP -> named(instruction);
        };
    boolean branch = kind != BranchKind.NONE && kind != BranchKind.SYSTEM_CALL;
    return new Fixed(pc, branch && kind != BranchKind.TRAP, kind, behind, registers);
  }

  private static byte[] registers(int written, int also, int read, int second, int third) {
    return new byte[] {
      (byte) written, (byte) also, (byte) read, (byte) second, (byte) third, (byte) 0
    };
  }

  private static int other(Instruction instruction) {
    int[] sources = instruction.sources();
    return FIRST_REGISTER + (sources.length == 0 ? 0 : sources[0]);
  }

  private static byte[] named(Instruction instruction) {
    byte[] registers = new byte[MOST_STORES + MOST_LOADS];
    int[] destinations = instruction.destinations();
    int[] sources = instruction.sources();
    for (int i = 0; i < Math.min(MOST_STORES, destinations.length); i++) {
      registers[i] = (byte) (FIRST_REGISTER + destinations[i]);
    }
    for (int i = 0; i < Math.min(MOST_LOADS, sources.length); i++) {
      registers[MOST_STORES + i] = (byte) (FIRST_REGISTER + sources[i]);
    }
    return registers;
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != 0) {
      return;
    }
    cursor.wrap(batch);
    while (cursor.next()) {
      Fixed[] block = blocks.get(cursor.block());
      int access = cursor.firstAccess();
      for (int i = cursor.first(); i < cursor.end(); i++) {
        if (holds) {
          write(block[i].pc != held.behind);
        }
        held = block[i];
        holds = true;
        int stored = 0;
        int loaded = 0;
        while (access < cursor.endAccess() && EventWord.instruction(cursor.word(access)) == i) {
          long word = cursor.word(access++);
          if (EventWord.isStore(word)) {
            stored = keep(stores, stored, EventWord.address(word));
          } else {
            loaded = keep(loads, loaded, EventWord.address(word));
          }
        }
      }
    }
  }

  private static int keep(long[] addresses, int count, long address) {
    if (count == addresses.length) {
      return count;
    }
    addresses[count] = address;
    return count + 1;
  }

  private void write(boolean elsewhere) {
    out.reserve();
    out.number(held.pc);
    boolean taken =
        switch (held.kind) {
          case NONE, SYSTEM_CALL, TRAP -> false;
          case CONDITIONAL -> elsewhere;
          case JUMP, CALL, RETURN, INDIRECT_JUMP, INDIRECT_CALL -> true;
        };
    out.put(held.branch ? 1 : 0);
    out.put(taken ? 1 : 0);
    for (byte register : held.registers) {
      out.put(register);
    }
    for (int i = 0; i < stores.length; i++) {
      out.number(stores[i]);
      stores[i] = 0;
    }
    for (int i = 0; i < loads.length; i++) {
      out.number(loads[i]);
      loads[i] = 0;
    }
    written++;
  }

  @Override
  public void pause(int thread) {
    if (thread == 0 && holds) {
      write(false);
      holds = false;
    }
  }

  @Override
  public Long result() {
    pause(0);
    out.flush();
    return written;
  }
}
