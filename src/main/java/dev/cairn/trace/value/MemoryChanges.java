package dev.cairn.trace.value;

import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.ByteSource;
import java.util.Arrays;

/// How what memory holds is written: a byte for the kind, the address, how many bytes there are,
/// how many of them are told, and those; what is not told is zeros.
final class MemoryChanges {
  private static final int MOST_BYTES = 1 << 16;

  private MemoryChanges() {}

  static void write(ByteSink into, MemoryChange change) {
    byte[] contents = change.contents();
    int length = contents.length;
    while (length > 0 && contents[length - 1] == 0) {
      length--;
    }
    into.put(change.kind().code());
    into.number(change.address());
    into.number(change.bytes());
    into.number(length);
    into.bytes(Arrays.copyOf(contents, length));
  }

  /// Reads the next one.
  static MemoryChange read(ByteSource from, int thread) throws FormatException {
    int code = from.next();
    MemoryChange.Kind kind = MemoryChange.Kind.of(code);
    if (kind == null) {
      throw from.wrong("no kind of change of memory: " + code);
    }
    long address = from.number();
    boolean unknown = kind == MemoryChange.Kind.UNKNOWN;
    long bytes = from.number();
    if (bytes < 0 || (!unknown && bytes > MOST_BYTES)) {
      throw from.wrong("memory of %s bytes".formatted(Long.toUnsignedString(bytes)));
    }
    byte[] told = from.bytes(from.number(unknown ? 0 : (int) bytes));
    return new MemoryChange(
        thread, kind, address, bytes, unknown ? told : Arrays.copyOf(told, (int) bytes));
  }
}
