package dev.cairn.checkpoint;

import org.jspecify.annotations.Nullable;

/// A range of a process's memory.
///
/// @param start a virtual address, the first of a page
/// @param end behind it
/// @param protection sum of [#READ], [#WRITE], [#EXECUTE]
/// @param kind what it is for
/// @param file that it is a view of; null for none
/// @param fileOffset where in the file it begins
/// @param shared whether what is written there is written to the file, or is seen by processes that
///   the program starts later
public record Mapping(
    long start,
    long end,
    int protection,
    Kind kind,
    @Nullable String file,
    long fileOffset,
    boolean shared) {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int EXECUTE = 4;

  /// Bytes of a page of the guest.
  public static final int PAGE_BYTES = 4096;

  /// What a range is for.
  public enum Kind {
    FILE,
    ANONYMOUS,
    HEAP,
    STACK,
    /// Code of the kernel's for the program.
    VDSO
  }

  public Mapping {
    if (start < 0 || start >= end || start % PAGE_BYTES != 0 || end % PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "not a range of pages: 0x%x to 0x%x".formatted(start, end));
    }
    if (protection < 0 || protection > (READ | WRITE | EXECUTE)) {
      throw new IllegalArgumentException("unknown protection: " + protection);
    }
  }

  /// What is the process's own.
  public Mapping(
      long start, long end, int protection, Kind kind, @Nullable String file, long fileOffset) {
    this(start, end, protection, kind, file, fileOffset, false);
  }

  public long bytes() {
    return end - start;
  }

  /// {@return the protection as "rw-"}
  public String protectionText() {
    return ((protection & READ) != 0 ? "r" : "-")
        + ((protection & WRITE) != 0 ? "w" : "-")
        + ((protection & EXECUTE) != 0 ? "x" : "-");
  }
}
