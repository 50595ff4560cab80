package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.StoredPart;
import dev.cairn.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A static executable that rebuilds the process of a checkpoint and goes on with it.
///
/// ```text
/// 0      ELF header, program headers
/// 65536  the code of guest/restore.S          segment, r-x, below the heap
/// 69632  contents of memory, mapped by the code; pages of zeros between them are holes
///        the table                            segment, rw-, behind the code
///        a page of zeros                      segment, rw-, the last before the heap
/// ```
///
/// Segments lie as a kernel needs them whose pages are larger, up to 64 KB, so that the code can
/// say that it is no such kernel's process.
///
/// The kernel puts the program break behind the highest segment, and malloc believes it, so there
/// is a segment that ends where the heap began, and all that lies above is mapped by the code.
///
/// Memory that is stored in files ([MemoryContents#stored]) is mapped from there; then the
/// executable needs these files.
public final class SelfRestoringElf {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int ALIGNMENT = 1 << 16;
  private static final long LOWEST = 1 << 16;

  /// Zeros up to this many pages do not end a mapping of contents.
  private static final int GAP_PAGES = 16;

  /// Where the table lies, from the code: on another page, whatever size those of the kernel have.
  private static final long TABLE = ALIGNMENT;

  private static final long CODE_OFFSET = ALIGNMENT;
  private static final long CONTENTS_OFFSET = CODE_OFFSET + PAGE;
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int SEGMENTS = 4;
  private static final int PT_GNU_STACK = 0x6474e551;
  private static final int MACHINE = 183;

  private final ProcessState process;
  private final MemoryContents memory;
  private final Set<Integer> made;
  private final @Nullable ExitPoint exit;
  private final Path partial;
  private final FileChannel file;
  private final MachineNeeds machine;
  private long end = CONTENTS_OFFSET;

  /// The instruction that a `BRK` has displaced.
  private @Nullable Integer displaced;

  private SelfRestoringElf(
      ProcessState process,
      MemoryContents memory,
      Set<Integer> made,
      @Nullable ExitPoint exit,
      Path partial,
      FileChannel file) {
    this.made = made;
    this.exit = exit;
    this.process = process;
    this.memory = memory;
    machine = new MachineNeeds(process);
    this.partial = partial;
    this.file = file;
  }

  /// Writes the executable, which appears under its name whole or not at all.
  ///
  /// @return how many instructions it executes before the process goes on
  /// @throws CheckpointException if a file that the process has open is missing or was changed
  public static long write(Path path, ProcessState process, MemoryContents memory)
      throws IOException {
    return write(path, process, memory, MadeFiles.of(process, false), null);
  }

  /// Writes the executable for another place, which appears under its name whole or not at all. Of
  /// files whose contents are kept none need be there.
  ///
  /// @param exit where it ends with status 0; null for the program's own end
  /// @return how many instructions it executes before the process goes on
  /// @throws CheckpointException if a file that the process has open is missing or was changed, or
  ///   it can't be ended there
  public static long write(
      Path path, ProcessState process, MemoryContents memory, @Nullable ExitPoint exit)
      throws IOException {
    requireNoTraps(process, exit);
    return write(path, process, memory, MadeFiles.of(process, true), exit);
  }

  private static long write(
      Path path,
      ProcessState process,
      MemoryContents memory,
      Set<Integer> made,
      @Nullable ExitPoint exit)
      throws IOException {
    for (Mapping each : process.mappings()) {
      String shared = each.shared() ? each.file() : null;
      if (shared != null && !Files.exists(Path.of(shared))) {
        throw new CheckpointException(
            shared + ": is missing, and the process shares memory with it");
      }
    }
    long[] instructions = {0};
    WholeFile.write(
        path,
        (file, partial) -> {
          instructions[0] =
              new SelfRestoringElf(process, memory, made, exit, partial, file).write();
          Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwx------"));
        });
    return instructions[0];
  }

  private long write() throws IOException {
    RestoreSteps steps = new RestoreSteps(process);
    List<List<RestoreSteps.Contents>> contents = new ArrayList<>();
    TreeMap<Path, List<RestoreSteps.Stored>> stored = new TreeMap<>();
    int parts = 0;
    for (Mapping mapping : process.mappings()) {
      List<RestoreSteps.Contents> part = writeContents(mapping);
      contents.add(part);
      parts += 1 + part.size();
      for (StoredPart each : memory.stored(mapping)) {
        stored
            .computeIfAbsent(each.file(), _ -> new ArrayList<>())
            .add(new RestoreSteps.Stored(each, mapping.protection(), mapping.shared()));
        parts++;
      }
    }
    Map<Integer, List<RestoreSteps.Contents>> files = writeFiles();
    for (List<RestoreSteps.Contents> each : files.values()) {
      parts += each.size();
    }
    List<MachineNeeds.Need> needs = machine.all();
    long room = roomFor(parts, stored.keySet(), needs.size());
    long code = place(room + (files.isEmpty() ? 0 : RestoreSteps.WINDOW_BYTES));
    steps.require(needs);
    steps.begin();
    steps.heap(code + room);
    for (int i = 0; i < contents.size(); i++) {
      steps.map(process.mappings().get(i), contents.get(i));
    }
    stored.forEach(steps::mapStored);
    ExitPoint place = exit;
    RestoreTable.Data counter =
        place == null ? null : steps.trap(code + RestoreStub.TRAPPED, place.times());
    RestoreTable table =
        steps.finish(
            path -> Files.isRegularFile(Path.of(path)) || Files.isDirectory(Path.of(path)),
            files,
            code + room);
    if (table.bytes() > room - TABLE) {
      throw new IllegalStateException("the table has " + table.bytes() + " bytes: " + room);
    }
    writeSegments(code, table.bytesAt(code + TABLE), room - TABLE);
    if (place != null && counter != null) {
      Integer instruction = displaced;
      if (instruction == null) {
        throw new CheckpointException(
            "no code lies at 0x%x, where it is to exit".formatted(place.pc()));
      }
      put(
          Detour.of(
              place.pc(),
              instruction,
              table.addressOf(counter, code + TABLE),
              code + Detour.OFFSET),
          CODE_OFFSET + Detour.OFFSET);
    }
    return table.instructions();
  }

  /// Writes the contents of files that are made of them.
  ///
  /// @return where they are, by description
  private Map<Integer, List<RestoreSteps.Contents>> writeFiles() throws IOException {
    Map<Integer, List<RestoreSteps.Contents>> files = new TreeMap<>();
    for (OpenFile file : process.files()) {
      if (made.contains(file.description()) && !files.containsKey(file.description())) {
        Mapping pages = file.pages();
        files.put(file.description(), pages == null ? List.of() : writeContents(pages));
      }
    }
    return files;
  }

  private static void requireNoTraps(ProcessState process, @Nullable ExitPoint exit)
      throws CheckpointException {
    boolean handled =
        process.signals().actions().stream()
            .anyMatch(action -> action.signal() == RestoreSteps.SIGTRAP);
    boolean blocked = (process.signals().mask() & (1 << (RestoreSteps.SIGTRAP - 1))) != 0;
    if (exit != null && (handled || blocked)) {
      throw new CheckpointException(
          "the process handles or blocks SIGTRAP, by which a place to exit at is found");
    }
  }

  /// {@return the page with a `BRK` at the place to exit at, if that is in it}
  private byte[] watched(Mapping mapping, long address, byte[] page) {
    ExitPoint place = exit;
    if (place == null
        || (mapping.protection() & Mapping.EXECUTE) == 0
        || place.pc() < address
        || place.pc() >= address + PAGE) {
      return page;
    }
    ByteBuffer watched = ByteBuffer.wrap(page.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int offset = (int) (place.pc() - address);
    displaced = watched.getInt(offset);
    return watched.putInt(offset, Detour.BREAK).array();
  }

  /// {@return bytes for the code and a table of so many mappings, in whole pages}
  private long roomFor(int parts, Set<Path> stored, int needs) {
    long texts = 4096 + SignalFrame.BYTES + 1024 + (300L + process.cpu().length()) * needs;
    for (Path each : stored) {
      texts += 400 + 6L * each.toString().length();
    }
    for (OpenFile each : process.files()) {
      String path = each.path();
      texts += 1200 + 6L * (path == null ? 0 : path.length()) + each.heldBytes().length;
      if (made.contains(each.description())) {
        texts += 1600 + each.bytes() / RestoreSteps.WINDOW_BYTES * 160;
      }
    }
    texts += 8L * String.valueOf(process.workingDirectory()).length();
    for (Mapping each : process.mappings()) {
      texts += each.shared() ? 1200 + 6L * String.valueOf(each.file()).length() : 0;
    }
    return up(
        TABLE
            + texts
            + 200L * process.signals().actions().size()
            + 300L * process.limits().size()
            + 192L * parts,
        ALIGNMENT);
  }

  private static long up(long bytes, long unit) {
    return bytes + unit - 1 & -unit;
  }

  /// Writes the contents of a range.
  private List<RestoreSteps.Contents> writeContents(Mapping mapping) throws IOException {
    List<RestoreSteps.Contents> parts = new ArrayList<>();
    memory.forEachPage(
        mapping,
        (address, page) -> {
          if ((mapping.protection() & Mapping.EXECUTE) != 0) {
            machine.code(mapping, address, page);
          }
          RestoreSteps.@Nullable Contents last = parts.isEmpty() ? null : parts.getLast();
          long behind = last == null ? Long.MIN_VALUE : last.address() + last.bytes();
          if (last != null && address - behind <= (long) GAP_PAGES * PAGE) {
            parts.removeLast();
            parts.add(
                new RestoreSteps.Contents(
                    last.address(), address + PAGE - last.address(), last.fileOffset()));
            end = last.fileOffset() + parts.getLast().bytes();
          } else {
            parts.add(new RestoreSteps.Contents(address, PAGE, end));
            end += PAGE;
          }
          put(watched(mapping, address, page), end - PAGE);
        });
    return parts;
  }

  private void put(byte[] bytes, long offset) throws IOException {
    WholeFile.put(file, ByteBuffer.wrap(bytes), offset, partial);
  }

  /// {@return where code and table lie: in the highest gap below the heap that has room}
  private long place(long room) throws CheckpointException {
    long limit = process.heapStart() - PAGE;
    for (Mapping mapping : process.mappings().reversed()) {
      if (mapping.start() >= process.heapStart()) {
        continue;
      }
      long candidate = limit - room & -ALIGNMENT;
      if (candidate >= mapping.end()) {
        return candidate;
      }
      limit = Math.min(limit, mapping.start());
    }
    long candidate = limit - room & -ALIGNMENT;
    if (candidate < LOWEST) {
      throw new CheckpointException("there is no room for the code that restores it");
    }
    return candidate;
  }

  private void writeSegments(long code, byte[] table, long tableRoom) throws IOException {
    byte[] stub = RestoreStub.code();
    if (stub.length > Detour.OFFSET) {
      throw new IllegalStateException("the code has " + stub.length + " bytes");
    }
    long tableOffset = up(end, ALIGNMENT);
    long zerosAddress = process.heapStart() - PAGE;
    long zerosOffset = tableOffset + tableRoom + zerosAddress % ALIGNMENT;
    ByteBuffer head =
        ByteBuffer.allocate(HEADER_BYTES + SEGMENTS * SEGMENT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    head.putShort((short) 2).putShort((short) MACHINE).putInt(1);
    head.putLong(code).putLong(HEADER_BYTES).putLong(0).putInt(0);
    head.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES);
    head.putShort((short) SEGMENTS).putShort((short) HEADER_BYTES).putInt(0);
    segment(head, 1, 5, CODE_OFFSET, code, PAGE);
    segment(head, 1, 6, tableOffset, code + TABLE, tableRoom);
    segment(head, 1, 6, zerosOffset, zerosAddress, PAGE);
    segment(head, PT_GNU_STACK, 6, 0, 0, 0);
    put(head.array(), 0);
    put(stub, CODE_OFFSET);
    put(table, tableOffset);
    put(new byte[PAGE], zerosOffset);
  }

  private static void segment(
      ByteBuffer head, int type, int flags, long offset, long address, long bytes) {
    head.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
    head.putLong(bytes).putLong(bytes).putLong(ALIGNMENT);
  }
}
