package dev.cairn.program.elf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A program header: a part of an ELF file and where it lies in memory.
///
/// @param type [#LOAD], [#DYNAMIC], … as in the file
/// @param flags sum of [#EXECUTE], [#WRITE], [#READ]
/// @param offset where its bytes begin in the file
/// @param virtualAddress before the load bias is added
/// @param fileBytes bytes in the file
/// @param memoryBytes bytes in memory; the rest is zero
/// @param alignment as in the file
public record ElfSegment(
    int type,
    int flags,
    long offset,
    long virtualAddress,
    long fileBytes,
    long memoryBytes,
    long alignment) {
  public static final int LOAD = 1;
  public static final int DYNAMIC = 2;
  public static final int INTERPRETER = 3;
  public static final int NOTE = 4;
  public static final int EXECUTE = 1;
  public static final int WRITE = 2;
  public static final int READ = 4;

  public boolean isLoaded() {
    return type == LOAD;
  }

  public boolean isExecutable() {
    return (flags & EXECUTE) != 0;
  }

  /// {@return the first segment of a type, or null if there is none}
  static @Nullable ElfSegment first(List<ElfSegment> segments, int type) {
    for (ElfSegment segment : segments) {
      if (segment.type() == type) {
        return segment;
      }
    }
    return null;
  }

  /// {@return the address, before the load bias is added, of a byte of the file; -1 if no segment
  /// loads it}
  public static long addressOf(List<ElfSegment> segments, long fileOffset) {
    long address = -1;
    for (ElfSegment segment : segments) {
      boolean holds = segment.isLoaded() && segment.holdsOffset(fileOffset);
      if (holds && (address < 0 || segment.isExecutable())) {
        address = fileOffset - segment.offset() + segment.virtualAddress();
      }
    }
    return address;
  }

  /// {@return where the byte of an address, before the load bias is added, lies in the file; -1 if
  /// no segment loads it}
  public static long fileOffsetOf(List<ElfSegment> segments, long address) {
    for (ElfSegment segment : segments) {
      if (segment.isLoaded() && segment.holdsAddress(address)) {
        return address - segment.virtualAddress() + segment.offset();
      }
    }
    return -1;
  }

  /// {@return whether the byte at `fileOffset` of the file belongs to it}
  public boolean holdsOffset(long fileOffset) {
    return fileOffset >= offset && fileOffset - offset < fileBytes;
  }

  /// {@return whether the byte at an address before the load bias comes from the file}
  public boolean holdsAddress(long address) {
    return address >= virtualAddress && address - virtualAddress < fileBytes;
  }
}
