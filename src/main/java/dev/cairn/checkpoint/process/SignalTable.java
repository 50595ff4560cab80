package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.SignalState.Action;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a guest has said of signals, and what handlers have made of its mask.
final class SignalTable {
  private static final long SA_NODEFER = 0x40000000L;
  private static final long SA_RESETHAND = 0x80000000L;
  private static final int BLOCK = 0;
  private static final int UNBLOCK = 1;
  private static final int ACTION_BYTES = 32;
  private static final int STACK_BYTES = 24;

  /// `SIG_IGN`
  private static final long IGNORE = 1;

  /// Signals 1 to 31, which have the same numbers on the host.
  private static final long FIRST_KIND = 0x7fffffffL;

  /// SIGKILL and SIGSTOP can't be blocked.
  private static final long NEVER_BLOCKED = 1L << 8 | 1L << 18;

  /// QEMU never lets the host block SIGSEGV and SIGBUS for it.
  private static final long NOT_SHOWN = 1L << 10 | 1L << 6;

  /// The signals of the first kind, of which all are blocked while QEMU has one to deliver.
  private static final long ALL_SHOWN = FIRST_KIND & ~NEVER_BLOCKED & ~NOT_SHOWN;

  private final TreeMap<Integer, Action> actions = new TreeMap<>();
  private long mask;
  private long stackAddress;
  private int stackFlags = SignalState.NO_STACK;
  private long stackBytes;

  /// Goes on with what a restored guest has said.
  void resume(SignalState state) {
    state.actions().forEach(action -> actions.put(action.signal(), action));
    mask = state.mask();
    stackAddress = state.stackAddress();
    stackFlags = state.stackFlags();
    stackBytes = state.stackBytes();
  }

  /// Takes note of a call that has succeeded.
  void returned(String name, SystemCall call) {
    switch (name) {
      case "rt_sigaction" -> {
        ByteBuffer action = bytes(call.memory(), ACTION_BYTES);
        int signal = (int) call.arguments()[0];
        if (action != null) {
          long handler = action.getLong();
          long flags = action.getLong();
          long restorer = action.getLong();
          actions.put(signal, new Action(signal, handler, flags, restorer, action.getLong()));
        }
      }
      case "rt_sigprocmask" -> {
        ByteBuffer set = bytes(call.memory(), 8);
        if (set != null) {
          long bits = set.getLong();
          int how = (int) call.arguments()[0];
          mask = how == BLOCK ? mask | bits : how == UNBLOCK ? mask & ~bits : bits;
        }
      }
      case "sigaltstack" -> {
        ByteBuffer stack = bytes(call.memory(), STACK_BYTES);
        if (stack != null) {
          stackAddress = stack.getLong();
          stackFlags = (int) stack.getLong();
          stackBytes = stack.getLong();
        }
      }
      default -> {}
    }
  }

  private static @Nullable ByteBuffer bytes(List<GuestBytes> memory, int length) {
    for (GuestBytes piece : memory) {
      byte[] bytes = piece.bytes();
      if (bytes != null && bytes.length == length) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    return null;
  }

  /// A handler was entered.
  void signalled(int signal) {
    Action action = actions.get(signal);
    if (action != null) {
      mask |= action.mask();
      mask |= (action.flags() & SA_NODEFER) == 0 ? 1L << (signal - 1) : 0;
      if ((action.flags() & SA_RESETHAND) != 0) {
        actions.put(signal, new Action(signal, 0, 0, 0, 0));
      }
    }
  }

  /// A handler is left.
  void returns(long savedMask, long address, int flags, long bytes) {
    mask = savedMask;
    stackAddress = address;
    stackFlags = flags & SignalState.NO_STACK;
    stackBytes = bytes;
  }

  /// {@return whether the host's mask is one that QEMU has set because a signal waits}
  ///
  /// @param hostMask what the host shows as blocked
  boolean isHeldUp(long hostMask) {
    return (hostMask & ALL_SHOWN) == ALL_SHOWN && (mask & ALL_SHOWN) != ALL_SHOWN;
  }

  /// {@return the state, with what the host shows of it: the mask of the signals of the first kind,
  /// and what was ignored when the program began}
  SignalState state(HostStatus host) {
    long shown = host.blockedSignals() & FIRST_KIND & ~NOT_SHOWN;
    long followed = mask & (~FIRST_KIND | NOT_SHOWN);
    TreeMap<Integer, Action> all = new TreeMap<>(actions);
    for (long rest = host.ignoredSignals() & FIRST_KIND; rest != 0; rest &= rest - 1) {
      int signal = Long.numberOfTrailingZeros(rest) + 1;
      all.putIfAbsent(signal, new Action(signal, IGNORE, 0, 0, 0));
    }
    return new SignalState(
        List.copyOf(all.values()),
        (shown | followed) & ~NEVER_BLOCKED,
        stackAddress,
        stackFlags,
        stackBytes);
  }
}
