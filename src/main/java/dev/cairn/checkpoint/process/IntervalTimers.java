package dev.cairn.checkpoint.process;

import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The timers that a process has set, as far as its system calls and its handlers tell: one that
/// was stopped, or that has run out once and for all, is none.
final class IntervalTimers {
  /// `struct itimerval`: seconds and microseconds of the interval, and of what is left.
  static final int BYTES = 32;

  /// The signals of `ITIMER_REAL`, `ITIMER_VIRTUAL` and `ITIMER_PROF`.
  private static final int[] SIGNALS = {14, 26, 27};

  /// Which to whether it begins anew when it has run out.
  private final TreeMap<Integer, Boolean> set = new TreeMap<>();

  private int created;

  /// Takes note of a call that has succeeded.
  void returned(String name, SystemCall call) {
    switch (name) {
      case "timer_create" -> created++;
      case "timer_delete" -> created--;
      default -> set((int) call.arguments()[0], call);
    }
  }

  private void set(int which, SystemCall call) {
    set.remove(which);
    for (GuestBytes piece : call.memory()) {
      byte[] bytes = piece.bytes();
      if (bytes != null && bytes.length == BYTES) {
        ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean again = (value.getLong(0) | value.getLong(8)) != 0;
        if ((value.getLong(16) | value.getLong(24)) != 0) {
          set.put(which, again);
        }
      }
    }
  }

  /// A handler was entered.
  void signalled(int signal) {
    set.entrySet().removeIf(timer -> !timer.getValue() && SIGNALS[timer.getKey()] == signal);
  }

  /// {@return the call that has set one; null if none runs}
  @Nullable String running() {
    return created > 0 ? "timer_create" : set.isEmpty() ? null : "setitimer";
  }
}
