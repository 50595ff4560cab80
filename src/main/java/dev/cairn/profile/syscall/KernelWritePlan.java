package dev.cairn.profile.syscall;

import dev.cairn.event.KernelWrite;
import dev.cairn.program.call.FetchPlan;
import dev.cairn.program.call.SystemCallSignature;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.call.TypeWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What system calls write into the guest's memory, by the types of their arguments. Of what the
/// types do not tell it says that it may be anything, so that nobody takes old contents for the
/// present ones.
public final class KernelWritePlan {
  /// Calls that only read what they have an address of, or whose effect on mappings a source knows.
  private static final Set<String> HARMLESS =
      Set.of(
          "mount",
          "set_tid_address",
          "set_robust_list",
          "kexec_load",
          "init_module",
          "reboot",
          "msgsnd",
          "brk",
          "munmap",
          "mremap",
          "mmap",
          "mprotect",
          "msync",
          "mlock",
          "munlock",
          "madvise",
          "mbind",
          "set_mempolicy",
          "migrate_pages",
          "sendmmsg",
          "mlock2",
          "pkey_mprotect",
          "rseq",
          "execve",
          "execveat",
          "process_vm_writev",
          "rt_sigreturn",
          "futex_wake",
          "futex_wait",
          "mseal");

  /// Calls that write where a struct in memory or a number says.
  private static final Set<String> ANYWHERE =
      Set.of("recvmsg", "recvmmsg", "prctl", "ptrace", "keyctl", "clone3", "shmat", "shmdt");

  private static final int SOCKET_ADDRESS_BYTES = 128;
  private static final int OPTION_BYTES = 64;
  private static final int FUTEX_BYTES = 4;

  private KernelWritePlan() {}

  /// {@return what each call of a table writes}
  public static List<KernelWrite> of(SystemCallTable table) {
    List<KernelWrite> writes = new ArrayList<>();
    for (SystemCallSignature call : table.calls()) {
      add(call, writes);
    }
    return writes;
  }

  private static void add(SystemCallSignature call, List<KernelWrite> writes) {
    int number = call.number();
    writes.add(new KernelWrite(number, 0, KernelWrite.Kind.NOTHING, 0, 0)); // it is known
    if (ANYWHERE.contains(call.name())) {
      writes.add(new KernelWrite(number, 0, KernelWrite.Kind.ANYTHING, 0, 0));
    } else if (call.name().equals("getdents64")) {
      writes.add(new KernelWrite(number, 1, KernelWrite.Kind.BY_RESULT, 0, 1));
    } else if (call.name().equals("futex")) {
      writes.add(new KernelWrite(number, 0, KernelWrite.Kind.BYTES, 0, FUTEX_BYTES));
      writes.add(new KernelWrite(number, 4, KernelWrite.Kind.BYTES, 0, FUTEX_BYTES));
    } else {
      for (int i = 0; i < call.arguments().size(); i++) {
        add(call, i, call.arguments().get(i), writes);
      }
    }
  }

  private static void add(
      SystemCallSignature call, int argument, TypeWord type, List<KernelWrite> writes) {
    int number = call.number();
    switch (type.name()) {
      case "ptr", "ioctl" -> {
        if (!HARMLESS.contains(call.name())) {
          writes.add(new KernelWrite(number, 0, KernelWrite.Kind.ANYTHING, 0, 0));
        }
      }
      case "out", "inout" ->
          writes.add(
              type.has(2)
                  ? new KernelWrite(
                      number,
                      argument,
                      KernelWrite.Kind.BY_ARGUMENT,
                      type.number(1),
                      FetchPlan.structBytes(type.text(0)))
                  : new KernelWrite(
                      number,
                      argument,
                      KernelWrite.Kind.BYTES,
                      0,
                      FetchPlan.structBytes(type.text(0))));
      case "outs" ->
          writes.add(
              new KernelWrite(
                  number,
                  argument,
                  KernelWrite.Kind.BY_RESULT,
                  0,
                  FetchPlan.structBytes(type.text(0))));
      case "outbytes", "names" ->
          writes.add(new KernelWrite(number, argument, KernelWrite.Kind.BY_RESULT, 0, 1));
      case "outiov" ->
          writes.add(new KernelWrite(number, argument, KernelWrite.Kind.VECTOR, type.number(0), 0));
      case "outsock" ->
          writes.add(
              new KernelWrite(number, argument, KernelWrite.Kind.BYTES, 0, SOCKET_ADDRESS_BYTES));
      case "sockvalue" ->
          writes.add(new KernelWrite(number, argument, KernelWrite.Kind.BYTES, 0, OPTION_BYTES));
      case "fcntl" -> writes.add(struct(number, argument, "flock"));
      default -> {} // a number, or memory that is only read
    }
  }

  private static KernelWrite struct(int number, int argument, String name) {
    return new KernelWrite(
        number, argument, KernelWrite.Kind.BYTES, 0, FetchPlan.structBytes(name));
  }
}
