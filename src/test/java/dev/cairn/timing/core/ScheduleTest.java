package dev.cairn.timing.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.EventWord;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.InstructionClass;
import dev.cairn.timing.CoreFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Schedules change nothing: only whole blocks are remembered, so a core that is handed the same
/// instructions one by one remembers none, and is the witness.
final class ScheduleTest {
  private static final int BLOCKS = 80;
  private static final int EXECUTIONS = 40_000;
  private static final int COMPARED = 500;
  private static final long DATA = 0x1000_0000;

  private final SplittableRandom random = new SplittableRandom(11);
  private final List<DecodedBlock> blocks = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{issueWidth: 1}",
        "{issueWidth: 4}",
        "{issueCyclesUnderMiss: null}",
        "{issueCyclesUnderMiss: 100}",
        "{storeBufferEntries: 1}",
        "{fetchQueueGroups: 1}",
        "{fetchBytes: 4}",
        "{takenBranchCycles: 3}",
        "{loadBytesPerCycle: 4, storeBytesPerCycle: 2}",
      })
  void aCoreThatRemembersGivesWhatOneThatCannotGives(String pipeline) {
    CoreModel remembering = CoreFiles.with("pipeline: " + pipeline).create(new AArch64());
    CoreModel apart = CoreFiles.with("pipeline: " + pipeline).create(new AArch64());
    long pc = 0x40_0000;
    for (int id = 0; id < BLOCKS; id++) {
      DecodedBlock block = block(id, pc);
      blocks.add(block);
      remembering.define(block);
      apart.define(block);
      pc = block.endPc() + (id % 9 == 0 ? 4096 : 0);
    }
    int block = 0;
    for (int i = 0; i < EXECUTIONS; i++) {
      int next = random.nextInt(8) == 0 ? random.nextInt(BLOCKS) : (block + 1) % BLOCKS;
      boolean interrupted = random.nextInt(500) == 0;
      long[] words = accesses(blocks.get(block));
      long nextPc = blocks.get(next).addresses()[0];
      execute(remembering, block, words, nextPc, interrupted);
      executeApart(apart, block, words, nextPc, interrupted);
      if (i % COMPARED == 0) {
        assertThat(remembering.counts()).as("after %d", i).isEqualTo(apart.counts());
      }
      if (i == EXECUTIONS / 2) {
        remembering.reset();
        apart.reset();
      }
      block = next;
    }
    assertThat(remembering.counts()).isEqualTo(apart.counts());
    assertThat(remembering.counts().instructions()).isGreaterThan(EXECUTIONS);
  }

  private void execute(CoreModel core, int block, long[] words, long next, boolean interrupted) {
    Execution execution = new Execution();
    execution.set(block, 0, blocks.get(block).length(), words, 0, words.length);
    execution.next(next, interrupted);
    core.execute(execution);
  }

  private void executeApart(
      CoreModel core, int block, long[] words, long next, boolean interrupted) {
    Execution execution = new Execution();
    int length = blocks.get(block).length();
    int access = 0;
    for (int i = 0; i < length; i++) {
      int from = access;
      while (access < words.length && EventWord.instruction(words[access]) == i) {
        access++;
      }
      execution.set(block, i, i + 1, words, from, access);
      if (i == length - 1) {
        execution.next(next, interrupted);
      }
      core.execute(execution);
    }
  }

  private long[] accesses(DecodedBlock block) {
    List<Long> words = new ArrayList<>();
    for (int i = 0; i < block.length(); i++) {
      Instruction instruction = block.instructions()[i];
      int bytes = Math.max(instruction.loadBytes(), instruction.storeBytes());
      if (bytes == 0 || random.nextInt(50) == 0) {
        continue;
      }
      int reach = random.nextInt(20) == 0 ? 1 << 20 : random.nextInt(6) == 0 ? 1 << 15 : 1 << 9;
      long address = DATA + random.nextInt(reach) * (random.nextInt(30) == 0 ? 1L : 8L);
      int halves = bytes == 16 ? 2 : 1;
      for (int half = 0; half < halves; half++) {
        words.add(
            EventWord.access(address + half * 8L, i, bytes / halves, instruction.storeBytes() > 0));
      }
    }
    return words.stream().mapToLong(Long::longValue).toArray();
  }

  private DecodedBlock block(int id, long pc) {
    int length = id % 20 == 7 ? 70 : 1 + random.nextInt(9);
    Instruction[] code = new Instruction[length];
    for (int i = 0; i < length - 1; i++) {
      code[i] = instruction();
    }
    code[length - 1] =
        switch (random.nextInt(6)) {
          case 0 -> TestCode.branch(BranchKind.JUMP, 0);
          case 1 -> id % 7 == 0 ? TestCode.systemCall() : instruction();
          default -> TestCode.branchIf(0);
        };
    return TestCode.block(id, pc, code);
  }

  private Instruction instruction() {
    int a = random.nextInt(12);
    int b = random.nextInt(12);
    int c = random.nextInt(12);
    return switch (random.nextInt(16)) {
      case 0, 1, 2 -> TestCode.load(a, b);
      case 3 -> TestCode.load(new int[] {a, 12 + b}, c, 16);
      case 4 -> TestCode.loadAndMoveOn(a, 13 + b);
      case 5, 6 -> TestCode.store(a, b);
      case 7 -> TestCode.store(a, b, 16);
      case 8 -> TestCode.op(InstructionClass.DIVIDE, a, b, c);
      case 9 -> TestCode.op(InstructionClass.MULTIPLY, a, b, c);
      case 10 -> TestCode.op(InstructionClass.SHIFT, a, b, c, 12 + c);
      case 11 ->
          TestCode.op(InstructionClass.FLOAT, AArch64.V0 + a, AArch64.V0 + b, AArch64.V0 + c);
      case 12 -> TestCode.compare(a, b);
      default -> TestCode.add(a, b, c);
    };
  }
}
