package dev.cairn.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What the guest's memory holds from some address on, or no longer does, besides what its accesses
/// tell.
///
/// @param thread in whose order of execution it stands
/// @param kind why it is told
/// @param address of the first byte
/// @param bytes how many there are
/// @param contents what they hold; empty for [Kind#UNKNOWN]; not copied
public record MemoryChange(int thread, Kind kind, long address, long bytes, byte[] contents) {
  /// Why the contents of memory are told.
  public enum Kind {
    /// The execution that comes next touches a page that was not touched before. An access of it
    /// may have stored some of the contents.
    PAGE(0),
    /// A system call has written them.
    WRITTEN(1),
    /// They are not known any more: other memory was mapped there, or a system call may have
    /// written there.
    UNKNOWN(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /// {@return the number that stands for it in rings and files}
    public int code() {
      return code;
    }

    /// {@return what a number stands for; null if nothing}
    public static @Nullable Kind of(int code) {
      return switch (code) {
        case 0 -> PAGE;
        case 1 -> WRITTEN;
        case 2 -> UNKNOWN;
        default -> null;
      };
    }
  }

  public MemoryChange {
    if (bytes < 0 || contents.length != (kind == Kind.UNKNOWN ? 0 : bytes)) {
      throw new IllegalArgumentException(
          "%d bytes of contents for %d bytes".formatted(contents.length, bytes));
    }
  }

  /// {@return what an access has stored, as if it had been written otherwise}
  ///
  /// @param values hold its value from an index on, as those of a [Batch] do
  public static MemoryChange stored(int thread, long access, long[] values, int at) {
    int bytes = EventWord.bytes(access);
    byte[] contents = new byte[bytes];
    for (int i = 0; i < Math.min(bytes, 2 * Long.BYTES); i++) {
      contents[i] = (byte) (values[at + i / Long.BYTES] >>> (Byte.SIZE * (i % Long.BYTES)));
    }
    return new MemoryChange(thread, Kind.WRITTEN, EventWord.address(access), bytes, contents);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MemoryChange that
        && thread == that.thread
        && kind == that.kind
        && address == that.address
        && bytes == that.bytes
        && Arrays.equals(contents, that.contents);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(address) * 31 + Arrays.hashCode(contents);
  }
}
