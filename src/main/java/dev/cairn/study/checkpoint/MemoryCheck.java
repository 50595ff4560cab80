package dev.cairn.study.checkpoint;

import dev.cairn.capture.RestoredGuest;
import dev.cairn.checkpoint.store.StoredCheck;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Looks at a checkpoint's memory in a thread of its own, while the guest is made ready and runs.
final class MemoryCheck implements RestoredGuest.Check {
  private final FutureTask<Boolean> task;

  private MemoryCheck(StoredCheck check) {
    task =
        new FutureTask<>(() -> {
          check.run();
          return true;
        });
  }

  /// Begins to look.
  static MemoryCheck begin(StoredCheck check) {
    MemoryCheck begun = new MemoryCheck(check);
    Thread.ofPlatform().daemon().name("cairn-memory-check").start(begun.task);
    return begun;
  }

  @Override
  public boolean failed() {
    return task.state() == FutureTask.State.FAILED;
  }

  @Override
  public void await() throws IOException, InterruptedException {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException damage) {
        throw damage;
      }
      throw new IllegalStateException("the memory could not be looked at", e.getCause());
    }
  }
}
