package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.OpenFile;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which descriptors a guest has, and which of them stand for the same open file.
final class FileTable {
  private static final int F_DUPFD = 0;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int STANDARD_STREAMS = 3;

  /// Descriptor to description.
  private final TreeMap<Integer, Integer> descriptions = new TreeMap<>();

  private int next = STANDARD_STREAMS;

  /// A descriptor that the guest was started with.
  void inherit(int descriptor) {
    descriptions.put(descriptor, descriptor);
  }

  /// A descriptor that a restored guest has.
  void resume(OpenFile file) {
    descriptions.put(file.descriptor(), file.description());
    next = Math.max(next, file.description() + 1);
  }

  /// {@return descriptor to description}
  Map<Integer, Integer> descriptions() {
    return descriptions;
  }

  /// Takes note of a call that has returned.
  ///
  /// @param name of the call
  void returned(String name, SystemCall call, SystemReturn result) {
    long[] arguments = call.arguments();
    int number = (int) result.result();
    if (result.result() < 0) {
      return;
    }
    switch (name) {
      case "openat",
          "openat2",
          "socket",
          "accept",
          "accept4",
          "epoll_create1",
          "eventfd2",
          "signalfd4",
          "timerfd_create",
          "inotify_init1",
          "fanotify_init",
          "memfd_create",
          "perf_event_open",
          "userfaultfd",
          "pidfd_open",
          "pidfd_getfd",
          "io_uring_setup",
          "open_by_handle_at",
          "mq_open" ->
          descriptions.put(number, next++);
      case "dup", "dup3" -> copy((int) arguments[0], number);
      case "fcntl" -> {
        if (arguments[1] == F_DUPFD || arguments[1] == F_DUPFD_CLOEXEC) {
          copy((int) arguments[0], number);
        }
      }
      case "pipe2", "socketpair" -> pair(result.memory());
      case "close" -> descriptions.remove((int) arguments[0]);
      case "close_range" -> {
        if ((arguments[2] & CLOSE_RANGE_CLOEXEC) == 0) {
          long last = Math.min(arguments[1] & 0xffffffffL, Integer.MAX_VALUE);
          descriptions.subMap((int) arguments[0], true, (int) last, true).clear();
        }
      }
      default -> {}
    }
  }

  private void copy(int from, int to) {
    descriptions.put(to, descriptions.getOrDefault(from, next++));
  }

  private void pair(List<GuestBytes> memory) {
    for (GuestBytes piece : memory) {
      byte[] bytes = piece.bytes();
      if (bytes != null && bytes.length == 8) {
        ByteBuffer two = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        descriptions.put(two.getInt(), next++);
        descriptions.put(two.getInt(), next++);
      }
    }
  }
}
