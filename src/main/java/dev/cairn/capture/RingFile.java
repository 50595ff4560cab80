package dev.cairn.capture;

import dev.cairn.event.FormatException;
import dev.cairn.event.KernelWrite;
import dev.cairn.event.MemoryFetch;
import dev.cairn.event.SettledRule;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The shared-memory file between the probe and the capture.
///
/// The file is removed as soon as the probe has mapped it, so that nothing is left behind whatever
/// happens later. Closed once, by the thread that opened it.
final class RingFile implements AutoCloseable {
  /// Words of a thread's ring: 2 MB, so that several fit a last-level cache.
  static final int RING_WORDS = 1 << 18;

  /// Words of the one ring when only windows are observed, if there is room: 128 MB, some 40 M
  /// instructions. Windows lie close together and far apart: with room for three of a study's, the
  /// guest goes on through a gap while those before it are still being analysed.
  static final int WINDOW_RING_WORDS = 1 << 24;

  static final int CHUNK_WORDS = 1 << 13;
  static final int CONTROL_WORDS = 1 << 17;
  static final int SLOTS = 1024;
  private static final long ROOM_BYTES = 64L << 20;

  private static final String PREFIX = "cairn-";
  private static final String SUFFIX = ".ring";

  /// Tells the files of this process apart.
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Path path;
  private final Arena arena;
  private final MemorySegment segment;
  private final int ringWords;
  private final int slots;
  private boolean removed;

  private RingFile(Path path, Arena arena, MemorySegment segment, int ringWords, int slots) {
    this.path = path;
    this.arena = arena;
    this.segment = segment;
    this.ringWords = ringWords;
    this.slots = slots;
  }

  /// Makes a ring file for one run.
  ///
  /// @param mode [RingLayout#MODE_COUNT], [RingLayout#MODE_STREAM] or [RingLayout#MODE_STOP]
  /// @param interval instructions, for counting; of contents with values their period
  /// @param besides for counting: what else is counted
  /// @param windows for streaming; empty to stream everything. For stopping, they begin at stops
  /// @param contents for streaming
  /// @param firstIntervals for counting: lengths of those that may differ
  /// @param restored what the guest goes on with; null if it begins afresh
  @SuppressWarnings("MustBeClosedChecker") // closed with the ring file
  static RingFile create(
      int mode,
      long interval,
      Observation.Counting.Besides besides,
      int windowThread,
      List<Window> windows,
      StreamContents contents,
      List<Trigger> triggers,
      List<Long> firstIntervals,
      @Nullable RestoredGuest restored)
      throws IOException {
    Path directory = directory();
    removeLeftOver(directory);
    Path path = createEmpty(directory);
    boolean gaps = windows.size() > 1 || restored == null; // else all that executes is observed
    int ringWords =
        windows.isEmpty() || !gaps
            ? RING_WORDS
            : windowRingWords(
                Files.getFileStore(path).getUsableSpace(),
                Runtime.getRuntime().availableProcessors());
    int slots = windows.isEmpty() ? SLOTS : 1; // other threads than the windows' have no ring
    Arena arena = Arena.ofConfined();
    try {
      long windowsBytes = (long) windows.size() * RingLayout.WINDOW_BYTES;
      long fetchesOffset = RingLayout.HEADER_BYTES + windowsBytes;
      long fetchesBytes = (long) contents.fetches().size() * RingLayout.FETCH_RECORD_BYTES;
      long writesOffset = fetchesOffset + fetchesBytes;
      long writesBytes = (long) contents.writes().size() * RingLayout.WRITE_RECORD_BYTES;
      long triggersOffset = align(writesOffset + writesBytes);
      long triggersBytes = (long) triggers.size() * RingLayout.TRIGGER_BYTES;
      long toldOffset = align(triggersOffset + triggersBytes);
      boolean tells = triggers.stream().anyMatch(trigger -> trigger.base().isTold());
      long toldBytes = tells ? (long) RingLayout.TOLD_AT_MOST * RingLayout.TOLD_BYTES : 0;
      long firstsOffset = align(toldOffset + toldBytes);
      long controlOffset = align(firstsOffset + firstIntervals.size() * (long) Long.BYTES);
      long slotsOffset = align(controlOffset + RingLayout.RING_BYTES + CONTROL_WORDS * 8L);
      long slotBytes = align(RingLayout.RING_BYTES + ringWords * 8L);
      long total = slotsOffset + slots * slotBytes;
      MemorySegment segment;
      try (FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        fill(channel, slotsOffset);
        segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, total, arena);
      }
      segment.set(RingLayout.INT, RingLayout.HEADER_VERSION, RingLayout.VERSION);
      segment.set(RingLayout.INT, RingLayout.HEADER_MODE, mode);
      segment.set(RingLayout.LONG, RingLayout.HEADER_INTERVAL, interval);
      segment.set(RingLayout.LONG, RingLayout.HEADER_RING_WORDS, ringWords);
      segment.set(RingLayout.LONG, RingLayout.HEADER_CONTROL_WORDS, CONTROL_WORDS);
      segment.set(RingLayout.INT, RingLayout.HEADER_CHUNK_WORDS, CHUNK_WORDS);
      segment.set(RingLayout.INT, RingLayout.HEADER_SLOTS, slots);
      segment.set(RingLayout.INT, RingLayout.HEADER_WINDOW_COUNT, windows.size());
      segment.set(RingLayout.INT, RingLayout.HEADER_WINDOW_THREAD, windowThread);
      segment.set(RingLayout.LONG, RingLayout.HEADER_WINDOWS_OFFSET, RingLayout.HEADER_BYTES);
      segment.set(RingLayout.LONG, RingLayout.HEADER_CONTROL_OFFSET, controlOffset);
      segment.set(RingLayout.LONG, RingLayout.HEADER_SLOTS_OFFSET, slotsOffset);
      segment.set(RingLayout.LONG, RingLayout.HEADER_SLOT_BYTES, slotBytes);
      segment.set(
          RingLayout.INT,
          RingLayout.HEADER_READER_PID,
          Math.toIntExact(ProcessHandle.current().pid()));
      segment.set(RingLayout.INT, RingLayout.HEADER_CONTENTS, contents.bits() | besides.bit());
      segment.set(RingLayout.INT, RingLayout.HEADER_FETCH_COUNT, contents.fetches().size());
      segment.set(RingLayout.LONG, RingLayout.HEADER_FETCHES_OFFSET, fetchesOffset);
      long fetchAt = fetchesOffset;
      for (MemoryFetch fetch : contents.fetches()) {
        segment.set(RingLayout.LONG, fetchAt, RingLayout.fetch(fetch));
        fetchAt += RingLayout.FETCH_RECORD_BYTES;
      }
      SettledRule settled = contents.settled();
      if (settled != null) {
        putSettled(segment, settled);
      }
      segment.set(RingLayout.INT, RingLayout.HEADER_WRITE_COUNT, contents.writes().size());
      segment.set(RingLayout.LONG, RingLayout.HEADER_WRITES_OFFSET, writesOffset);
      long writeAt = writesOffset;
      for (KernelWrite write : contents.writes()) {
        segment.set(RingLayout.LONG, writeAt, RingLayout.write(write));
        writeAt += RingLayout.WRITE_RECORD_BYTES;
      }
      segment.set(RingLayout.INT, RingLayout.HEADER_TRIGGER_COUNT, triggers.size());
      segment.set(RingLayout.LONG, RingLayout.HEADER_TRIGGERS_OFFSET, triggersOffset);
      long triggerAt = triggersOffset;
      for (Trigger trigger : triggers) {
        putTrigger(segment, triggerAt, trigger);
        triggerAt += RingLayout.TRIGGER_BYTES;
      }
      segment.set(RingLayout.LONG, RingLayout.HEADER_TOLD_OFFSET, tells ? toldOffset : 0);
      segment.set(RingLayout.INT, RingLayout.HEADER_FIRST_COUNT, firstIntervals.size());
      segment.set(RingLayout.LONG, RingLayout.HEADER_FIRSTS_OFFSET, firstsOffset);
      for (int i = 0; i < firstIntervals.size(); i++) {
        segment.set(RingLayout.LONG, firstsOffset + i * (long) Long.BYTES, firstIntervals.get(i));
      }
      if (restored != null) {
        segment.set(RingLayout.LONG, RingLayout.HEADER_RESTORER, restored.restorer());
        segment.set(RingLayout.LONG, RingLayout.HEADER_RESTORER_BYTES, restored.restorerBytes());
        segment.set(RingLayout.LONG, RingLayout.HEADER_EXECUTED, restored.instructions());
      }
      long at = RingLayout.HEADER_BYTES;
      for (Window window : windows) {
        segment.set(RingLayout.LONG, at, bound(window.from()));
        segment.set(RingLayout.LONG, at + 8, bound(window.until()));
        at += RingLayout.WINDOW_BYTES;
      }
      segment.set(RingLayout.LONG, RingLayout.HEADER_MAGIC, RingLayout.MAGIC);
      return new RingFile(path, arena, segment, ringWords, slots);
    } catch (IOException | RuntimeException e) {
      arena.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static long bound(long instructions) {
    return instructions == Window.BY_TRIGGER ? RingLayout.NEVER : instructions;
  }

  private static void putSettled(MemorySegment segment, SettledRule rule) {
    int flags =
        (rule.storesSettle() ? RingLayout.STORES_SETTLE : 0)
            | (rule.storesAllocate() ? RingLayout.STORES_ALLOCATE : 0)
            | (rule.loadsSettle() ? RingLayout.LOADS_SETTLE : 0);
    putGroups(segment, RingLayout.HEADER_FETCHED, rule.fetched(), 0);
    putGroups(segment, RingLayout.HEADER_ACCESSED, rule.accessed(), flags);
  }

  private static void putGroups(
      MemorySegment segment, long at, SettledRule.Groups groups, int flags) {
    segment.set(RingLayout.INT, at, groups.lineShift());
    segment.set(RingLayout.INT, at + 4, groups.groupShift());
    segment.set(RingLayout.INT, at + 8, groups.mask());
    segment.set(RingLayout.INT, at + 12, flags);
  }

  private static void putTrigger(MemorySegment segment, long at, Trigger trigger) {
    segment.set(RingLayout.LONG, at, trigger.value());
    segment.set(RingLayout.LONG, at + 8, trigger.count());
    segment.set(RingLayout.INT, at + 16, trigger.base().number());
    segment.set(RingLayout.INT, at + 20, trigger.action().number());
    if (trigger.base() == Trigger.Base.FILE) {
      segment.setString(at + RingLayout.TRIGGER_PATH, trigger.name());
    }
  }

  /// Makes a file of a new name that only this user can read. (Names by random numbers, as those of
  /// temporary files, would cost a short run more than the whole ring.)
  private static Path createEmpty(Path directory) throws IOException {
    FileAttribute<?> ours =
        PosixFilePermissions.asFileAttribute(
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    String prefix = PREFIX + ProcessHandle.current().pid() + "-";
    Path path = null;
    while (path == null) {
      try {
        path =
            Files.createFile(directory.resolve(prefix + NUMBER.getAndIncrement() + SUFFIX), ours);
      } catch (FileAlreadyExistsException e) {
        path = null; // left over from another process of this number
      }
    }
    return path;
  }

  /// {@return the longest ring of which one for each processor takes at most half of what is free}
  static int windowRingWords(long freeBytes, int processors) {
    int words = WINDOW_RING_WORDS;
    while (words > RING_WORDS && words * 8L * processors > freeBytes / 2) {
      words /= 2;
    }
    return words;
  }

  /// {@return shared memory if it has room, else the folder for temporary files}
  private static Path directory() throws IOException {
    Path memory = Path.of("/dev/shm");
    if (Files.isDirectory(memory) && Files.isWritable(memory)) {
      FileStore store = Files.getFileStore(memory);
      if (store.getUsableSpace() >= ROOM_BYTES) {
        return memory;
      }
    }
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /// Writes zeros, so that a file system without room says so now; the probe does it for the rings
  /// behind.
  private static void fill(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) bytes);
    while (zeros.hasRemaining()) {
      channel.write(zeros);
    }
  }

  /// Removes the files of processes that were killed before QEMU had opened theirs.
  private static void removeLeftOver(Path directory) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, PREFIX + "*-*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String pid = name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length()));
        if (pid.matches("[0-9]{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          removeIfOurs(file);
        }
      }
    }
  }

  private static void removeIfOurs(Path file) throws IOException {
    try {
      Files.deleteIfExists(file);
    } catch (FileSystemException e) {
      return; // another user's
    }
  }

  private static long align(long offset) {
    return (offset + 4095) & -4096L;
  }

  Path path() {
    return path;
  }

  /// {@return how many threads can have a ring at a time}
  int slots() {
    return slots;
  }

  int state() {
    return (int) RingLayout.INT_HANDLE.getAcquire(segment, RingLayout.HEADER_STATE);
  }

  /// {@return why the probe failed, empty if it did not}
  String message() {
    return segment.asSlice(RingLayout.HEADER_MESSAGE, RingLayout.HEADER_MESSAGE_BYTES).getString(0);
  }

  /// Lets a stopped thread go on.
  ///
  /// @param stops how many there have been
  void resume(int stops) {
    RingLayout.INT_HANDLE.setRelease(segment, RingLayout.HEADER_RESUMED, stops);
  }

  /// Answers a question for the triggers in code that the guest has mapped.
  ///
  /// @param answers how many there have been
  /// @throws FormatException if they are too many
  void tell(List<LaterPlaces.Place> places, int answers) throws FormatException {
    if (places.size() > RingLayout.TOLD_AT_MOST) {
      throw new FormatException(
          "a file that the guest has mapped",
          "has " + places.size() + " marks, more than " + RingLayout.TOLD_AT_MOST);
    }
    long at = segment.get(RingLayout.LONG, RingLayout.HEADER_TOLD_OFFSET);
    for (LaterPlaces.Place place : places) {
      segment.set(RingLayout.LONG, at, place.pc());
      segment.set(RingLayout.LONG, at + 8, place.trigger());
      at += RingLayout.TOLD_BYTES;
    }
    segment.set(RingLayout.INT, RingLayout.HEADER_TOLD_COUNT, places.size());
    RingLayout.INT_HANDLE.setRelease(segment, RingLayout.HEADER_TOLD, answers);
  }

  /// {@return the process that the probe is in}
  int process() {
    return segment.get(RingLayout.INT, RingLayout.HEADER_PROBE_PID);
  }

  /// Tells the probe that nobody reads any more.
  void leave() {
    RingLayout.INT_HANDLE.setRelease(segment, RingLayout.HEADER_READER_GONE, 1);
  }

  /// {@return the ring of static information}
  ControlRing control() throws FormatException {
    long offset = segment.get(RingLayout.LONG, RingLayout.HEADER_CONTROL_OFFSET);
    return new ControlRing(
        segment.asSlice(offset, RingLayout.RING_BYTES + CONTROL_WORDS * 8L), CONTROL_WORDS);
  }

  /// {@return the ring in a slot, whether it is in use or not}
  ThreadRing slot(int index) {
    long offset = segment.get(RingLayout.LONG, RingLayout.HEADER_SLOTS_OFFSET);
    long bytes = segment.get(RingLayout.LONG, RingLayout.HEADER_SLOT_BYTES);
    return new ThreadRing(segment.asSlice(offset + index * bytes, bytes), ringWords);
  }

  /// Takes the file's name away; its contents stay until both sides let go.
  void remove() throws IOException {
    if (!removed) {
      removed = true;
      Files.deleteIfExists(path);
    }
  }

  @Override
  public void close() throws IOException {
    remove();
    arena.close();
  }
}
