package dev.cairn.trace.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A reader of DynamoRIO's offline traces that was written from their description, with what its
/// invariant checker asks of each record. It shares no code and no number with what writes them.
///
/// Source: DynamoRIO's `trace_entry.h`, `file_reader.h`, `reader.cpp` and `invariant_checker.cpp`,
/// 2026.
final class DrmemtraceChecker implements ByteTaker {
  private static final long CORE_SHARDED = 0x10000;
  private static final long FILTERED_DATA = 0x100;
  private static final long SYSCALL_NUMBERS = 0x400;
  private static final int ENOUGH = 10;

  final List<String> complaints = new ArrayList<>();
  final Map<String, Long> counts = new HashMap<>();

  /// The numbers of the signals that came.
  final List<Long> signals = new ArrayList<>();

  private final ByteBuffer record = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
  private long records;
  private boolean footer;

  private long fileType = -1;
  private long version;
  private long thread = -1;
  private final Map<Long, Long> processes = new HashMap<>();
  private final Map<Long, Integer> encodings = new HashMap<>();
  private int encodingBytes;
  private int encoding;
  private long branchTarget;

  private boolean sawLine;
  private boolean sawPage;
  private boolean exited;
  private boolean sawCall;
  private boolean timeButNoInstruction;
  private long lastTime;
  private long lastWindow = -1;
  private boolean windowTransition;
  private boolean wantsCall;
  private int wantsLoads;
  private int wantsStores;
  private boolean unknownOperands = true;
  private String beforeLast = "";
  private String last = "";
  private Step previous = Step.NONE;
  private Step lastInContext = Step.NONE;
  private String transfer = "";
  private Deque<Context> contexts = new ArrayDeque<>();
  private Context lastContext = new Context(0, Step.NONE);

  private record Step(long pc, int size, int type, long target, ArmEncoding code) {
    static final Step NONE = new Step(0, 0, -1, 0, new ArmEncoding(false, 0, false, 0, 0));

    boolean isBranch() {
      return (type >= 11 && type <= 16) || type == 48 || type == 49;
    }

    boolean isDirect() {
      return type == 11 || type == 13 || type == 14 || type == 48 || type == 49;
    }
  }

  private record Context(long pc, Step before) {}

  @Override
  public void accept(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      record.put(bytes[i]);
      if (!record.hasRemaining()) {
        record.flip();
        take(record.getShort() & 0xffff, record.getShort() & 0xffff, record.getLong());
        record.clear();
        records++;
      }
    }
  }

  /// Says that there is nothing more.
  void end() {
    check(footer, "the trace is truncated: no footer");
    check(record.position() == 0, "the trace ends inside a record");
    boolean together = (fileType & CORE_SHARDED) != 0;
    check(exited || together, "Thread is missing exit");
    if ((fileType & FILTERED_DATA) == 0) {
      check(wantsLoads <= 0, "Missing read records");
      check(wantsStores <= 0, "Missing write records");
    }
  }

  long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  private void check(boolean condition, String complaint) {
    if (!condition && complaints.size() < ENOUGH) {
      complaints.add("record " + records + ": " + complaint);
    }
  }

  private void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  private void take(int type, int size, long value) {
    if (records == 0) {
      check(type == 25 && value <= 7, "Invalid header");
      version = value;
      return;
    }
    check(!footer, "something behind the footer");
    boolean begins = processes.isEmpty();
    switch (type) {
      case 0, 1 -> data(type == 0 ? "loads" : "stores", type == 0, size);
      case 2, 3, 4, 5, 6, 7, 8, 9, 27, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46 ->
          data("prefetches", true, 0);
      case 18, 20 -> data("flushes", true, 0);
      case 10, 11, 12, 13, 14, 15, 16, 48, 49 -> instruction(type, size, value);
      case 22 -> {
        if (thread != value) {
          boolean together = (fileType & CORE_SHARDED) != 0;
          check(thread == -1 || together, "Shard tid != memref tid");
          thread = value;
          contextSwitch();
          if (!processes.containsKey(value)) {
            count("threads", 1);
          }
        }
      }
      case 23 -> exit(value);
      case 24 -> processes.put(thread, value);
      case 26 -> footer = true;
      case 28 -> {
        marker(size, value);
        beforeLast = last;
        last = "marker " + size;
      }
      case 47 -> {
        check(encodingBytes + size <= 15, "Invalid too-large encoding size");
        encoding |= (int) value << (8 * encodingBytes);
        encodingBytes += size;
        count("encodings", 1);
      }
      default -> check(false, "Unknown trace entry type " + type);
    }
    boolean early = type == 22 || type == 24 || type == 28;
    check(!begins || early, "Unexpected trace sequence before the process");
    if (type != 28 && type != 47 && type != 22 && type != 24 && type != 26) {
      beforeLast = last;
      last = "";
    }
  }

  private void contextSwitch() {
    previous = Step.NONE;
    lastInContext = Step.NONE;
    contexts = new ArrayDeque<>();
    lastContext = new Context(0, Step.NONE);
    transfer = "";
    last = "";
    beforeLast = "";
  }

  private void exit(long value) {
    check(value == thread, "an exit of another thread");
    exited = true;
    check(sawLine, "Missing cache line marker");
    check(sawPage, "Missing page size marker");
    check(
        sawCall == ((fileType & SYSCALL_NUMBERS) != 0) || count("system calls") == 0,
        "System call numbers presence does not match filetype");
    check(previous.type >= 0, "An unfiltered thread should have at least 1 user-space instruction");
    count("exits", 1);
  }

  private void data(String what, boolean load, int bytes) {
    check(thread > 0 && processes.getOrDefault(thread, 0L) > 0, "no thread or process");
    count(what, 1);
    count(what + " bytes", bytes);
    if (unknownOperands || (fileType & FILTERED_DATA) != 0) {
      return;
    }
    if (load) {
      check(wantsLoads-- > 0, "Too many read records");
    } else {
      check(wantsStores-- > 0, "Too many write records");
    }
  }

  private void instruction(int type, int size, long pc) {
    check(thread > 0 && processes.getOrDefault(thread, 0L) > 0, "no thread or process");
    count("instructions", 1);
    count("instructions of " + thread, 1);
    if (encodingBytes > 0) {
      check(encodingBytes == size, "Encoding size != instr size");
      encodings.put(pc, encoding);
    }
    encodingBytes = 0;
    encoding = 0;
    Integer code = encodings.get(pc);
    check(code != null, "Missing encoding for 0x" + Long.toHexString(pc));
    ArmEncoding decoded = ArmEncoding.of(pc, code == null ? 0xd503_201f : code);
    boolean indirect = type == 12 || type == 15 || type == 16;
    Step step = new Step(pc, size, type, indirect ? branchTarget : 0, decoded);
    check(!indirect || branchTarget != 0, "Indirect branches must contain targets");
    check(indirect || branchTarget == 0, "a target of no indirect branch");
    branchTarget = 0;
    check(type != 13, "The CONDITIONAL_JUMP type is deprecated and should not appear");
    check(step.isDirect() == decoded.branch(), "the type does not fit the code");
    check(
        (fileType & SYSCALL_NUMBERS) == 0 || !wantsCall,
        "Syscall marker missing after syscall instruction");
    wantsCall = (fileType & SYSCALL_NUMBERS) != 0 && decoded.systemCall();
    if ((fileType & FILTERED_DATA) == 0) {
      check(wantsLoads <= 0, "Missing read records");
      check(wantsStores <= 0, "Missing write records");
    }
    unknownOperands = decoded.loads() < 0;
    wantsLoads = decoded.loads();
    wantsStores = decoded.stores();
    check(
        !previous.isBranch() || !timeButNoInstruction || transfer.equals("event"),
        "Branch target not immediately after branch");
    String broken = discontinuity(previous, pc, false);
    check(broken.isEmpty(), broken + " at 0x" + Long.toHexString(pc));
    if (transfer.equals("return")) {
      check(
          lastContext.pc == 0 || pc == lastContext.pc || type == 11,
          "Signal handler return point incorrect");
    }
    lastInContext = step;
    previous = step;
    transfer = "";
    timeButNoInstruction = false;
    windowTransition = false;
  }

  private String discontinuity(Step before, long pc, boolean atEvent) {
    if (before.pc == 0) {
      return "";
    }
    boolean fallsThrough = !before.isBranch() || before.type == 49;
    boolean fine =
        (fallsThrough && before.pc + before.size == pc)
            || (atEvent && before.pc == pc)
            || (!atEvent && !transfer.isEmpty())
            || (atEvent && pc == lastContext.pc && before.pc == lastContext.before.pc)
            || windowTransition;
    if (fine) {
      return "";
    } else if (!before.isBranch()) {
      return "Non-explicit control flow has no marker";
    }
    long target =
        before.type == 49
            ? before.pc + before.size
            : before.isDirect() ? before.code.target() : before.target;
    return target == pc ? "" : "Branch does not go to the correct target";
  }

  private void marker(int kind, long value) {
    switch (kind) {
      case 0 -> {
        count("signals", 1);
        check(value != 0, "Kernel event marker value missing");
        if (lastInContext.type >= 0) {
          String broken = discontinuity(lastInContext, value, true);
          check(broken.isEmpty(), broken + " @ kernel_event marker");
        }
        contexts.push(new Context(value, lastInContext));
        lastInContext = Step.NONE;
        transfer = "event";
      }
      case 1 -> {
        count("transfers", 1);
        check(value != 0, "Kernel event marker value missing");
        lastContext = contexts.isEmpty() ? new Context(0, Step.NONE) : contexts.pop();
        lastInContext = lastContext.before;
        transfer = "return";
      }
      case 2 -> {
        check(
            Long.compareUnsigned(value, lastTime) >= 0,
            "Timestamp does not increase monotonically");
        lastTime = value;
        timeButNoInstruction = true;
      }
      case 9 -> {
        check(fileType == -1 || fileType == value, "Filetype mismatch");
        fileType = value;
      }
      case 10 -> sawLine = value == 64;
      case 12 -> check(value == version, "the version differs from the header's");
      case 14 -> {
        check(lastWindow != -1 || value == 0, "Multi-window file must start at 0");
        windowTransition |= value != lastWindow;
        lastWindow = value;
        count("windows", 1);
      }
      case 18 -> sawPage = value == 4096;
      case 20 -> check(value == 0, "chunks in what is no archive");
      case 25 -> {
        sawCall = true;
        count("system calls", 1);
        count("system call " + value, 1);
        check(previous.code.systemCall(), "Syscall marker not placed after syscall instruction");
        check(
            last.equals("marker 3") && beforeLast.equals("marker 2"),
            "Syscall marker not preceded by timestamp + cpuid");
        wantsCall = false;
      }
      case 29 -> branchTarget = value;
      case 40 -> {
        check(last.equals("marker 0"), "a signal's number that is not behind its event");
        signals.add(value);
      }
      default -> {}
    }
  }
}
