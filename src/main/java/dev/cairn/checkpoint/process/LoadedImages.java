package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// The program and its interpreter as they lie in memory before the first instruction: they tell
/// what may be executed, which the host's mappings do not, and where the heap begins.
final class LoadedImages {
  private LoadedImages() {}

  /// Notes what is mapped before the first instruction.
  ///
  /// @param program the ELF file that was started
  /// @param host what the host shows
  /// @param stackPointer at the first instruction
  /// @param vdso the address of the kernel's own code, 0 if there is none
  /// @return where the heap begins
  static long place(
      GuestMappings mappings, Path program, List<HostMapping> host, long stackPointer, long vdso)
      throws IOException {
    TreeMap<String, Long> lowest = new TreeMap<>();
    for (int i = 0; i < host.size(); i++) {
      HostMapping mapping = host.get(i);
      if (mapping.readable()) {
        int protection = (mapping.readable() ? 1 : 0) | (mapping.writable() ? 2 : 0);
        mappings.map(
            mapping.start(), mapping.end(), mapping.start() == vdso ? protection | 4 : protection);
        if (mapping.file() != null) {
          lowest.merge(mapping.file(), mapping.start(), Math::min);
        }
      }
      boolean holdsStack = stackPointer >= mapping.start() && stackPointer < mapping.end();
      if (holdsStack && i > 0 && host.get(i - 1).end() == mapping.start()) {
        HostMapping guard = host.get(i - 1);
        if (!guard.readable() && guard.end() - guard.start() <= 1 << 20) {
          mappings.map(guard.start(), guard.end(), 0);
        }
      }
    }
    long heap = -1;
    Path real = program.toRealPath();
    for (var each : lowest.entrySet()) {
      long end = place(mappings, ElfImage.open(Path.of(each.getKey())), each.getValue());
      if (Path.of(each.getKey()).equals(real)) {
        heap = end;
      }
    }
    if (heap < 0) {
      throw new CheckpointException(program + " is not to be found in QEMU's memory");
    }
    return heap;
  }

  /// Gives each page of an image the protection that its file says.
  ///
  /// @return behind its last page
  private static long place(GuestMappings mappings, ElfImage image, long lowest) {
    List<ElfSegment> loaded = image.segments().stream().filter(ElfSegment::isLoaded).toList();
    long first = Long.MAX_VALUE;
    long last = 0;
    for (ElfSegment segment : loaded) {
      first = Math.min(first, GuestMappings.pageDown(segment.virtualAddress()));
      last = Math.max(last, segment.virtualAddress() + segment.memoryBytes());
    }
    long bias = lowest - first;
    mappings.map(first + bias, last + bias, 0); // what lies between segments is kept from others
    for (ElfSegment segment : loaded) {
      int protection =
          ((segment.flags() & ElfSegment.READ) != 0 ? 1 : 0)
              | ((segment.flags() & ElfSegment.WRITE) != 0 ? 2 : 0)
              | ((segment.flags() & ElfSegment.EXECUTE) != 0 ? 4 : 0);
      long start = segment.virtualAddress() + bias;
      mappings.map(start, start + segment.memoryBytes(), protection);
    }
    return GuestMappings.pageUp(last + bias);
  }
}
