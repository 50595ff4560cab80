package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.StoredPart;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Turns a process's state into the system calls that rebuild it on AArch64 Linux.
final class RestoreSteps {
  static final int SIGTRAP = 5;

  private static final int NR_DUP3 = 24;
  private static final int NR_FCNTL = 25;
  private static final int NR_FALLOCATE = 47;
  private static final int NR_CHDIR = 49;
  private static final int NR_FTRUNCATE = 46;
  private static final int NR_OPENAT = 56;
  private static final int NR_CLOSE = 57;
  private static final int NR_PIPE2 = 59;
  private static final int NR_LSEEK = 62;
  private static final int NR_READ = 63;
  private static final int NR_WRITE = 64;
  private static final int NR_PREAD64 = 67;
  private static final int NR_PWRITE64 = 68;
  private static final int NR_SET_TID_ADDRESS = 96;
  private static final int NR_SET_ROBUST_LIST = 99;
  private static final int NR_RT_SIGACTION = 134;
  private static final int NR_UMASK = 166;
  private static final int NR_PRCTL = 167;
  private static final int NR_BRK = 214;
  private static final int NR_MUNMAP = 215;
  private static final int NR_MMAP = 222;
  private static final int NR_PRLIMIT64 = 261;
  private static final int NR_MEMFD_CREATE = 279;
  private static final int NR_RSEQ = 293;

  private static final int AT_FDCWD = -100;
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 02000000;

  /// `FALLOC_FL_KEEP_SIZE` and `FALLOC_FL_PUNCH_HOLE`.
  private static final int MAKE_ZEROS = 3;

  private static final int PR_SET_NAME = 15;
  private static final int F_SETFL = 4;
  private static final int F_SETPIPE_SZ = 1031;

  /// The room that a pipe has at first.
  private static final int PIPE_BYTES = 1 << 16;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int MAP_SHARED = 1;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int STANDARD_STREAMS = 3;
  private static final int SA_SIGINFO = 4;
  private static final int SIGNAL_SET_BYTES = 8;
  private static final int O_CREAT = 0100;
  private static final int O_TRUNC = 01000;

  /// `O_DIRECT` and `O_NOFOLLOW`, which a file without a name can't be opened with.
  private static final int NOT_FOR_MADE = 0200000 | 0100000;

  /// With it a file is not written where it is told.
  private static final int O_APPEND = 02000;

  /// `O_PATH`, with which there is no offset.
  private static final int ONLY_A_PATH = 010000000;

  private static final int NEW_FILE = 0644;
  private static final int MFD_CLOEXEC = 1;
  private static final String MADE = "cairn:";
  private static final int LONGEST_MADE = 249;

  /// Contents of files are copied by so many bytes at a time.
  static final int WINDOW_BYTES = 1 << 20;

  private final ProcessState process;
  private final RestoreTable table = new RestoreTable();
  private final RestoreTable.Data opened = table.slot();
  private final RestoreTable.Data image = table.slot();
  private long trapHandler;

  /// Above all descriptors of the process.
  private final int high;

  /// A part of a mapping whose contents lie in the executable.
  ///
  /// @param address where it begins
  /// @param bytes whole pages
  /// @param fileOffset where the contents are
  record Contents(long address, long bytes, long fileOffset) {}

  /// A part of a mapping whose contents lie in another file.
  ///
  /// @param shared whether the mapping is, so that they are copied
  record Stored(StoredPart part, int protection, boolean shared) {}

  RestoreSteps(ProcessState process) {
    this.process = process;
    high =
        process.files().stream().mapToInt(OpenFile::descriptor).max().orElse(0) + STANDARD_STREAMS;
  }

  /// Has the process handle the signal of a `BRK`.
  ///
  /// @param handler its address
  /// @return what counts down from a number of times
  RestoreTable.Data trap(long handler, long times) {
    trapHandler = handler;
    return table.add(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(times).array());
  }

  /// Looks at the machine, before anything is changed. One that does not say what it is, as a
  /// simulator may, is taken for what is needed.
  void require(List<MachineNeeds.Need> needs) {
    RestoreTable.Data vector = table.add(new byte[16 * RestoreTable.PAIRS]);
    table.keep(opened, NR_OPENAT, AT_FDCWD, table.add("/proc/self/auxv"), O_CLOEXEC);
    RestoreTable.Stored there = new RestoreTable.Stored(opened);
    table.call(NR_READ, there, vector, 16 * RestoreTable.PAIRS);
    table.call(NR_CLOSE, there);
    needs.forEach(need -> table.need(need, vector));
  }

  /// Opens the executable itself, to map from it.
  void begin() {
    table.store(
        opened,
        "/proc/self/exe cannot be opened",
        NR_OPENAT,
        AT_FDCWD,
        table.add("/proc/self/exe"),
        O_CLOEXEC);
    keep(new RestoreTable.Stored(opened), image, "no descriptor is left");
    table.call(NR_CLOSE, new RestoreTable.Stored(opened));
  }

  /// Makes a descriptor above all others that stands for the same.
  private void keep(Object descriptor, RestoreTable.Data slot, String otherwise) {
    table.store(slot, otherwise, NR_FCNTL, descriptor, F_DUPFD_CLOEXEC, high);
  }

  /// Frees what the executable's own segments take below the heap, but for the code and the table,
  /// and gives the heap its length.
  ///
  /// @param from behind the room for the table
  void heap(long from) {
    table.call(NR_MUNMAP, from, process.heapStart() - from);
    table.mustGive(
        process.heapEnd(),
        "the heap cannot be put at 0x%x".formatted(process.heapStart()),
        NR_BRK,
        process.heapEnd() == process.heapStart() ? 0L : process.heapEnd());
  }

  /// Maps a range, and its contents over it.
  void map(Mapping mapping, List<Contents> contents) {
    if (mapping.shared()) {
      share(mapping, contents);
      return;
    }
    boolean whole = contents.size() == 1 && contents.getFirst().bytes() == mapping.bytes();
    if (!whole) {
      map(
          mapping.start(),
          mapping.bytes(),
          mapping.protection(),
          MAP_PRIVATE | MAP_ANONYMOUS,
          -1,
          0);
    }
    for (Contents part : contents) {
      map(
          part.address(),
          part.bytes(),
          mapping.protection(),
          MAP_PRIVATE,
          new RestoreTable.Stored(image),
          part.fileOffset());
    }
  }

  /// Maps parts from a file over what was mapped before.
  void mapStored(Path file, List<Stored> parts) {
    table.store(
        opened,
        file + ": cannot be opened",
        NR_OPENAT,
        AT_FDCWD,
        table.add(file.toString()),
        O_CLOEXEC);
    RestoreTable.Stored there = new RestoreTable.Stored(opened);
    for (Stored each : parts) {
      StoredPart part = each.part();
      if (each.shared()) {
        copy(there, part.address(), part.bytes(), part.offset());
      } else {
        map(part.address(), part.bytes(), each.protection(), MAP_PRIVATE, there, part.offset());
      }
    }
    table.call(NR_CLOSE, new RestoreTable.Stored(opened));
  }

  /// Maps a range that is shared and can be written, and copies its contents to it: to a file,
  /// which gets what it had there.
  private void share(Mapping mapping, List<Contents> contents) {
    String file = mapping.file();
    if (file == null) {
      map(
          mapping.start(),
          mapping.bytes(),
          mapping.protection(),
          MAP_SHARED | MAP_ANONYMOUS,
          -1,
          0);
    } else {
      RestoreTable.Stored there = new RestoreTable.Stored(opened);
      table.store(
          opened,
          file + ": cannot be opened",
          NR_OPENAT,
          AT_FDCWD,
          table.add(file),
          O_RDWR | O_CLOEXEC);
      table.must(
          file + ": cannot be written",
          NR_FALLOCATE,
          there,
          MAKE_ZEROS,
          mapping.fileOffset(),
          mapping.bytes());
      map(
          mapping.start(),
          mapping.bytes(),
          mapping.protection(),
          MAP_SHARED,
          there,
          mapping.fileOffset());
      table.call(NR_CLOSE, there);
    }
    for (Contents part : contents) {
      copy(new RestoreTable.Stored(image), part.address(), part.bytes(), part.fileOffset());
    }
  }

  /// Reads what memory that is shared had from a file.
  private void copy(RestoreTable.Stored file, long address, long bytes, long fileOffset) {
    table.mustGive(
        bytes,
        "shared memory at 0x%x cannot be written".formatted(address),
        NR_PREAD64,
        file,
        address,
        bytes,
        fileOffset);
  }

  private void map(
      long address, long bytes, int protection, int flags, Object file, long fileOffset) {
    table.mustGive(
        address,
        "memory at 0x%x cannot be mapped".formatted(address),
        NR_MMAP,
        address,
        bytes,
        protection,
        MAP_FIXED | flags,
        file,
        fileOffset);
  }

  /// Restores all but the memory and ends the table.
  ///
  /// @param paths whether a path is a regular file or a folder, in which offsets have a meaning
  /// @param made contents of the files that are made of them, by description
  /// @param window where [#WINDOW_BYTES] of memory are free, if there are such
  RestoreTable finish(Predicate<String> paths, Map<Integer, List<Contents>> made, long window) {
    files(paths, made, window);
    table.call(NR_UMASK, process.umask());
    String name = process.name();
    if (name != null) {
      table.call(NR_PRCTL, PR_SET_NAME, table.add(name));
    }
    String folder = process.workingDirectory();
    if (folder != null) {
      table.must(folder + ": cannot go there", NR_CHDIR, table.add(folder));
    }
    for (SignalState.Action action : process.signals().actions()) {
      table.must(
          "signal " + action.signal() + " cannot be handled",
          NR_RT_SIGACTION,
          action.signal(),
          table.add(bytes(action)),
          0,
          SIGNAL_SET_BYTES);
    }
    if (trapHandler != 0) {
      table.must(
          "the place to exit at cannot be watched",
          NR_RT_SIGACTION,
          SIGTRAP,
          table.add(bytes(new SignalState.Action(SIGTRAP, trapHandler, SA_SIGINFO, 0, 0))),
          0,
          SIGNAL_SET_BYTES);
    }
    process.limits().forEach(this::limit);
    if (process.clearChildTid() != 0) {
      table.call(NR_SET_TID_ADDRESS, process.clearChildTid());
    }
    if (process.robustList() != 0) {
      table.call(NR_SET_ROBUST_LIST, process.robustList(), process.robustListBytes());
    }
    Rseq rseq = process.rseq();
    if (rseq != null) { // a kernel without it leaves the area as one that is not registered
      table.call(
          NR_RSEQ, rseq.address(), rseq.bytes(), 0, Integer.toUnsignedLong(rseq.signature()));
    }
    table.last(
        table.add(SignalFrame.of(process.registers(), process.signals())),
        process.registers().tpidr());
    return table;
  }

  /// Sets a limit; one that the program has not set itself is the starter's where that is lower.
  private void limit(ResourceLimit limit) {
    RestoreTable.Data two =
        table.add(
            ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(limit.soft())
                .putLong(limit.hard())
                .array());
    if (limit.set()) {
      table.must(
          "limit %d cannot be set to %s".formatted(limit.resource(), limit.softText()),
          NR_PRLIMIT64,
          0,
          limit.resource(),
          two,
          0);
    } else {
      table.call(NR_PRLIMIT64, 0, limit.resource(), two, 0);
    }
  }

  private static byte[] bytes(SignalState.Action action) {
    return ByteBuffer.allocate(32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(action.handler())
        .putLong(action.flags())
        .putLong(action.restorer())
        .putLong(action.mask())
        .array();
  }

  /// {@return a file of each description: streams first, as a file that is made takes its number
  /// for a while, then those that are written, so that they are there for who reads them}
  private List<OpenFile> descriptions(Map<Integer, List<Contents>> made) {
    TreeMap<Integer, OpenFile> first = new TreeMap<>();
    process.files().forEach(file -> first.putIfAbsent(file.description(), file));
    List<OpenFile> all = new ArrayList<>(first.values());
    all.sort(Comparator.comparingInt(file -> turn(file, made)));
    return all;
  }

  private static int turn(OpenFile file, Map<Integer, List<Contents>> made) {
    if (file.kind() == OpenFile.Kind.STREAM) {
      return 0;
    }
    return made.containsKey(file.description()) && !file.readsOnly() ? 1 : 2;
  }

  private void files(Predicate<String> paths, Map<Integer, List<Contents>> made, long window) {
    TreeMap<Integer, RestoreTable.Data> kept = new TreeMap<>();
    TreeMap<String, RestoreTable.Data> pipes = new TreeMap<>();
    TreeSet<String> written = new TreeSet<>();
    for (OpenFile file : descriptions(made)) {
      RestoreTable.Data slot = table.slot();
      kept.put(file.description(), slot);
      String path = String.valueOf(file.path());
      switch (file.kind()) {
        case STREAM ->
            keep(file.description(), slot, "standard stream " + file.description() + " is closed");
        case FILE -> {
          List<Contents> contents = made.get(file.description());
          if (contents == null || written.contains(path)) {
            open(file, slot, path);
          } else {
            make(file, slot, path, contents, window);
            if (!file.readsOnly()) {
              written.add(path);
            }
          }
          if ((contents != null || paths.test(path)) && (file.flags() & ONLY_A_PATH) == 0) {
            seek(file, slot, path);
          }
        }
        case PIPE -> pipe(file, slot, pipes);
      }
    }
    if (!made.isEmpty()) {
      table.call(NR_MUNMAP, window, WINDOW_BYTES);
    }
    table.call(NR_CLOSE, new RestoreTable.Stored(image));
    TreeSet<Integer> unused = new TreeSet<>(List.of(0, 1, 2));
    for (OpenFile file : process.files()) {
      unused.remove(file.descriptor());
      RestoreTable.Data slot = kept.get(file.description());
      if (slot != null) {
        table.mustGive(
            file.descriptor(),
            "there is no descriptor " + file.descriptor(),
            NR_DUP3,
            new RestoreTable.Stored(slot),
            file.descriptor(),
            file.closesOnExec() ? O_CLOEXEC : 0);
      }
    }
    unused.forEach(descriptor -> table.call(NR_CLOSE, descriptor));
    kept.values().forEach(slot -> table.call(NR_CLOSE, new RestoreTable.Stored(slot)));
  }

  /// Makes a pipe at its first end, whose number the kernel writes in front of the other's.
  private void pipe(OpenFile end, RestoreTable.Data slot, Map<String, RestoreTable.Data> pipes) {
    String name = String.valueOf(end.path());
    RestoreTable.Data pair = pipes.get(name);
    if (pair == null) {
      pair = table.add(new byte[16]);
      pipes.put(name, pair);
      table.must("a pipe cannot be made", NR_PIPE2, pair, O_CLOEXEC);
      fill(name, new RestoreTable.Stored(pair.plus(4)));
    }
    RestoreTable.Stored made = new RestoreTable.Stored(pair.plus(end.readsOnly() ? 0 : 4));
    keep(made, slot, "no descriptor is left");
    table.call(NR_CLOSE, made);
    table.must(
        "a pipe cannot be set up", NR_FCNTL, new RestoreTable.Stored(slot), F_SETFL, end.flags());
  }

  /// Writes what was in a pipe, which gets the room for it.
  private void fill(String pipe, RestoreTable.Stored end) {
    for (OpenFile each : process.files()) {
      byte[] held = each.heldBytes();
      if (held.length > 0 && pipe.equals(each.path())) {
        if (held.length > PIPE_BYTES) {
          table.must("a pipe has not enough room", NR_FCNTL, end, F_SETPIPE_SZ, held.length);
        }
        table.mustGive(
            held.length, "a pipe cannot be filled", NR_WRITE, end, table.add(held), held.length);
        return;
      }
    }
  }

  /// Makes a file of its contents: one that is written at its path, one that is only read without a
  /// name, so that whatever is at its path now stays.
  private void make(
      OpenFile file, RestoreTable.Data slot, String path, List<Contents> contents, long window) {
    String failed = path + ": cannot be made";
    if (file.readsOnly()) {
      String name = MADE + path;
      boolean fits = name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_MADE;
      table.store(opened, failed, NR_MEMFD_CREATE, table.add(fits ? name : MADE), MFD_CLOEXEC);
    } else {
      table.store(
          opened,
          failed,
          NR_OPENAT,
          AT_FDCWD,
          table.add(path),
          (file.flags() & ~(NOT_FOR_MADE | O_APPEND)) | O_CREAT | O_TRUNC | O_CLOEXEC,
          NEW_FILE);
    }
    keep(new RestoreTable.Stored(opened), slot, "no descriptor is left");
    table.call(NR_CLOSE, new RestoreTable.Stored(opened));
    RestoreTable.Stored made = new RestoreTable.Stored(slot);
    table.must(path + ": there is no room for it", NR_FTRUNCATE, made, file.bytes());
    for (Contents part : contents) {
      copy(part, file, made, path, window);
    }
    if (file.readsOnly()) {
      openAnew(file, slot, made, failed);
    } else {
      table.must(failed, NR_FCNTL, made, F_SETFL, file.flags() & ~NOT_FOR_MADE);
    }
  }

  /// Copies a part of a file's contents to the file.
  private void copy(
      Contents part, OpenFile file, RestoreTable.Stored made, String path, long window) {
    long from = part.address() - file.contents();
    long until = Math.min(from + part.bytes(), file.bytes());
    for (long at = from; at < until; at += WINDOW_BYTES) {
      long bytes = Math.min(WINDOW_BYTES, until - at);
      map(
          window,
          bytes,
          Mapping.READ,
          MAP_PRIVATE,
          new RestoreTable.Stored(image),
          part.fileOffset() + at - from);
      table.mustGive(
          bytes, path + ": there is no room for it", NR_PWRITE64, made, window, bytes, at);
    }
  }

  /// Opens a file without a name once more, to be read only, by the name that it has while its
  /// descriptor has a number that is known.
  private void openAnew(
      OpenFile file, RestoreTable.Data slot, RestoreTable.Stored made, String failed) {
    int number = file.descriptor();
    table.mustGive(number, failed, NR_DUP3, made, number, O_CLOEXEC);
    table.store(
        opened,
        failed,
        NR_OPENAT,
        AT_FDCWD,
        table.add("/proc/self/fd/" + number),
        (file.flags() & ~NOT_FOR_MADE) | O_CLOEXEC);
    table.call(NR_CLOSE, made);
    keep(new RestoreTable.Stored(opened), slot, "no descriptor is left");
    table.call(NR_CLOSE, new RestoreTable.Stored(opened));
  }

  private void open(OpenFile file, RestoreTable.Data slot, String path) {
    table.store(
        opened,
        path + ": cannot be opened",
        NR_OPENAT,
        AT_FDCWD,
        table.add(path),
        file.flags() | O_CLOEXEC);
    keep(new RestoreTable.Stored(opened), slot, "no descriptor is left");
    table.call(NR_CLOSE, new RestoreTable.Stored(opened));
  }

  private void seek(OpenFile file, RestoreTable.Data slot, String path) {
    table.mustGive(
        file.offset(),
        path + ": there is no byte " + file.offset(),
        NR_LSEEK,
        new RestoreTable.Stored(slot),
        file.offset(),
        0);
  }
}
