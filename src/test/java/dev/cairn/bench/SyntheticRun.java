package dev.cairn.bench;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.InstructionClass;
import dev.cairn.timing.core.TestCode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Blocks and batches made up to look like a real program: about 6 instructions a block and 0.26
/// accesses an instruction, a given share of which lie outside the first-level cache.
public final class SyntheticRun {
  private static final int BLOCKS = 1200;
  private static final long CODE = 0x400000;
  private static final long DATA = 0x10000000;

  private final SplittableRandom random = new SplittableRandom(7);
  private final List<DecodedBlock> blocks = new ArrayList<>();
  private final List<Batch> batches = new ArrayList<>();
  private final int missPercent;
  private long instructions;

  /// @param missPercent how many accesses of a hundred go anywhere in 4 MB rather than in 16 KB
  public SyntheticRun(int batchCount, int batchWords, int missPercent) {
    this.missPercent = missPercent;
    long pc = CODE;
    for (int id = 0; id < BLOCKS; id++) {
      DecodedBlock block = block(id, pc);
      blocks.add(block);
      pc = block.endPc();
    }
    int block = 0;
    for (int i = 0; i < batchCount; i++) {
      Batch batch = new Batch(batchWords);
      long first = instructions;
      int length = 0;
      while (length + 20 < batchWords) {
        length = execute(batch.words(), length, block);
        block = successor(block);
      }
      batch.reset(0, first, length);
      batches.add(batch);
    }
  }

  public List<DecodedBlock> blocks() {
    return blocks;
  }

  public List<Batch> batches() {
    return batches;
  }

  /// {@return how many instructions all batches hold}
  public long instructions() {
    return instructions;
  }

  private DecodedBlock block(int id, long pc) {
    int length = 3 + random.nextInt(7);
    Instruction[] code = new Instruction[length];
    for (int i = 0; i < length - 1; i++) {
      code[i] = instruction();
    }
    int kind = random.nextInt(10);
    code[length - 1] =
        kind < 7
            ? TestCode.branchIf(0)
            : kind < 9 ? TestCode.branch(BranchKind.JUMP, 0) : instruction();
    if (kind < 7) {
      code[length - 2] = TestCode.compare(random.nextInt(16), random.nextInt(16));
    }
    return TestCode.block(id, pc, code);
  }

  private Instruction instruction() {
    int a = random.nextInt(16);
    int b = random.nextInt(16);
    int c = random.nextInt(16);
    int kind = random.nextInt(100);
    if (kind < 26) {
      return TestCode.load(a, 16 + b % 8);
    } else if (kind < 38) {
      return TestCode.store(a, 16 + b % 8);
    } else if (kind < 82) {
      return TestCode.add(a, b, c);
    } else if (kind < 90) {
      return TestCode.op(InstructionClass.SHIFT, a, b, c);
    } else if (kind < 93) {
      return TestCode.op(InstructionClass.MULTIPLY, a, b, c);
    }
    return TestCode.op(InstructionClass.FLOAT, AArch64.V0 + a, AArch64.V0 + b, AArch64.V0 + c);
  }

  private int execute(long[] words, int at, int id) {
    Instruction[] code = blocks.get(id).instructions();
    words[at++] = EventWord.execution(id, 0, code.length);
    for (int i = 0; i < code.length; i++) {
      if (code[i].loads() || code[i].stores()) {
        boolean far = random.nextInt(100) < missPercent;
        long offset = random.nextInt(far ? 1 << 19 : 1 << 11) * 8L;
        words[at++] = EventWord.access(DATA + offset, i, 8, code[i].stores());
      }
    }
    instructions += code.length;
    return at;
  }

  private int successor(int id) {
    int next = (id + 1) % BLOCKS;
    int other = (int) ((id * 7919L + 13) % BLOCKS);
    return switch (blocks.get(id).last().branch()) {
      case CONDITIONAL -> random.nextInt(100) < (id % 4 == 0 ? 60 : 8) ? other : next;
      case JUMP -> (id + 2 + id % 5) % BLOCKS;
      default -> next;
    };
  }
}
