package dev.cairn.trace.export;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.program.isa.Isa;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Writes the records of DynamoRIO's offline traces: a file a thread, or all threads in one file as
/// a processor has them that executes now one and now another.
///
/// A branch is written when it is known where it went, so it is told with the target or as taken or
/// not. The last branch of a part goes nowhere and is left out.
final class DrmemtraceExport implements Analysis<Long> {
  private final IntFunction<? extends ByteTaker> into;
  private final ExportShape shape;
  private final DrmemtraceCode code;
  private final BatchCursor cursor = new BatchCursor();
  private final Map<Integer, DrmemtraceThread> threads = new TreeMap<>();
  private final Map<Long, Integer> calls = new HashMap<>();
  private @Nullable DrmemtraceFile common;
  private long written;

  DrmemtraceExport(Isa isa, ExportShape shape, IntFunction<? extends ByteTaker> into) {
    this.into = into;
    this.shape = shape;
    code = new DrmemtraceCode(isa);
  }

  private int type() {
    return DrmemtraceLayout.TYPE_AARCH64
        | DrmemtraceLayout.TYPE_ENCODINGS
        | (shape.systemCalls() ? DrmemtraceLayout.TYPE_SYSTEM_CALLS : 0)
        | (shape.filtered() ? DrmemtraceLayout.TYPE_FILTERED_DATA : 0)
        | (shape.apart() ? 0 : DrmemtraceLayout.TYPE_BY_CORE);
  }

  @Override
  public void define(BlockDefinition block) {
    code.define(block);
  }

  @Override
  public void systemCall(SystemCall call) {
    calls.put(call.index(), call.number());
  }

  private DrmemtraceThread thread(int number) {
    DrmemtraceThread thread = threads.get(number);
    if (thread == null) {
      DrmemtraceFile file = common;
      if (file == null) {
        file = new DrmemtraceFile(into.apply(number), type());
        common = shape.apart() ? null : file;
      }
      thread = new DrmemtraceThread(number, file, code, shape.filtered());
      threads.put(number, thread);
    }
    return thread;
  }

  @Override
  public void accept(Batch batch) {
    DrmemtraceThread thread = thread(batch.thread());
    cursor.wrap(batch);
    boolean more = cursor.next();
    while (true) {
      for (int i = cursor.firstNote(); i < cursor.endNote(); i++) {
        long word = cursor.word(i);
        int system = -1;
        if (EventWord.note(word) == EventWord.NOTE_CALL) {
          Integer number = calls.remove(EventWord.address(word));
          system = number == null ? -1 : number;
        }
        written += thread.note(word, system, written);
      }
      if (!more) {
        return;
      }
      written += thread.execution(cursor, written);
      more = cursor.next();
    }
  }

  @Override
  public void pause(int thread) {
    DrmemtraceThread paused = threads.get(thread);
    if (paused != null) {
      paused.pause();
    }
  }

  @Override
  public Long result() {
    for (DrmemtraceThread thread : threads.values()) {
      if (shape.apart()) {
        thread.end();
        thread.file().end();
      }
    }
    if (common != null) {
      common.end();
    }
    return written;
  }
}
