package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.criu.image.NewEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// The image of the one thread: registers, signals, limits, timers, rights.
final class CoreImage {
  static final int AARCH64 = 3;
  static final int ALIVE = 1;
  static final int SIGNALS = 64;
  static final int SIGKILL = 9;
  static final int SIGSTOP = 19;

  /// The set of control groups that CRIU itself is in at a restore.
  static final int CONTROL_GROUPS = 1;

  private static final int NAME_BYTES = 15;
  private static final int AT_UID = 11;
  private static final int AT_EUID = 12;
  private static final int AT_GID = 13;
  private static final int AT_EGID = 14;

  /// All 41 capabilities that Linux has; CRIU leaves out those that a kernel does not know.
  private static final long[] ALL_RIGHTS = {0xffffffffL, 0x1ff};

  private static final long[] NO_RIGHTS = {0, 0};

  private CoreImage() {}

  static NewEntry of(ProcessState process) {
    return NewEntry.of("core_entry")
        .put("mtype", AARCH64)
        .put("ti_aarch64", registers(process))
        .put("tc", task(process))
        .put("thread_core", thread(process));
  }

  private static NewEntry registers(ProcessState process) {
    A64Registers registers = process.registers();
    return NewEntry.of("thread_info_aarch64")
        .put("clear_tid_addr", process.clearChildTid())
        .put("tls", registers.tpidr())
        .put(
            "gpregs",
            NewEntry.of("user_aarch64_regs_entry")
                .put("regs", registers.x())
                .put("sp", registers.sp())
                .put("pc", registers.pc())
                .put("pstate", registers.pstate()))
        .put(
            "fpsimd",
            NewEntry.of("user_aarch64_fpsimd_context_entry")
                .put("vregs", registers.v())
                .put("fpsr", registers.fpsr())
                .put("fpcr", registers.fpcr()));
  }

  private static NewEntry task(ProcessState process) {
    NewEntry stopped = NewEntry.of("itimer_entry");
    stopped.put("isec", 0).put("iusec", 0).put("vsec", 0).put("vusec", 0);
    NewEntry limits = NewEntry.of("task_rlimits_entry");
    for (ResourceLimit each : process.limits()) {
      limits.put(
          "rlimits", NewEntry.of("rlimit_entry").put("cur", each.soft()).put("max", each.hard()));
    }
    NewEntry task =
        NewEntry.of("task_core_entry")
            .put("task_state", ALIVE)
            .put("exit_code", 0)
            .put("personality", 0)
            .put("flags", 0)
            .put("blk_sigset", process.signals().mask())
            .put("comm", name(process))
            .put(
                "timers",
                NewEntry.of("task_timers_entry")
                    .put("real", stopped)
                    .put("virt", stopped)
                    .put("prof", stopped))
            .put("rlimits", limits)
            .put("cg_set", CONTROL_GROUPS)
            .put("signals_s", NewEntry.of("signal_queue_entry"));
    actions(task, process.signals());
    return task;
  }

  /// {@return the name that `ps` shows}
  private static String name(ProcessState process) {
    String given = process.name();
    return given == null ? usualName(process.program()) : given;
  }

  /// {@return what the kernel calls a process that has not set its name}
  ///
  /// @param program its command line
  static String usualName(List<String> program) {
    Path file = Path.of(program.getFirst()).getFileName();
    String name = file == null ? "" : file.toString();
    return name.substring(0, Math.min(NAME_BYTES, name.length()));
  }

  /// Adds what happens at each signal but the two that can't be handled, as CRIU wants all.
  private static void actions(NewEntry task, SignalState signals) {
    TreeMap<Integer, SignalState.Action> set = new TreeMap<>();
    signals.actions().forEach(each -> set.put(each.signal(), each));
    for (int signal = 1; signal <= SIGNALS; signal++) {
      if (signal != SIGKILL && signal != SIGSTOP) {
        SignalState.Action action =
            set.getOrDefault(signal, new SignalState.Action(signal, 0, 0, 0, 0));
        task.put(
            "sigactions",
            NewEntry.of("sa_entry")
                .put("sigaction", action.handler())
                .put("flags", action.flags())
                .put("restorer", action.restorer())
                .put("mask", action.mask()));
      }
    }
  }

  private static NewEntry thread(ProcessState process) {
    SignalState signals = process.signals();
    NewEntry thread = NewEntry.of("thread_core_entry");
    Rseq rseq = process.rseq();
    if (rseq != null) {
      thread.put(
          "rseq_entry",
          NewEntry.of("rseq_entry")
              .put("rseq_abi_pointer", rseq.address())
              .put("rseq_abi_size", rseq.bytes())
              .put("signature", Integer.toUnsignedLong(rseq.signature())));
    }
    return thread
        .put("futex_rla", process.robustList())
        .put("futex_rla_len", process.robustListBytes())
        .put("sched_nice", 0)
        .put("sched_policy", 0)
        .put(
            "sas",
            NewEntry.of("thread_sas_entry")
                .put("ss_sp", signals.stackAddress())
                .put("ss_size", signals.stackBytes())
                .put("ss_flags", signals.stackFlags()))
        .put("signals_p", NewEntry.of("signal_queue_entry"))
        .put("creds", rights(process))
        .put("seccomp_mode", 0)
        .put("comm", name(process))
        .put("cg_set", CONTROL_GROUPS);
  }

  /// {@return the user and group that the process was told at its start}
  private static NewEntry rights(ProcessState process) {
    long user = process.start().auxiliary(AT_UID);
    long effectiveUser = process.start().auxiliary(AT_EUID);
    long group = process.start().auxiliary(AT_GID);
    long effectiveGroup = process.start().auxiliary(AT_EGID);
    long[] held = effectiveUser == 0 ? ALL_RIGHTS : NO_RIGHTS;
    return NewEntry.of("creds_entry")
        .put("uid", user)
        .put("gid", group)
        .put("euid", effectiveUser)
        .put("egid", effectiveGroup)
        .put("suid", effectiveUser)
        .put("sgid", effectiveGroup)
        .put("fsuid", effectiveUser)
        .put("fsgid", effectiveGroup)
        .put("cap_inh", NO_RIGHTS)
        .put("cap_prm", held)
        .put("cap_eff", held)
        .put("cap_bnd", ALL_RIGHTS)
        .put("secbits", 0);
  }
}
