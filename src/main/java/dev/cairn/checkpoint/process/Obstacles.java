package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.Uncarried;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a process has done that a checkpoint can't carry.
final class Obstacles {
  /// Calls that leave something behind in the kernel whenever they succeed.
  private static final Set<String> NOT_CARRIED =
      Set.of(
          "bpf",
          "capset",
          "chroot",
          "execve",
          "execveat",
          "fanotify_init",
          "fsopen",
          "io_setup",
          "io_uring_setup",
          "ioprio_set",
          "keyctl",
          "landlock_restrict_self",
          "mbind",
          "memfd_secret",
          "migrate_pages",
          "mlock",
          "mlock2",
          "mlockall",
          "mount",
          "mq_open",
          "move_pages",
          "perf_event_open",
          "personality",
          "pivot_root",
          "pkey_alloc",
          "pkey_mprotect",
          "process_madvise",
          "ptrace",
          "remap_file_pages",
          "sched_setaffinity",
          "sched_setattr",
          "sched_setparam",
          "sched_setscheduler",
          "seccomp",
          "set_mempolicy",
          "setfsgid",
          "setfsuid",
          "setgid",
          "setgroups",
          "setns",
          "setpgid",
          "setpriority",
          "setregid",
          "setresgid",
          "setresuid",
          "setreuid",
          "setsid",
          "setuid",
          "unshare",
          "userfaultfd");

  /// Questions, and the thread's name, which is carried.
  private static final Set<Integer> HARMLESS_PRCTL =
      Set.of(2, 3, 7, 15, 16, 21, 23, 27, 30, 37, 39, 42, 51, 56, 0x53564d41);

  private static final int AT_HWCAP = 16;

  /// `HWCAP_PACA` and `HWCAP_PACG`.
  private static final long SIGNED_ADDRESSES = 3L << 30;

  /// What `fcntl` keeps of a descriptor and nothing shows.
  private static final Map<Long, String> SET_OF_DESCRIPTOR =
      Map.of(
          8L, "F_SETOWN",
          10L, "F_SETSIG",
          15L, "F_SETOWN_EX",
          1024L, "F_SETLEASE",
          1026L, "F_NOTIFY",
          1031L, "F_SETPIPE_SZ");

  /// `MEMBARRIER_CMD_REGISTER_` for all kinds of barriers.
  private static final long REGISTERS_BARRIERS = 4 | 16 | 64 | 256;

  private static final long CLONE_THREAD = 0x10000;
  private static final long ASKS_PERSONALITY = 0xffffffffL;

  private int process;
  private final TreeSet<Long> children = new TreeSet<>();
  private final IntervalTimers timers = new IntervalTimers();
  private final TreeMap<String, String> found = new TreeMap<>();

  /// Calls that may be let pass.
  private static final Map<String, Uncarried> IGNORABLE = ignorable();

  private static Map<String, Uncarried> ignorable() {
    Map<String, Uncarried> all = new TreeMap<>();
    for (String call : List.of("mlock", "mlock2", "mlockall")) {
      all.put(call, Uncarried.LOCKED_MEMORY);
    }
    for (String call :
        List.of(
            "ioprio_set",
            "mbind",
            "migrate_pages",
            "move_pages",
            "sched_setaffinity",
            "sched_setattr",
            "sched_setparam",
            "sched_setscheduler",
            "set_mempolicy",
            "setpriority")) {
      all.put(call, Uncarried.SCHEDULING);
    }
    return all;
  }

  /// Learns the number of the process, which its program may use for itself.
  void begin(int number) {
    process = number;
  }

  /// Takes note of a call that has succeeded.
  void returned(String name, SystemCall call, SystemReturn result) {
    long[] arguments = call.arguments();
    switch (name) {
      case "clone" -> {
        if ((arguments[0] & CLONE_THREAD) != 0) {
          found.put(name, "it has started a thread");
        } else if (result.result() > 0) {
          children.add(result.result());
        }
      }
      case "clone3" -> found.put(name, "it has started a thread or a process (clone3)");
      case "wait4" -> children.remove(result.result());
      case "setitimer", "timer_create", "timer_delete" -> timers.returned(name, call);
      case "prctl" -> {
        if (!HARMLESS_PRCTL.contains((int) arguments[0])) {
          found.put(name, "it has called prctl(" + arguments[0] + ", ...)");
        }
      }
      case "prlimit64" -> {
        if (arguments[2] != 0 && arguments[0] != 0 && arguments[0] != process) {
          found.put(name, "it has set a limit of another process (prlimit64)");
        }
      }
      case "fcntl" -> {
        String what = SET_OF_DESCRIPTOR.get(arguments[1]);
        if (what != null) {
          found.put(
              descriptor(arguments[0]),
              "it has called fcntl(%d, %s, ...)".formatted((int) arguments[0], what));
        }
      }
      case "close" -> found.remove(descriptor(arguments[0]));
      case "shmat" ->
          found.put(
              memory(result.result()),
              "it has memory of System V at 0x%x (shmat)".formatted(result.result()));
      case "shmdt" -> found.remove(memory(arguments[0]));
      case "membarrier" -> {
        if ((arguments[0] & REGISTERS_BARRIERS) != 0) {
          found.put(name, "it has registered itself for barriers (membarrier)");
        }
      }
      case "personality" -> {
        if ((arguments[0] & ASKS_PERSONALITY) != ASKS_PERSONALITY) {
          found.put(name, "it has called personality");
        }
      }
      default -> {
        if (NOT_CARRIED.contains(name)) {
          found.put(name, "it has called " + name);
        }
      }
    }
  }

  private static String descriptor(long number) {
    return "descriptor " + (int) number;
  }

  private static String memory(long address) {
    return "memory " + Long.toHexString(address);
  }

  /// A handler was entered.
  void signalled(int signal) {
    timers.signalled(signal);
  }

  /// {@return the processes that have not ended, or whose end was not asked for: from the host, if
  /// its kernel tells}
  private NavigableSet<Long> children() throws IOException {
    Path list = Path.of("/proc/" + process + "/task/" + process + "/children");
    if (!Files.exists(list)) {
      return children;
    }
    TreeSet<Long> all = new TreeSet<>();
    for (String number : Files.readString(list).split(" ", -1)) {
      if (!number.isBlank()) {
        all.add(Long.parseLong(number.strip()));
      }
    }
    return all;
  }

  /// Complains of what the process has of its processor that can't be carried.
  ///
  /// @param start which says what the processor has
  static void refuseProcessor(ProcessStart start, Set<Uncarried> ignored)
      throws CheckpointException {
    boolean signs = (start.auxiliary(AT_HWCAP) & SIGNED_ADDRESSES) != 0;
    if (signs && !ignored.contains(Uncarried.PAC_KEYS)) {
      throw Uncarried.PAC_KEYS.refused(
          "the CPU signs addresses with keys that nobody can read; choose one that does not"
              + " (--cpu ...,pauth=off)");
    }
  }

  /// Complains of the first reason why the process can't be carried, if there is one.
  ///
  /// @param ignored reasons that are let pass
  void refuse(Set<Uncarried> ignored) throws IOException {
    NavigableSet<Long> others = children();
    if (!others.isEmpty() && !ignored.contains(Uncarried.CHILDREN)) {
      throw Uncarried.CHILDREN.refused(
          "it has another process as its child (" + others.first() + ")");
    }
    String timer = timers.running();
    if (timer != null && !ignored.contains(Uncarried.TIMERS)) {
      throw Uncarried.TIMERS.refused("it has called " + timer);
    }
    for (Map.Entry<String, String> each : found.entrySet()) {
      Uncarried kind = IGNORABLE.get(each.getKey());
      if (kind == null) {
        throw new CheckpointException(each.getValue());
      }
      if (!ignored.contains(kind)) {
        throw kind.refused(each.getValue());
      }
    }
  }
}
