package dev.cairn.timing.branch;

import dev.cairn.program.isa.BranchKind;

/// A core's branch prediction: the direction predictor, the target buffer, the return stack and the
/// predictor of indirect targets, together.
///
/// Branches come in program order with what they did; tables learn at once, as if each branch had
/// executed before the next one is fetched.
///
/// One thread.
public final class BranchUnit {
  private final DirectionPredictor direction;
  private final BranchTargetBuffer targets;
  private final ReturnStack returns;
  private final IndirectPredictor indirect;
  private long branches;
  private long conditional;
  private long taken;
  private long mispredictedDirections;
  private long mispredictedTargets;
  private long misfetches;

  public BranchUnit(BranchConfiguration configuration) {
    this(configuration, configuration.direction().create());
  }

  BranchUnit(BranchConfiguration configuration, DirectionPredictor direction) {
    this.direction = direction;
    targets = new BranchTargetBuffer(configuration.targetEntries(), configuration.targetWays());
    returns = new ReturnStack(configuration.returnEntries());
    indirect =
        new IndirectPredictor(configuration.indirectEntries(), configuration.indirectHistory());
  }

  /// Predicts a branch and learns from what it did.
  ///
  /// @param kind not [BranchKind#NONE]
  /// @param pc the branch's virtual address
  /// @param fallThrough the address behind it
  /// @param next the address of the instruction that followed
  public Outcome resolve(BranchKind kind, long pc, long fallThrough, long next) {
    return switch (kind) {
      case CONDITIONAL -> conditional(pc, next != fallThrough, next);
      case JUMP -> direct(pc, next);
      case CALL -> {
        returns.push(fallThrough);
        yield direct(pc, next);
      }
      case INDIRECT_JUMP -> indirect(pc, next);
      case INDIRECT_CALL -> {
        returns.push(fallThrough);
        yield indirect(pc, next);
      }
      case RETURN -> {
        branches++;
        taken++;
        yield target(returns.pop() == next);
      }
      case SYSTEM_CALL, TRAP, NONE -> Outcome.RIGHT;
    };
  }

  /// {@return what was done since the last [#clearCounts]}
  public BranchCounts counts() {
    return new BranchCounts(
        branches, conditional, taken, mispredictedDirections, mispredictedTargets, misfetches);
  }

  /// Sets the counts to zero and keeps what was learnt.
  public void clearCounts() {
    branches = 0;
    conditional = 0;
    taken = 0;
    mispredictedDirections = 0;
    mispredictedTargets = 0;
    misfetches = 0;
  }

  /// Forgets everything, as new.
  public void reset() {
    direction.reset();
    targets.reset();
    returns.reset();
    indirect.reset();
    clearCounts();
  }

  private Outcome conditional(long pc, boolean isTaken, long next) {
    branches++;
    conditional++;
    boolean predicted = direction.predict(pc);
    direction.update(pc, isTaken);
    Outcome outcome = Outcome.RIGHT;
    if (isTaken) {
      taken++;
      if (predicted) {
        outcome = fetched(pc, next);
      }
      targets.taken(pc, next);
    }
    if (predicted != isTaken) {
      mispredictedDirections++;
      outcome = Outcome.MISPREDICTED;
    }
    return outcome;
  }

  private Outcome direct(long pc, long next) {
    branches++;
    taken++;
    Outcome outcome = fetched(pc, next);
    targets.taken(pc, next);
    return outcome;
  }

  private Outcome fetched(long pc, long next) {
    if (targets.lookup(pc) == next) {
      return Outcome.RIGHT;
    }
    misfetches++;
    return Outcome.MISFETCHED;
  }

  private Outcome indirect(long pc, long next) {
    branches++;
    taken++;
    boolean right = indirect.predict(pc) == next;
    indirect.update(pc, next);
    return target(right);
  }

  private Outcome target(boolean right) {
    if (right) {
      return Outcome.RIGHT;
    }
    mispredictedTargets++;
    return Outcome.MISPREDICTED;
  }
}
