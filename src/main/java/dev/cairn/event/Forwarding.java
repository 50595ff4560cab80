package dev.cairn.event;

/// An analysis that stands in front of another and passes on what it does not change: all of it, as
/// it stands here.
///
/// @param <R> the other's result
public abstract class Forwarding<R> implements Analysis<R> {
  private final Analysis<R> next;

  /// @param next to which everything goes
  protected Forwarding(Analysis<R> next) {
    this.next = next;
  }

  @Override
  public void define(BlockDefinition block) {
    next.define(block);
  }

  @Override
  public void accept(Batch batch) {
    next.accept(batch);
  }

  @Override
  public void systemCall(SystemCall call) {
    next.systemCall(call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    next.systemReturn(result);
  }

  @Override
  public void memory(MemoryChange change) {
    next.memory(change);
  }

  @Override
  public void settledExecutions(int block, long times) {
    next.settledExecutions(block, times);
  }

  @Override
  public void settledAccesses(int block, int instruction, boolean store, long times) {
    next.settledAccesses(block, instruction, store, times);
  }

  @Override
  public void pause(int thread) {
    next.pause(thread);
  }

  @Override
  public R result() {
    return next.result();
  }
}
