package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.criu.image.Entry;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was mapped in a process that CRIU has dumped.
final class ImportedMappings {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final long HIGHEST = 1L << 52;
  private static final int PROTECTIONS = 7;

  /// What the kernel leaves free below a stack.
  private static final long STACK_GAP = 256L * PAGE;

  private static final long LARGEST_STACK = 1L << 26;
  private static final long LARGEST_CODE = 1L << 20;

  private static final Map<Integer, String> NOT_CARRIED =
      new TreeMap<>(
          Map.of(
              VmaStatus.SYSTEM_V, "System V shared memory",
              VmaStatus.SOCKET, "memory of a socket",
              VmaStatus.AIO_RING, "a ring of asynchronous input and output",
              VmaStatus.MEMFD, "memory of a memfd",
              VmaStatus.SHADOW_STACK, "a shadow stack",
              VmaStatus.PLUGIN, "memory of a device"));

  private final Entry mm;
  private final ImportedFiles files;
  private final long heapStart;
  private final long heapEnd;
  private final long stack;

  ImportedMappings(Entry mm, ImportedFiles files) {
    this.mm = mm;
    this.files = files;
    heapStart = mm.number("mm_start_brk");
    heapEnd = mm.number("mm_brk");
    stack = mm.number("mm_start_stack");
  }

  /// {@return where the heap began, a page, as the kernel has it}
  ///
  /// @throws FormatException if there can be no heap
  long heapStart() throws FormatException {
    if (heapStart < 0 || heapStart > heapEnd || heapEnd > HIGHEST) {
      throw new FormatException(
          mm.where("mm_brk"), "0x%x to 0x%x is no heap".formatted(heapStart, heapEnd));
    }
    return heapStart + PAGE - 1 & -PAGE;
  }

  long heapEnd() {
    return Math.max(heapEnd, heapStart + PAGE - 1 & -PAGE);
  }

  /// {@return what was mapped, by address}
  ///
  /// @param stackLimit up to which the kernel would have made the stack longer; -1 for none
  List<Mapping> read(long stackLimit) throws IOException {
    List<Mapping> all = new ArrayList<>();
    long end = 0;
    for (Entry vma : mm.entries("vmas")) {
      long start = vma.number("start");
      long behind = vma.number("end");
      if (start < end || behind <= start || behind > HIGHEST || (start | behind) % PAGE != 0) {
        throw new FormatException(
            vma.where("start"),
            "0x%x to 0x%x is no range of pages behind those before".formatted(start, behind));
      }
      Mapping mapping = mapping(vma, start, behind);
      if (mapping.kind() == Mapping.Kind.STACK
          && (vma.number("flags") & VmaStatus.MAP_GROWSDOWN) != 0) {
        mapping = grown(mapping, end, stackLimit);
      }
      all.add(mapping);
      end = behind;
    }
    return all;
  }

  private Mapping mapping(Entry vma, long start, long end) throws IOException {
    int status = (int) vma.number("status");
    for (Map.Entry<Integer, String> each : NOT_CARRIED.entrySet()) {
      if ((status & each.getKey()) != 0) {
        throw new CheckpointException("it has %s at 0x%x".formatted(each.getValue(), start));
      }
    }
    int protection = (int) vma.number("prot") & PROTECTIONS;
    boolean shared = (status & VmaStatus.FILE_SHARED) != 0;
    if ((status & VmaStatus.ANONYMOUS_SHARED) != 0) {
      throw new CheckpointException(
          "it has memory that it may share with others: 0x%x".formatted(start));
    }
    boolean hasFile = shared || (status & VmaStatus.FILE_PRIVATE) != 0;
    String file = hasFile ? file(vma) : null;
    long offset = hasFile ? vma.number("pgoff") : 0;
    if (offset < 0 || offset % PAGE != 0) {
      throw new FormatException(vma.where("pgoff"), "no offset of a page: " + offset);
    }
    Mapping.Kind kind = kind(status, start, end, file);
    if (kind == Mapping.Kind.VDSO && end - start > LARGEST_CODE) {
      throw new FormatException(
          vma.where("end"), "the kernel's code has no %d bytes".formatted(end - start));
    }
    boolean writesToFile = shared && (protection & Mapping.WRITE) != 0;
    return new Mapping(start, end, protection, kind, file, offset, writesToFile);
  }

  private String file(Entry vma) throws IOException {
    return files.unchanged(vma.number("shmid"), vma.where("shmid")).toString();
  }

  private Mapping.Kind kind(int status, long start, long end, @Nullable String file) {
    if ((status & VmaStatus.VDSO) != 0) {
      return Mapping.Kind.VDSO;
    }
    if (file != null) {
      return Mapping.Kind.FILE;
    }
    boolean isHeap = start >= heapStart && start < heapEnd;
    if (isHeap || (status & VmaStatus.HEAP) != 0) {
      return Mapping.Kind.HEAP;
    }
    return stack >= start && stack <= end ? Mapping.Kind.STACK : Mapping.Kind.ANONYMOUS;
  }

  /// {@return a stack of the length that it may have: the kernel makes it longer when it is used,
  /// which no restored one is}
  private static Mapping grown(Mapping mapping, long below, long limit) {
    long most = limit < 0 || limit > LARGEST_STACK ? LARGEST_STACK : limit & -PAGE;
    long start = Math.max(mapping.end() - most, below + STACK_GAP);
    return start >= mapping.start()
        ? mapping
        : new Mapping(start, mapping.end(), mapping.protection(), mapping.kind(), null, 0);
  }
}
