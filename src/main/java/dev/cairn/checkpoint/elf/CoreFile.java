package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/// A core file of AArch64 Linux, as the kernel would write it, with all memory that can be read.
///
/// ```text
/// 0   ELF header, program headers: the notes, then a segment for each mapping
///     notes
///     contents of the mappings, each from a page on; pages of zeros are holes
/// ```
public final class CoreFile {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int PT_LOAD = 1;
  private static final int PT_NOTE = 4;
  private static final int ET_CORE = 4;
  private static final int MACHINE = 183;
  private static final int MOST_SEGMENTS = 0xfffe;

  private CoreFile() {}

  /// Writes the file, which appears under its name whole or not at all.
  public static void write(Path path, ProcessState process, MemoryContents memory)
      throws IOException {
    WholeFile.write(path, (file, partial) -> write(file, partial, process, memory));
  }

  private static void write(
      FileChannel file, Path partial, ProcessState process, MemoryContents memory)
      throws IOException {
    List<Mapping> mappings = process.mappings();
    if (mappings.size() >= MOST_SEGMENTS) {
      throw new CheckpointException(
          "a core file has less than %d mappings: %d".formatted(MOST_SEGMENTS, mappings.size()));
    }
    byte[] notes = CoreNotes.of(process);
    int segments = 1 + mappings.size();
    long notesOffset = HEADER_BYTES + (long) segments * SEGMENT_BYTES;
    ByteBuffer head = ByteBuffer.allocate((int) notesOffset).order(ByteOrder.LITTLE_ENDIAN);
    head.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    head.putShort((short) ET_CORE).putShort((short) MACHINE).putInt(1);
    head.putLong(0).putLong(HEADER_BYTES).putLong(0).putInt(0);
    head.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES);
    head.putShort((short) segments).putInt(0).putShort((short) 0);
    segment(head, PT_NOTE, 0, notesOffset, 0, notes.length, 0, 4);
    long at = notesOffset + notes.length + PAGE - 1 & -PAGE;
    for (Mapping each : mappings) {
      long bytes = each.protection() == 0 ? 0 : each.bytes();
      segment(head, PT_LOAD, flags(each), at, each.start(), bytes, each.bytes(), PAGE);
      if (bytes > 0) {
        long start = at;
        memory.forEachPage(
            each, (address, page) -> put(file, partial, page, start + address - each.start()));
      }
      at += bytes;
    }
    put(file, partial, notes, notesOffset);
    put(file, partial, head.array(), 0);
    if (file.size() < at) {
      put(file, partial, new byte[1], at - 1); // the last pages may be holes
    }
  }

  private static int flags(Mapping mapping) {
    int flags = 0;
    flags |= (mapping.protection() & Mapping.READ) != 0 ? 4 : 0;
    flags |= (mapping.protection() & Mapping.WRITE) != 0 ? 2 : 0;
    return flags | ((mapping.protection() & Mapping.EXECUTE) != 0 ? 1 : 0);
  }

  private static void segment(
      ByteBuffer head,
      int type,
      int flags,
      long offset,
      long address,
      long fileBytes,
      long memoryBytes,
      long alignment) {
    head.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(0);
    head.putLong(fileBytes).putLong(memoryBytes).putLong(alignment);
  }

  private static void put(FileChannel file, Path partial, byte[] bytes, long offset)
      throws IOException {
    WholeFile.put(file, ByteBuffer.wrap(bytes), offset, partial);
  }
}
