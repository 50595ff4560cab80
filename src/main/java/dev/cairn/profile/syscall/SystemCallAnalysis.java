package dev.cairn.profile.syscall;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows the system calls of a run, and tells of each as it returns.
///
/// Takes a source that was asked for system calls with the fetches of the same [MemoryPlan].
public final class SystemCallAnalysis implements Analysis<SystemCallProfile> {
  private final SystemCallTable table;
  private final MemoryPlan plan;
  private final Consumer<MadeCall> listener;
  private final Map<Long, SystemCall> entered = new HashMap<>();
  private final Map<Long, SystemReturn> returned = new HashMap<>();
  private final List<ThreadState> threads = new ArrayList<>();
  private final TreeMap<Integer, long[]> counts = new TreeMap<>();
  private final BatchCursor cursor = new BatchCursor();

  /// Where one guest thread stands.
  private static final class ThreadState {
    long instructions;

    /// Instructions at the last call, or at the beginning of what is looked at, less what was not.
    long lastCall;

    /// Instructions that were not looked at.
    long unseen;

    /// The call under way.
    @Nullable SystemCall call;

    long at;
    long since;

    void skipTo(long position) {
      unseen += position - instructions;
      lastCall += position - instructions;
      instructions = position;
    }
  }

  /// Fields of a kind of call in `counts`.
  private static final int CALLS = 0;

  private static final int ERRORS = 1;
  private static final int INSTRUCTIONS = 2;

  /// @param listener hears of each call when it has returned, or when it is known not to
  public SystemCallAnalysis(SystemCallTable table, MemoryPlan plan, Consumer<MadeCall> listener) {
    this.table = table;
    this.plan = plan;
    this.listener = listener;
  }

  @Override
  public void define(BlockDefinition block) {}

  @Override
  public void systemCall(SystemCall call) {
    entered.put(call.index(), call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    returned.put(result.index(), result);
  }

  @Override
  public void pause(int thread) {
    entered.values().removeIf(call -> call.thread() == thread);
    returned.values().removeIf(result -> result.thread() == thread);
  }

  @Override
  public void accept(Batch batch) {
    while (threads.size() <= batch.thread()) {
      threads.add(new ThreadState());
    }
    ThreadState thread = threads.get(batch.thread());
    thread.skipTo(batch.firstInstruction());
    cursor.wrap(batch);
    boolean more = true;
    while (more) {
      more = cursor.next();
      for (int i = cursor.firstNote(); i < cursor.endNote(); i++) {
        note(batch.thread(), thread, cursor.word(i));
      }
      thread.instructions += more ? cursor.end() - cursor.first() : 0;
    }
  }

  private void note(int number, ThreadState thread, long word) {
    long index = EventWord.address(word);
    if (EventWord.note(word) == EventWord.NOTE_CALL) {
      finish(number, thread, null);
      SystemCall call = entered.remove(index);
      if (call != null) {
        enter(thread, call);
      }
    } else if (EventWord.note(word) == EventWord.NOTE_RETURN) {
      SystemReturn result = returned.remove(index);
      SystemCall call = thread.call;
      if (result != null && call != null && call.index() == index) {
        finish(number, thread, plan.result(call, result));
      }
    }
  }

  private void enter(ThreadState thread, SystemCall call) {
    thread.call = call;
    thread.at = thread.instructions;
    thread.since = thread.instructions - thread.lastCall;
    thread.lastCall = thread.instructions;
    long[] count = counts.computeIfAbsent(call.number(), _ -> new long[3]);
    count[CALLS]++;
    count[INSTRUCTIONS] += thread.since;
  }

  private void finish(int number, ThreadState thread, @Nullable SystemCallResult result) {
    SystemCall call = thread.call;
    if (call == null) {
      return;
    }
    thread.call = null;
    if (result != null && result.isError()) {
      counts.computeIfAbsent(call.number(), _ -> new long[3])[ERRORS]++;
    }
    listener.accept(new MadeCall(number, thread.at, thread.since, plan.call(call), result));
  }

  @Override
  public SystemCallProfile result() {
    long instructions = 0;
    for (int number = 0; number < threads.size(); number++) {
      finish(number, threads.get(number), null);
      instructions += threads.get(number).instructions - threads.get(number).unseen;
    }
    List<CallSummary> summaries = new ArrayList<>();
    counts.forEach((number, count) ->
        summaries.add(
            new CallSummary(
                number, table.name(number), count[CALLS], count[ERRORS], count[INSTRUCTIONS])));
    return new SystemCallProfile(summaries, instructions);
  }
}
