package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.criu.image.Entry;
import dev.cairn.event.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The one thread of a process that CRIU has dumped.
final class ImportedCore {
  private static final int HANDLED = CoreImage.SIGNALS - 2;
  private static final int MOST_LIMITS = 64;
  private static final List<String> MACHINES =
      List.of("none", "x86-64", "ARM", "AArch64", "PowerPC", "S390", "MIPS", "LoongArch", "RISC-V");

  /// `ADDR_NO_RANDOMIZE`, which matters to the next program only.
  private static final long HARMLESS_PERSONALITY = 0x0040000;

  private final Entry core;
  private final Entry machine;
  private final Entry task;
  private final Entry thread;

  /// @throws CheckpointException if there is something that can't be carried
  ImportedCore(Entry core, Set<Ignorable> ignored) throws FormatException, CheckpointException {
    this.core = core;
    long type = core.number("mtype");
    if (type != CoreImage.AARCH64) {
      throw new CheckpointException(
          "it is a process of "
              + (type < MACHINES.size() ? MACHINES.get((int) type) : "the unknown machine " + type)
              + ", and AArch64 is what can be carried");
    }
    machine = core.required("ti_aarch64");
    task = core.required("tc");
    thread = core.required("thread_core");
    requireCarried();
    require(ignored, Ignorable.PAC_KEYS, !hasKeys());
    require(
        ignored,
        Ignorable.SCHEDULING,
        thread.number("sched_policy") == 0 && thread.number("sched_nice") == 0);
    require(ignored, Ignorable.MEMBARRIER, task.number("membarrier_registration_mask") == 0);
  }

  /// @throws CheckpointException unless it is so, or does not matter
  static void require(Set<Ignorable> ignored, Ignorable what, boolean absent)
      throws CheckpointException {
    if (!absent && !ignored.contains(what)) {
      throw new CheckpointException(
          what.what() + "; --ignore " + what + " if that does not matter");
    }
  }

  /// {@return what the process was called; null if that is not known}
  @Nullable String name() throws FormatException {
    String name = thread.has("comm") ? thread.text("comm") : "";
    return name.isEmpty() || name.indexOf('\0') >= 0 ? null : name;
  }

  private boolean hasKeys() {
    Entry keys = machine.entry("pac_keys");
    return keys != null && (keys.has("pac_address_keys") || keys.has("pac_generic_keys"));
  }

  private void requireCarried() throws CheckpointException {
    refuse(task.number("task_state") != CoreImage.ALIVE, "it was stopped or had ended");
    refuse(
        pending(task.entry("signals_s")) || pending(thread.entry("signals_p")),
        "a signal is pending");
    refuse(hasTimers(task.entry("timers")), "it has a timer that runs");
    refuse(
        thread.number("seccomp_mode") != 0 || task.number("old_seccomp_mode") != 0,
        "it may not make every system call (seccomp)");
    refuse((task.number("personality") & ~HARMLESS_PERSONALITY) != 0, "it has called personality");
    refuse(thread.number("pdeath_sig") != 0, "it has asked for a signal when its parent dies");
    refuse(task.number("child_subreaper") != 0, "it has asked to become the parent of orphans");
    Entry sequence = thread.entry("rseq_entry");
    refuse(
        sequence != null && sequence.number("rseq_cs_pointer") != 0,
        "it is inside a restartable sequence (rseq)");
  }

  private static void refuse(boolean present, String what) throws CheckpointException {
    if (present) {
      throw new CheckpointException(what);
    }
  }

  private static boolean pending(@Nullable Entry queue) {
    return queue != null && queue.has("signals");
  }

  private static boolean hasTimers(@Nullable Entry timers) {
    if (timers == null) {
      return false;
    }
    boolean any = timers.has("posix");
    for (String each : List.of("real", "virt", "prof")) {
      for (Entry timer : timers.entries(each)) {
        any |= timer.number("vsec") != 0 || timer.number("vusec") != 0;
      }
    }
    return any;
  }

  A64Registers registers() throws FormatException {
    Entry general = machine.required("gpregs");
    Entry vectors = machine.required("fpsimd");
    long[] x = general.numbers("regs");
    long[] v = vectors.numbers("vregs");
    if (x.length != 31 || v.length != 64) {
      throw new FormatException(
          general.where("regs"),
          "there are %d general and %d vector registers, and 31 and 32 on AArch64"
              .formatted(x.length, v.length / 2));
    }
    return new A64Registers(
        x,
        general.number("sp"),
        general.number("pc"),
        general.number("pstate") & A64Registers.KEPT_OF_PSTATE,
        (int) vectors.number("fpsr"),
        (int) vectors.number("fpcr"),
        machine.number("tls"),
        v);
  }

  SignalState signals() throws FormatException {
    List<Entry> entries = task.entries("sigactions");
    if (entries.size() != HANDLED) {
      throw new FormatException(
          core.where("tc.sigactions"),
          "there are " + entries.size() + " signals, and " + HANDLED + " on AArch64 Linux");
    }
    List<SignalState.Action> actions = new ArrayList<>();
    int at = 0;
    for (int signal = 1; signal <= CoreImage.SIGNALS; signal++) {
      if (signal != CoreImage.SIGKILL && signal != CoreImage.SIGSTOP) {
        Entry entry = entries.get(at++);
        SignalState.Action action =
            new SignalState.Action(
                signal,
                entry.number("sigaction"),
                entry.number("flags"),
                entry.number("restorer"),
                entry.number("mask"));
        if (action.handler() != 0 || action.flags() != 0 || action.mask() != 0) {
          actions.add(action);
        }
      }
    }
    Entry stack = thread.entry("sas");
    return stack == null
        ? new SignalState(actions, task.number("blk_sigset"), 0, SignalState.NO_STACK, 0)
        : new SignalState(
            actions,
            task.number("blk_sigset"),
            stack.number("ss_sp"),
            (int) stack.number("ss_flags"),
            stack.number("ss_size"));
  }

  List<ResourceLimit> limits() throws FormatException {
    List<ResourceLimit> all = new ArrayList<>();
    Entry limits = task.entry("rlimits");
    for (Entry each : limits == null ? List.<Entry>of() : limits.entries("rlimits")) {
      all.add(new ResourceLimit(all.size(), each.number("cur"), each.number("max"), false));
    }
    if (all.size() > MOST_LIMITS) {
      throw new FormatException(core.where("tc.rlimits"), "impossible: " + all.size());
    }
    return all;
  }

  long clearChildTid() {
    return machine.number("clear_tid_addr");
  }

  long robustList() {
    return thread.number("futex_rla");
  }

  long robustListBytes() {
    return thread.number("futex_rla_len");
  }

  /// {@return the area of restartable sequences that was registered; null for none}
  @Nullable Rseq rseq() {
    Entry sequence = thread.entry("rseq_entry");
    long area = sequence == null ? 0 : sequence.number("rseq_abi_pointer");
    return sequence == null || area == 0
        ? null
        : new Rseq(
            area, (int) sequence.number("rseq_abi_size"), (int) sequence.number("signature"));
  }
}
