package dev.cairn.timing.core;

import static dev.cairn.timing.core.Pipeline.CODE;
import static dev.cairn.timing.core.Pipeline.DRAM;
import static dev.cairn.timing.core.Pipeline.L2;
import static dev.cairn.timing.core.TestCode.add;
import static dev.cairn.timing.core.TestCode.branch;
import static dev.cairn.timing.core.TestCode.branchIf;
import static dev.cairn.timing.core.TestCode.nop;
import static dev.cairn.timing.core.TestCode.systemCall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import org.junit.jupiter.api.Test;

/// What fetching and branches cost.
final class FetchAndBranchTest {
  private static final long TARGET = CODE + 0x40;

  @Test
  void coldCodeWaitsForItsPageAndItsLine() {
    Pipeline pipeline = new Pipeline().block(CODE, add(1, 2)).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 30 + L2 + DRAM);
    assertThat(pipeline.counts().stack().fetchMiss()).isEqualTo(30 + L2 + DRAM);
  }

  @Test
  void lineMissInTheMiddleOfABlockStops() {
    Instruction[] code = new Instruction[20];
    java.util.Arrays.fill(code, nop());
    Pipeline pipeline = new Pipeline().block(CODE, add(1, 2)).block(CODE, code).warm(0).run(1);
    assertThat(pipeline.cycles())
        .as("16 instructions in 8 cycles; the fifth group is asked for in cycle 5")
        .isEqualTo(5 + L2 + DRAM + 1);
    assertThat(pipeline.counts().memory().l1i().misses()).isEqualTo(1);
  }

  @Test
  void fetchRunsAheadNoFurtherThanItsQueue() {
    Instruction[] code = new Instruction[20];
    java.util.Arrays.fill(code, nop());
    Pipeline pipeline =
        new Pipeline("pipeline: {fetchQueueGroups: 1}\n")
            .block(CODE, add(1, 2))
            .block(CODE, code)
            .warm(0)
            .run(1);
    assertThat(pipeline.cycles())
        .as("the fifth group is asked for when the fourth has issued, in cycle 8")
        .isEqualTo(8 + L2 + DRAM + 1);
  }

  @Test
  void narrowFetchLimitsIssue() {
    Instruction[] code = new Instruction[8];
    java.util.Arrays.fill(code, nop());
    Pipeline pipeline = new Pipeline("pipeline: {fetchBytes: 4}\n").block(CODE, code);
    assertThat(pipeline.warm(0).run(0).cycles()).isEqualTo(8);
    assertThat(pipeline.counts().stack().structural()).isZero();
  }

  @Test
  void instructionAcrossTwoGroupsNeedsBoth() {
    Instruction wide =
        new Instruction(
            dev.cairn.program.isa.InstructionClass.INTEGER,
            BranchKind.NONE,
            0,
            new int[0],
            new int[0],
            new int[0],
            0,
            0,
            6);
    Pipeline pipeline = new Pipeline().block(CODE + 12, wide, nop());
    assertThat(pipeline.warm(0).run(0).cycles()).isEqualTo(2);
  }

  @Test
  void mispredictedBranchCostsItsPenalty() {
    Pipeline pipeline = new Pipeline().block(CODE, nop(), branchIf(TARGET)).block(TARGET, nop());
    pipeline.warm(0).warm(1).run(0, TARGET).run(1);
    assertThat(pipeline.cycles()).isEqualTo(1 + 8);
    assertThat(pipeline.counts().stack().branch()).isEqualTo(7);
    assertThat(pipeline.counts().branches().mispredictions()).isEqualTo(1);
  }

  @Test
  void takenBranchRightlyPredictedCostsABubble() {
    Pipeline pipeline = trained(BranchKind.CONDITIONAL);
    pipeline.run(0, TARGET).run(1);
    assertThat(pipeline.counts().branches().mispredictions()).isZero();
    assertThat(pipeline.cycles()).isEqualTo(1 + 1 + 1);
    assertThat(pipeline.counts().stack().branch()).isEqualTo(1);
  }

  @Test
  void bubbleHidesBehindInstructionsThatAreQueued() {
    Pipeline pipeline =
        new Pipeline()
            .block(CODE, add(1, 1), add(1, 1), add(1, 1), branch(BranchKind.JUMP, TARGET))
            .block(TARGET, nop());
    pipeline.warm(1).run(0, TARGET).run(1).run(0, TARGET).run(1).clearCounts();
    pipeline.run(0, TARGET).run(1);
    assertThat(pipeline.counts().stack().branch()).isZero();
  }

  @Test
  void jumpUnknownToTheTargetBufferCostsADecode() {
    Pipeline pipeline =
        new Pipeline().block(CODE, nop(), branch(BranchKind.JUMP, TARGET)).block(TARGET, nop());
    pipeline.warm(0).warm(1).run(0, TARGET).run(1);
    assertThat(pipeline.counts().branches().misfetches()).isEqualTo(1);
    assertThat(pipeline.cycles()).isEqualTo(1 + 3 + 1);
  }

  @Test
  void untakenBranchCostsNothing() {
    Pipeline pipeline =
        new Pipeline().block(CODE, nop(), branchIf(TARGET)).block(CODE + 8, nop(), nop());
    pipeline.warm(0).run(0, CODE + 8).run(1);
    assertThat(pipeline.cycles()).isEqualTo(2);
  }

  @Test
  void branchWhoseSuccessorIsUnknownIsNotPredicted() {
    Pipeline pipeline = new Pipeline().block(CODE, nop(), branchIf(TARGET));
    pipeline.warm(0).run(0);
    assertThat(pipeline.counts().branches().branches()).isZero();
  }

  @Test
  void signalEmptiesTheFrontEnd() {
    Pipeline pipeline = new Pipeline().block(CODE, nop(), nop()).block(TARGET, nop());
    pipeline.warm(0).warm(1).interrupted(0, CODE + 8).run(1);
    assertThat(pipeline.cycles()).isEqualTo(1 + 8);
  }

  @Test
  void systemCallCostsItsOwn() {
    Pipeline pipeline = new Pipeline().block(CODE, systemCall()).block(CODE + 4, nop());
    pipeline.warm(0).run(0, CODE + 4).run(1);
    assertThat(pipeline.cycles()).isEqualTo(1 + 20);
    assertThat(pipeline.counts().stack().barrier()).isEqualTo(19);
  }

  private static Pipeline trained(BranchKind kind) {
    Pipeline pipeline =
        new Pipeline().block(CODE, nop(), branch(kind, TARGET)).block(TARGET, nop());
    for (int i = 0; i < 100; i++) {
      pipeline.run(0, TARGET).run(1);
    }
    pipeline.interrupted(1, CODE).clearCounts();
    // From here on the front end starts as it does after a signal, in the penalty's last cycle.
    pipeline.run(0, TARGET).run(1).clearCounts();
    return pipeline;
  }
}
