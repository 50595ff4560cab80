package dev.cairn.checkpoint.criu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// The code of a kernel's that a process calls for the time (its vDSO). It reads pages that only
/// that kernel writes, so each of its functions gets code that makes the system call instead.
final class KernelCode {
  private static final Map<String, Integer> CALLS =
      Map.of(
          "__kernel_clock_gettime", 113,
          "__kernel_clock_getres", 114,
          "__kernel_gettimeofday", 169,
          "__kernel_getrandom", 278);

  private static final int SEGMENT_BYTES = 56;
  private static final int SYMBOL_BYTES = 24;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int DT_HASH = 4;
  private static final int DT_STRTAB = 5;
  private static final int DT_SYMTAB = 6;

  private static final int MOV_X8 = 0xd2800008;
  private static final int SVC = 0xd4000001;
  private static final int RET = 0xd65f03c0;

  private KernelCode() {}

  /// {@return offsets into the code, with what is to be there}
  ///
  /// @param image the code as it lies in memory, an ELF file
  /// @throws IndexOutOfBoundsException if it is damaged
  static Map<Long, byte[]> calls(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    long bias = 0;
    long dynamic = -1;
    int segments = bytes.getShort(56);
    for (int i = 0; i < segments; i++) {
      int at = (int) bytes.getLong(32) + i * SEGMENT_BYTES;
      switch (bytes.getInt(at)) {
        case PT_LOAD -> bias = bytes.getLong(at + 16);
        case PT_DYNAMIC -> dynamic = bytes.getLong(at + 8);
        default -> {}
      }
    }
    TreeMap<Long, Long> tags = new TreeMap<>();
    for (int at = (int) dynamic; dynamic >= 0 && bytes.getLong(at) != 0; at += 16) {
      tags.put(bytes.getLong(at), bytes.getLong(at + 8) - bias);
    }
    return calls(bytes, tags, bias);
  }

  private static Map<Long, byte[]> calls(ByteBuffer bytes, Map<Long, Long> tags, long bias) {
    TreeMap<Long, byte[]> calls = new TreeMap<>();
    Long symbols = tags.get((long) DT_SYMTAB);
    Long texts = tags.get((long) DT_STRTAB);
    Long hash = tags.get((long) DT_HASH);
    if (symbols == null || texts == null) {
      return calls;
    }
    // the number of symbols is that of the hash table's chains, or they reach to the texts
    long count =
        hash == null ? (texts - symbols) / SYMBOL_BYTES : bytes.getInt((int) (long) hash + 4);
    for (long i = 0; i < count; i++) {
      int at = (int) (symbols + i * SYMBOL_BYTES);
      Integer call = CALLS.get(text(bytes, (int) (texts + bytes.getInt(at))));
      if (call != null) {
        calls.put(bytes.getLong(at + 8) - bias, code(call));
      }
    }
    return calls;
  }

  private static String text(ByteBuffer bytes, int at) {
    int end = at;
    while (bytes.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - at];
    bytes.get(at, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private static byte[] code(int call) {
    return ByteBuffer.allocate(12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(MOV_X8 | call << 5)
        .putInt(SVC)
        .putInt(RET)
        .array();
  }
}
