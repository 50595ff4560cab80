package dev.cairn.timing.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.isa.BranchKind;
import org.junit.jupiter.api.Test;

final class BranchUnitTest {
  private static final long PC = 0x1000;
  private static final long BEHIND = 0x1004;
  private static final long TARGET = 0x8000;

  private final BranchUnit unit =
      new BranchUnit(
          new BranchConfiguration(
              new DirectionConfiguration(DirectionConfiguration.Kind.BIMODAL, 64, 0, 1),
              16,
              4,
              4,
              16,
              1));

  private Outcome resolve(BranchKind kind, long next) {
    return unit.resolve(kind, PC, BEHIND, next);
  }

  @Test
  void untakenBranchIsRightFromTheStart() {
    assertThat(resolve(BranchKind.CONDITIONAL, BEHIND)).isEqualTo(Outcome.RIGHT);
    assertThat(unit.counts()).isEqualTo(new BranchCounts(1, 1, 0, 0, 0, 0));
  }

  @Test
  void takenBranchIsMispredictedOnceAndThenRight() {
    assertThat(resolve(BranchKind.CONDITIONAL, TARGET)).isEqualTo(Outcome.MISPREDICTED);
    assertThat(resolve(BranchKind.CONDITIONAL, TARGET)).isEqualTo(Outcome.RIGHT);
    assertThat(unit.counts()).isEqualTo(new BranchCounts(2, 2, 2, 1, 0, 0));
  }

  @Test
  void directJumpIsMisfetchedOnceAndThenRight() {
    assertThat(resolve(BranchKind.JUMP, TARGET)).isEqualTo(Outcome.MISFETCHED);
    assertThat(resolve(BranchKind.JUMP, TARGET)).isEqualTo(Outcome.RIGHT);
    assertThat(unit.counts()).isEqualTo(new BranchCounts(2, 0, 2, 0, 0, 1));
  }

  @Test
  void takenBranchPushedOutOfTheTargetBufferIsMisfetched() {
    resolve(BranchKind.CONDITIONAL, TARGET);
    for (int i = 1; i <= 64; i++) {
      unit.resolve(BranchKind.JUMP, PC + i * 4L, PC + i * 4L + 4, TARGET);
    }
    assertThat(resolve(BranchKind.CONDITIONAL, TARGET)).isEqualTo(Outcome.MISFETCHED);
  }

  @Test
  void returnGoesBehindItsCall() {
    resolve(BranchKind.CALL, TARGET);
    assertThat(unit.resolve(BranchKind.RETURN, TARGET, TARGET + 4, BEHIND))
        .isEqualTo(Outcome.RIGHT);
    assertThat(unit.resolve(BranchKind.RETURN, TARGET, TARGET + 4, BEHIND))
        .isEqualTo(Outcome.MISPREDICTED);
    assertThat(unit.counts().mispredictedTargets()).isEqualTo(1);
  }

  @Test
  void indirectCallLeavesAReturnAddressToo() {
    assertThat(resolve(BranchKind.INDIRECT_CALL, TARGET)).isEqualTo(Outcome.MISPREDICTED);
    assertThat(unit.resolve(BranchKind.RETURN, TARGET, TARGET + 4, BEHIND))
        .isEqualTo(Outcome.RIGHT);
    assertThat(resolve(BranchKind.INDIRECT_CALL, TARGET)).isEqualTo(Outcome.RIGHT);
  }

  @Test
  void systemCallsAreNoBranches() {
    assertThat(resolve(BranchKind.SYSTEM_CALL, BEHIND)).isEqualTo(Outcome.RIGHT);
    assertThat(unit.counts().branches()).isZero();
  }

  @Test
  void resetForgetsEverything() {
    resolve(BranchKind.CONDITIONAL, TARGET);
    resolve(BranchKind.CALL, TARGET);
    unit.reset();
    assertThat(unit.counts()).isEqualTo(new BranchCounts(0, 0, 0, 0, 0, 0));
    assertThat(resolve(BranchKind.CONDITIONAL, TARGET)).isEqualTo(Outcome.MISPREDICTED);
    assertThat(unit.resolve(BranchKind.RETURN, TARGET, TARGET + 4, BEHIND))
        .isEqualTo(Outcome.MISPREDICTED);
  }
}
