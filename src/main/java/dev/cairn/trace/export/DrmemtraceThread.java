package dev.cairn.trace.export;

import dev.cairn.event.BatchCursor;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.BranchKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// One thread on its way into records: what was executed but waits for where it goes, and where
/// signals took the thread away.
///
/// What DynamoRIO's checker takes for granted is held up here: a handler returns to where its
/// signal came, so contexts that were left by a jump are ended before, and where a handler changed
/// the place, the contexts are ended for good, which to the checker is a trace that began inside of
/// a handler.
final class DrmemtraceThread {
  private static final int SIGNAL_RETURN = 139;
  private static final int EXIT = 93;
  private static final int EXIT_GROUP = 94;

  private final int number;
  private final DrmemtraceFile file;
  private final DrmemtraceCode code;
  private final boolean filtered;
  private final Deque<Long> contexts = new ArrayDeque<>();

  /// The last instruction, if it waits for where it goes.
  private DrmemtraceCode.@Nullable Block held;

  private int heldBlock;
  private int heldIndex;

  /// Whether the last instruction is a system call that was written.
  private boolean called;

  private int call = -1;
  private long callPc;
  private long behindCall;
  private boolean ended;
  private boolean gap;

  /// What was written last.
  private long lowest;

  private int bytes;

  private long exclusive;
  private int exclusiveBytes;

  DrmemtraceThread(int number, DrmemtraceFile file, DrmemtraceCode code, boolean filtered) {
    this.number = number;
    this.file = file;
    this.code = code;
    this.filtered = filtered;
  }

  DrmemtraceFile file() {
    return file;
  }

  /// Goes on at an address.
  ///
  /// @return how many instructions were written
  private int goOn(long pc, boolean interrupted, long time) {
    int written = release(pc, time);
    if (called) {
      called = false;
      boolean again = pc == callPc && call != SIGNAL_RETURN;
      if (interrupted ? call == SIGNAL_RETURN : pc != behindCall && !again) {
        transfer(pc);
      } else if (again && !interrupted) { // a signal that nobody handles
        file.marker(DrmemtraceLayout.KERNEL_EVENT, pc);
        file.marker(DrmemtraceLayout.KERNEL_TRANSFER, pc);
      }
    }
    if (gap) {
      gap = false;
      file.gap();
    }
    return written;
  }

  /// Writes the instruction that is held, whose way is known now.
  private int release(long pc, long time) {
    DrmemtraceCode.Block block = held;
    if (block == null) {
      return 0;
    }
    held = null;
    file.of(number, time);
    BranchKind kind = block.branches()[heldIndex];
    long behind = block.pcs()[heldIndex] + block.sizes()[heldIndex];
    int type = block.types()[heldIndex];
    switch (kind) {
      case CONDITIONAL ->
          file.instruction(
              heldBlock,
              block,
              heldIndex,
              pc == behind ? DrmemtraceLayout.UNTAKEN_JUMP : DrmemtraceLayout.TAKEN_JUMP,
              0);
      case INDIRECT_JUMP, INDIRECT_CALL, RETURN ->
          file.instruction(heldBlock, block, heldIndex, type, pc);
      case JUMP, CALL, NONE, TRAP -> file.instruction(heldBlock, block, heldIndex, type, 0);
      case SYSTEM_CALL -> {
        file.instruction(heldBlock, block, heldIndex, type, 0);
        called = true;
        call = -1;
        callPc = block.pcs()[heldIndex];
        behindCall = behind;
      }
    }
    return 1;
  }

  /// Ends contexts up to the one that went on at an address.
  private void transfer(long pc) {
    int depth = 0;
    for (Iterator<Long> each = contexts.iterator(); each.hasNext(); ) {
      depth++;
      if (each.next() == pc) {
        break;
      }
      if (!each.hasNext()) {
        depth++; // none did
      }
    }
    for (int i = 0; i < Math.max(1, depth); i++) {
      file.marker(DrmemtraceLayout.KERNEL_TRANSFER, callPc);
      contexts.pollFirst();
    }
  }

  /// Takes a note.
  ///
  /// @param system number of the system call that a note of one names; -1 if it is not known
  /// @return how many instructions were written
  int note(long word, int system, long time) {
    if (ended) {
      return 0;
    }
    return switch (EventWord.note(word)) {
      case EventWord.NOTE_INTERRUPT -> interrupt(word, time);
      case EventWord.NOTE_CALL -> call(system, time);
      case EventWord.NOTE_RETURN -> {
        if (called && call >= 0) {
          file.of(number, time);
          file.time(time);
        }
        yield 0;
      }
      default -> 0;
    };
  }

  private int interrupt(long word, long time) {
    long pc = EventWord.address(word);
    file.of(number, time);
    int written = goOn(pc, true, time);
    file.marker(DrmemtraceLayout.KERNEL_EVENT, pc);
    int signal = EventWord.detail(word);
    if (signal != 0) {
      file.marker(DrmemtraceLayout.SIGNAL, signal);
    }
    contexts.addFirst(pc);
    return written;
  }

  private int call(int system, long time) {
    if (held == null || held.branches()[heldIndex] != BranchKind.SYSTEM_CALL) {
      return 0; // the instruction was left out
    }
    int written = release(0, time);
    call = system;
    if (system >= 0) {
      file.time(time);
      file.marker(DrmemtraceLayout.SYSTEM_CALL, system);
    }
    if (system == EXIT || system == EXIT_GROUP) {
      exit();
    }
    return written;
  }

  /// Takes an execution with its accesses.
  ///
  /// @return how many instructions were written
  int execution(BatchCursor cursor, long time) {
    int id = cursor.block();
    DrmemtraceCode.Block block = code.block(id);
    int first = cursor.first();
    int end = cursor.end();
    if (first == end || ended) {
      return 0;
    }
    file.of(number, time);
    int written = goOn(block.pcs()[first], false, time);
    int access = cursor.firstAccess();
    for (int i = first; i < end; i++) {
      if (block.branches()[i].endsBlock()) {
        // Where it goes comes next; it has no accesses.
        heldBlock = id;
        held = block;
        heldIndex = i;
        if (i < end - 1) {
          written += release(block.pcs()[i + 1], time);
          called = false;
        }
        continue;
      }
      file.instruction(id, block, i, block.types()[i], 0);
      written++;
      int until = access;
      while (until < cursor.endAccess() && EventWord.instruction(cursor.word(until)) == i) {
        until++;
      }
      accesses(cursor, block, i, access, until);
      access = until;
    }
    return written;
  }

  private void accesses(
      BatchCursor cursor, DrmemtraceCode.Block block, int index, int from, int until) {
    if (block.touches()[index] >= 0) {
      if (from < until) {
        file.record(
            block.touches()[index],
            EventWord.bytes(cursor.word(from)),
            EventWord.address(cursor.word(from)));
      } else if (!filtered) { // not told of, but expected
        file.record(block.touches()[index], 1, 0);
      }
      return;
    }
    if (block.loads()[index] == DrmemtraceCode.ANY) {
      for (int at = from; at < until; ) {
        int next = at + 1;
        while (next < until && follows(cursor.word(next - 1), cursor.word(next))) {
          next++;
        }
        joined(cursor, at, next, EventWord.isStore(cursor.word(at)));
        at = next;
      }
      return;
    }
    boolean loaded = block.loads()[index] == 1 && joined(cursor, from, until, false);
    boolean stored = block.stores()[index] == 1 && joined(cursor, from, until, true);
    if (block.exclusive()[index]) {
      if (loaded) {
        exclusive = lowest;
        exclusiveBytes = bytes;
      } else if (!stored && block.stores()[index] == 1 && exclusiveBytes != 0 && !filtered) {
        // It failed, as nothing was exclusive any more; DynamoRIO tells of that as well.
        file.record(DrmemtraceLayout.WRITE, exclusiveBytes, exclusive);
      }
    }
  }

  private static boolean follows(long before, long word) {
    return EventWord.isStore(before) == EventWord.isStore(word)
        && EventWord.address(before) + EventWord.bytes(before) == EventWord.address(word);
  }

  /// Writes the loads or stores of an instruction as one, as its operand is.
  ///
  /// @return whether there was any
  private boolean joined(BatchCursor cursor, int from, int until, boolean store) {
    long end = 0;
    boolean any = false;
    for (int i = from; i < until; i++) {
      long word = cursor.word(i);
      if (EventWord.isStore(word) != store) {
        continue;
      }
      long address = EventWord.address(word);
      long behind = address + EventWord.bytes(word);
      lowest = any && Long.compareUnsigned(lowest, address) < 0 ? lowest : address;
      end = any && Long.compareUnsigned(end, behind) > 0 ? end : behind;
      any = true;
    }
    if (any) {
      bytes = (int) (end - lowest);
      file.record(store ? DrmemtraceLayout.WRITE : DrmemtraceLayout.READ, bytes, lowest);
    }
    return any;
  }

  /// What comes next is somewhere else.
  void pause() {
    held = null;
    called = false;
    gap = true;
  }

  private void exit() {
    ended = true;
    file.record(DrmemtraceLayout.THREAD_EXIT, 0, number + DrmemtraceFile.PROCESS);
  }

  /// Says that the thread has ended, if it has not said so itself.
  void end() {
    if (!ended) {
      exit();
    }
  }
}
