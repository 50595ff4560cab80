package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.KeptFiles;
import dev.cairn.checkpoint.MappedFile;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.Uncarried;
import dev.cairn.event.MemoryFetch;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.call.SystemCallSignature;
import dev.cairn.program.call.SystemCallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Follows a guest's process through its system calls, and tells its state where it has stopped.
///
/// What the host shows of QEMU is taken from there; what it does not show (what may be executed,
/// the heap's end, handlers, what descriptors were copied from each other) is followed. Where both
/// know something they are compared, so a call that was not understood does not go unnoticed.
public final class ProcessFollower {
  /// What is started.
  ///
  /// @param program its command line
  /// @param file the ELF file
  /// @param cpu QEMU's name of its CPU
  /// @param sysroot where QEMU looks its files up first; null for nowhere
  /// @param ignored what may be left out of a checkpoint
  /// @param keepsFiles whether the contents of files that are open belong to a checkpoint
  /// @param origin what it is restored from by the file; null if that is the program's own
  public record Guest(
      List<String> program,
      Path file,
      String cpu,
      @Nullable Path sysroot,
      List<Uncarried> ignored,
      boolean keepsFiles,
      @Nullable ProcessState origin) {
    public Guest {
      program = List.copyOf(program);
      ignored = ignored.stream().distinct().sorted().toList();
    }

    /// Files are carried by their paths.
    public Guest(
        List<String> program,
        Path file,
        String cpu,
        @Nullable Path sysroot,
        List<Uncarried> ignored) {
      this(program, file, cpu, sysroot, ignored, false, null);
    }

    /// Nothing may be left out, and files are carried by their paths.
    public Guest(List<String> program, Path file, String cpu, @Nullable Path sysroot) {
      this(program, file, cpu, sysroot, List.of());
    }
  }

  /// What is done with a stopped process.
  public interface Taker {
    /// Takes a state while the process waits.
    void take(ProcessState state, MemoryContents memory) throws IOException;
  }

  private static final long AT_SYSINFO_EHDR = 33;
  private static final int MREMAP_DONTUNMAP = 4;
  private static final int PR_SET_NAME = 15;
  private static final int RSEQ_UNREGISTERS = 1;

  private final SystemCallTable calls = SystemCallTable.aarch64Linux();
  private final Guest guest;
  private final long base;
  private final long bytes;

  private final GuestMappings mappings = new GuestMappings();
  private final FileTable files = new FileTable();
  private final SignalTable signals = new SignalTable();
  private final Obstacles obstacles = new Obstacles();
  private final ResourceLimits limits = new ResourceLimits();
  private final KnownHashes hashes = new KnownHashes();
  private TreeSet<Integer> foreignDescriptors = new TreeSet<>();

  /// Calls that have not returned, by their index: each thread may be in one.
  private final Map<Long, SystemCall> pending = new HashMap<>();

  private long heapStart;
  private long heapEnd;
  private @Nullable ProcessStart start;
  private long stack;
  private long vdso;
  private boolean named;
  private long clearChildTid;
  private long robustList;
  private long robustListBytes;
  private @Nullable Rseq rseq;
  private @Nullable RestoredMappings restored;

  /// Follows a guest that has not begun.
  ///
  /// @param base the host's address of the guest's address 0
  /// @param bytes of the guest's part of QEMU's memory
  public ProcessFollower(Guest guest, long base, long bytes) {
    this.guest = guest;
    this.base = base;
    this.bytes = bytes;
  }

  /// {@return the memory that must go along with system calls}
  public static List<MemoryFetch> fetches() {
    return List.of(
        fetch("rt_sigaction", 1, false, 32),
        fetch("rt_sigprocmask", 1, false, 8),
        fetch("sigaltstack", 0, false, 24),
        fetch("setrlimit", 1, false, 16),
        fetch("setitimer", 1, false, IntervalTimers.BYTES),
        fetch("prlimit64", 2, false, 16),
        fetch("pipe2", 0, true, 8),
        fetch("socketpair", 3, true, 8));
  }

  private static MemoryFetch fetch(String name, int argument, boolean atReturn, int bytes) {
    SystemCallSignature call = SystemCallTable.aarch64Linux().call(name);
    if (call == null) {
      throw new IllegalStateException("no system call " + name);
    }
    return new MemoryFetch(call.number(), argument, atReturn, MemoryFetch.Kind.BYTES, 0, bytes);
  }

  /// Hears of a system call.
  public void systemCall(SystemCall call) {
    pending.put(call.index(), call);
  }

  /// Hears of its return.
  public void systemReturn(SystemReturn result) {
    SystemCall call = pending.remove(result.index());
    boolean failed = result.result() < 0 && result.result() > -4096;
    if (call == null || failed || call.thread() != 0) {
      return;
    }
    String name = calls.name(call.number());
    mapped(name, call.arguments(), result.result());
    files.returned(name, call, result);
    signals.returned(name, call);
    obstacles.returned(name, call, result);
    limits.returned(name, call);
    switch (name) {
      case "prctl" -> named |= call.arguments()[0] == PR_SET_NAME;
      case "set_tid_address" -> clearChildTid = call.arguments()[0];
      case "set_robust_list" -> {
        robustList = call.arguments()[0];
        robustListBytes = call.arguments()[1];
      }
      case "rseq" -> rseq = registered(call.arguments());
      default -> {}
    }
  }

  private static @Nullable Rseq registered(long[] arguments) {
    return (arguments[2] & RSEQ_UNREGISTERS) != 0
        ? null
        : new Rseq(arguments[0], (int) arguments[1], (int) arguments[3]);
  }

  private void mapped(String name, long[] arguments, long result) {
    long address = arguments[0];
    if (restored != null) {
      forget(restored, name, arguments, result);
    }
    switch (name) {
      case "mmap" -> mappings.map(result, result + arguments[1], (int) arguments[2] & 7);
      case "munmap" -> mappings.unmap(address, address + arguments[1]);
      case "mprotect" -> mappings.protect(address, address + arguments[1], (int) arguments[2] & 7);
      case "mremap" -> {
        if ((arguments[3] & MREMAP_DONTUNMAP) != 0) {
          mappings.map(result, result + arguments[2], Mapping.READ | Mapping.WRITE);
        } else {
          mappings.move(address, arguments[1], result, arguments[2]);
        }
      }
      case "brk" -> breakAt(result);
      default -> {}
    }
  }

  /// Takes note that what a restored process had somewhere is there no longer.
  private static void forget(
      RestoredMappings restored, String name, long[] arguments, long result) {
    switch (name) {
      case "mmap" -> restored.replaced(result, result + arguments[1]);
      case "munmap" -> restored.replaced(arguments[0], arguments[0] + arguments[1]);
      case "mremap" -> {
        restored.replaced(arguments[0], arguments[0] + arguments[1]);
        restored.replaced(result, result + arguments[2]);
      }
      default -> {}
    }
  }

  private void breakAt(long address) {
    long before = GuestMappings.pageUp(heapEnd);
    long after = GuestMappings.pageUp(address);
    if (after > before) {
      mappings.map(before, after, Mapping.READ | Mapping.WRITE);
    } else if (after < before) {
      mappings.unmap(after, before);
      if (restored != null) {
        restored.replaced(after, before);
      }
    }
    heapEnd = address;
  }

  /// Hears that a handler was entered.
  public void signalled(int signal) {
    signals.signalled(signal);
    obstacles.signalled(signal);
  }

  /// Hears that a handler is left, and what its frame brings back.
  public void signalReturns(long mask, long stackAddress, int stackFlags, long stackBytes) {
    signals.returns(mask, stackAddress, stackFlags, stackBytes);
  }

  /// Looks at the process before its first instruction.
  ///
  /// @param process QEMU's number
  public void begin(int process, A64Registers registers) throws IOException {
    obstacles.begin(process);
    if (guest.origin() != null) {
      resume(process, guest.origin());
      return;
    }
    stack = registers.sp();
    ProcessStart began;
    try (ProcessMemory memory = ProcessMemory.open(process, base)) {
      began = InitialStack.read(process, guest.file(), memory, stack);
    }
    start = began;
    vdso = began.auxiliary(AT_SYSINFO_EHDR);
    List<HostMapping> host = HostMapping.read(process, base, bytes);
    heapStart = LoadedImages.place(mappings, guest.file(), host, stack, vdso);
    heapEnd = heapStart;
    NavigableSet<Integer> descriptors = new OpenFileReader(process, Set.of(), hashes).descriptors();
    descriptors.headSet(2, true).forEach(files::inherit);
    foreignDescriptors = new TreeSet<>(descriptors.tailSet(2, false));
  }

  /// Looks at a process that was restored, before the first instruction that is its own.
  private void resume(int process, ProcessState origin) throws IOException {
    start = origin.start();
    stack = origin.start().stackPointer();
    vdso = origin.start().auxiliary(AT_SYSINFO_EHDR);
    heapStart = origin.heapStart();
    heapEnd = origin.heapEnd();
    clearChildTid = origin.clearChildTid();
    robustList = origin.robustList();
    robustListBytes = origin.robustListBytes();
    rseq = origin.rseq();
    named = origin.name() != null;
    signals.resume(origin.signals());
    limits.resume(origin.limits());
    origin.mappings().forEach(each -> mappings.map(each.start(), each.end(), each.protection()));
    restored =
        new RestoredMappings(
            origin, guest.file().toRealPath().toString(), HostMapping.read(process, base, bytes));
    foreignDescriptors = new TreeSet<>(new OpenFileReader(process, Set.of(), hashes).descriptors());
    for (OpenFile file : origin.files()) {
      files.resume(file);
      foreignDescriptors.remove(file.descriptor());
    }
  }

  /// Takes the state of the process where it has stopped.
  ///
  /// @param process QEMU's number
  /// @throws CheckpointException if there is something that can't be carried
  public void take(long instructions, A64Registers registers, int process, Taker taker)
      throws IOException {
    ProcessStart began = start;
    if (began == null) {
      throw new IllegalStateException("it has not begun");
    }
    Set<Uncarried> ignored = Set.copyOf(guest.ignored());
    Obstacles.refuseProcessor(began, ignored);
    obstacles.refuse(ignored);
    HostStatus status = HostStatus.read(process);
    boolean waits = status.pendingSignals() != 0 || signals.isHeldUp(status.blockedSignals());
    if (waits && !ignored.contains(Uncarried.PENDING_SIGNALS)) {
      throw Uncarried.PENDING_SIGNALS.refused("a signal is pending");
    }
    List<OpenFile> open =
        new OpenFileReader(process, ignored, hashes).read(files.descriptions(), foreignDescriptors);
    List<HostMapping> host = HostMapping.read(process, base, bytes);
    List<Mapping> mapped = mappings(host);
    mapped = restored == null ? mapped : RestoredMappings.joined(mapped);
    try (ProcessMemory memory = ProcessMemory.open(process, base)) {
      MemoryContents contents = restored == null ? memory : RestoredMappings.asOfHost(memory, host);
      if (guest.keepsFiles()) {
        KeptFiles kept = new KeptFiles(contents, open, file -> descriptor(process, file));
        open = kept.files();
        contents = kept;
      }
      taker.take(state(instructions, registers, process, status, mapped, open, began), contents);
    }
  }

  private ProcessState state(
      long instructions,
      A64Registers registers,
      int process,
      HostStatus status,
      List<Mapping> mapped,
      List<OpenFile> open,
      ProcessStart began)
      throws IOException {
    return new ProcessState(
        instructions,
        guest.cpu(),
        guest.sysroot() == null ? null : guest.sysroot().toString(),
        guest.program(),
        registers,
        mapped,
        mappedFiles(mapped),
        heapStart,
        heapEnd,
        open,
        HostStatus.workingDirectory(process),
        status.umask(),
        named ? HostStatus.name(process) : null,
        signals.state(status),
        clearChildTid,
        robustList,
        robustListBytes,
        rseq,
        limits.all(process),
        began,
        guest.ignored());
  }

  private static Path descriptor(int process, OpenFile file) {
    return Path.of("/proc/" + process, "fd", Integer.toString(file.descriptor()));
  }

  private List<MappedFile> mappedFiles(List<Mapping> mapped) throws IOException {
    TreeSet<String> paths = new TreeSet<>();
    for (Mapping each : mapped) {
      String file = each.file();
      if (file != null && Files.isRegularFile(Path.of(file))) {
        paths.add(file);
      }
    }
    List<MappedFile> all = new ArrayList<>();
    for (String path : paths) {
      Path file = Path.of(path);
      all.add(new MappedFile(path, Files.size(file), hashes.of(file)));
    }
    return all;
  }

  /// Joins what was followed with what the host shows.
  private List<Mapping> mappings(List<HostMapping> host) throws CheckpointException {
    TreeMap<Long, HostMapping> shown = new TreeMap<>();
    host.forEach(mapping -> shown.put(mapping.start(), mapping));
    SharedMemory memory = new SharedMemory();
    List<Mapping> all = new ArrayList<>();
    long known = 0;
    for (GuestMappings.Range range : mappings.ranges()) {
      requireNothing(shown, known, range.start());
      known = range.end();
      long at = range.start();
      while (at < range.end()) {
        Map.Entry<Long, HostMapping> entry = shown.floorEntry(at);
        HostMapping mapping = entry == null ? null : entry.getValue();
        if (mapping == null
            || mapping.end() <= at
            || (range.protection() != 0 && !mapping.readable())) {
          throw new CheckpointException(
              "memory at 0x%x should be mapped, and is not in QEMU".formatted(at));
        }
        boolean shared = mapping.shared() && (range.protection() & Mapping.WRITE) != 0;
        String hindrance = shared ? memory.hindrance(mapping) : null;
        if (hindrance != null && !guest.ignored().contains(Uncarried.SHARED_MEMORY)) {
          throw Uncarried.SHARED_MEMORY.refused(hindrance);
        }
        long end = Math.min(range.end(), mapping.end());
        all.add(mapping(at, end, range.protection(), mapping, shared && hindrance == null));
        at = end;
      }
    }
    requireNothing(shown, known, bytes);
    return all;
  }

  private void requireNothing(NavigableMap<Long, HostMapping> shown, long from, long until)
      throws CheckpointException {
    for (HostMapping mapping : shown.headMap(until, false).descendingMap().values()) {
      if (from >= until || mapping.end() <= from) {
        return;
      }
      long start = Math.max(from, mapping.start());
      boolean foreign =
          restored != null && restored.isForeign(start, Math.min(until, mapping.end()));
      if (mapping.readable() && !foreign) {
        throw new CheckpointException(
            "memory at 0x%x is mapped, and no system call did it".formatted(start));
      }
    }
  }

  private Mapping mapping(long start, long end, int protection, HostMapping host, boolean shared) {
    Mapping was = restored == null ? null : restored.was(start, end, protection);
    if (was != null) {
      return was;
    }
    boolean moved = restored != null && restored.isOfOrigin(host);
    String file = moved ? null : host.file();
    Mapping.Kind kind =
        start == vdso
            ? Mapping.Kind.VDSO
            : file != null
                ? Mapping.Kind.FILE
                : start >= heapStart && start < GuestMappings.pageUp(heapEnd)
                    ? Mapping.Kind.HEAP
                    : stack >= start && stack <= end ? Mapping.Kind.STACK : Mapping.Kind.ANONYMOUS;
    long offset = file == null ? 0 : host.fileOffset() + start - host.start();
    return new Mapping(start, end, protection, kind, file, offset, shared && !moved);
  }
}
