package dev.cairn.timing.core;

import static dev.cairn.timing.core.Pipeline.CODE;
import static dev.cairn.timing.core.Pipeline.cyclesOf;
import static dev.cairn.timing.core.TestCode.add;
import static dev.cairn.timing.core.TestCode.branchIf;
import static dev.cairn.timing.core.TestCode.compare;
import static dev.cairn.timing.core.TestCode.load;
import static dev.cairn.timing.core.TestCode.nop;
import static dev.cairn.timing.core.TestCode.op;
import static dev.cairn.timing.core.TestCode.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.InstructionClass;
import org.junit.jupiter.api.Test;

/// Which instructions issue in the same cycle, and how long one waits for another's result.
final class IssueTest {
  @Test
  void twoIndependentInstructionsIssueTogether() {
    assertThat(cyclesOf(add(1, 2), add(3, 4))).isEqualTo(1);
    assertThat(cyclesOf(add(1, 2), add(3, 4), add(5, 6))).isEqualTo(2);
    assertThat(cyclesOf(add(1, 2), add(3, 4), add(5, 6), add(7, 8))).isEqualTo(2);
  }

  @Test
  void issueWidthIsTheFiles() {
    Pipeline wide = new Pipeline("pipeline: {issueWidth: 3, units: {alu: 3}}\n");
    assertThat(wide.block(CODE, add(1, 2), add(3, 4), add(5, 6)).warm(0).run(0).cycles())
        .isEqualTo(1);
  }

  @Test
  void dependentInstructionIssuesACycleLater() {
    assertThat(cyclesOf(add(1, 2), add(3, 1))).isEqualTo(2);
    assertThat(cyclesOf(add(1, 2), add(3, 1), add(4, 5), add(6, 3))).isEqualTo(3);
  }

  @Test
  void instructionBehindAWaitingOneWaitsToo() {
    assertThat(cyclesOf(op(InstructionClass.MULTIPLY, 1, 2), add(3, 1), add(4, 5), add(6, 7)))
        .isEqualTo(5);
  }

  @Test
  void resultTakesTheLatencyOfItsClass() {
    assertThat(cyclesOf(op(InstructionClass.SHIFT, 1, 2), add(3, 1))).isEqualTo(1 + 2);
    assertThat(cyclesOf(op(InstructionClass.MULTIPLY, 1, 2), add(3, 1))).isEqualTo(1 + 3);
    assertThat(cyclesOf(op(InstructionClass.DIVIDE, 1, 2), add(3, 1))).isEqualTo(1 + 12);
    assertThat(cyclesOf(op(InstructionClass.FLOAT, 33, 34), op(InstructionClass.FLOAT, 35, 33)))
        .isEqualTo(1 + 4);
    assertThat(
            cyclesOf(op(InstructionClass.FLOAT_DIVIDE, 33, 34), op(InstructionClass.FLOAT, 35, 33)))
        .isEqualTo(1 + 22);
  }

  @Test
  void laterWriteOfTheSameRegisterIsTheOneRead() {
    assertThat(cyclesOf(op(InstructionClass.MULTIPLY, 1, 2), add(1, 3), add(4, 1)))
        .as("the add waits so as not to be overtaken")
        .isEqualTo(1 + 2 + 1);
  }

  @Test
  void writeDoesNotOvertakeALongOneToTheSameRegister() {
    assertThat(
            cyclesOf(
                op(InstructionClass.FLOAT_DIVIDE, AArch64.V0, 34),
                op(InstructionClass.FLOAT, AArch64.V0, 35)))
        .isEqualTo(1 + 22 - 4);
  }

  @Test
  void comparisonAndItsBranchIssueTogether() {
    assertThat(cyclesOf(compare(1, 2), branchIf(0))).isEqualTo(1);
  }

  @Test
  void twoMultipliesDoNotIssueTogether() {
    assertThat(cyclesOf(op(InstructionClass.MULTIPLY, 1, 2), op(InstructionClass.MULTIPLY, 3, 4)))
        .isEqualTo(2);
    assertThat(cyclesOf(op(InstructionClass.MULTIPLY, 1, 2), add(3, 4))).isEqualTo(1);
  }

  @Test
  void loadAndStoreIssueTogetherButNotTwoOfAKind() {
    assertThat(cyclesOf(load(1, 2), store(3, 4))).isEqualTo(1);
    assertThat(cyclesOf(load(1, 2), load(3, 4))).isEqualTo(2);
    assertThat(cyclesOf(store(1, 2), store(3, 4))).isEqualTo(2);
    assertThat(cyclesOf(add(1, 2), load(3, 4))).isEqualTo(1);
  }

  @Test
  void pairOfRegistersTakesTheLoadUnitTwice() {
    assertThat(cyclesOf(load(new int[] {1, 2}, 3, 16), load(4, 5))).isEqualTo(3);
    assertThat(cyclesOf(load(new int[] {1, 2}, 3, 16), add(4, 5)))
        .as("something else may follow")
        .isEqualTo(1);
    assertThat(cyclesOf(add(4, 5), load(new int[] {1, 2}, 3, 16)))
        .as("but it can't be second")
        .isEqualTo(2);
    assertThat(cyclesOf(store(1, 2, 16), store(3, 4))).isEqualTo(2);
  }

  @Test
  void divideIsFirstOfItsGroupAndNotPipelined() {
    assertThat(cyclesOf(op(InstructionClass.DIVIDE, 1, 2), add(3, 4))).isEqualTo(1);
    assertThat(cyclesOf(add(3, 4), op(InstructionClass.DIVIDE, 1, 2))).isEqualTo(2);
    assertThat(cyclesOf(op(InstructionClass.DIVIDE, 1, 2), op(InstructionClass.DIVIDE, 3, 4)))
        .isEqualTo(1 + 12);
    assertThat(
            cyclesOf(
                op(InstructionClass.FLOAT_DIVIDE, 33, 34),
                op(InstructionClass.FLOAT_DIVIDE, 35, 36)))
        .isEqualTo(1 + 19);
  }

  @Test
  void systemInstructionIssuesAlone() {
    assertThat(cyclesOf(add(1, 2), op(InstructionClass.SYSTEM, 3), add(4, 5))).isEqualTo(3);
  }

  @Test
  void lastOfAGroupIsFollowedByNothing() {
    Pipeline pipeline = new Pipeline("pipeline: {classes: {shift: {pairing: last}}}\n");
    pipeline.block(CODE, op(InstructionClass.SHIFT, 1, 2), add(3, 4));
    pipeline.block(CODE + 8, add(3, 4), op(InstructionClass.SHIFT, 1, 2));
    assertThat(pipeline.warm(0).run(0).cycles()).isEqualTo(2);
    assertThat(pipeline.reset().warm(1).run(1).cycles()).isEqualTo(1);
  }

  @Test
  void barrierWaitsForEverythingBefore() {
    assertThat(
            cyclesOf(op(InstructionClass.MULTIPLY, 1, 2), op(InstructionClass.BARRIER, -1), nop()))
        .isEqualTo(1 + 3 + 1);
  }

  @Test
  void stallsAreChargedToTheirCause() {
    Pipeline pipeline = new Pipeline();
    pipeline.block(
        CODE,
        op(InstructionClass.MULTIPLY, 1, 2),
        add(3, 1),
        op(InstructionClass.DIVIDE, 4, 5),
        op(InstructionClass.DIVIDE, 6, 7));
    CoreCounts counts = pipeline.warm(0).run(0).counts();
    assertThat(counts.cycles()).isEqualTo(1 + 3 + 1 + 12);
    assertThat(counts.stack()).isEqualTo(new CycleStack(4, 2, 0, 0, 0, 0, 0, 0, 11, 0, 0));
    assertThat(counts.stack().total()).isEqualTo(counts.cycles());
  }
}
