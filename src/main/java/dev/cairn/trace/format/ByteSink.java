package dev.cairn.trace.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bytes of a column while it is written. One thread at a time.
///
/// A *number* is unsigned, seven bits a byte, the lowest first, the eighth bit set in all but the
/// last. A *difference* is signed and written as the number `2n` or `-2n - 1`.
public final class ByteSink {
  private static final int FIRST_CAPACITY = 256;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  /// {@return how many bytes there are}
  public int size() {
    return size;
  }

  /// {@return a copy of them}
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /// Forgets all bytes.
  public void clear() {
    size = 0;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      int wanted = Math.addExact(size, more);
      bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(2L * size, 1 << 30)));
    }
  }

  /// Adds the lowest eight bits.
  public void put(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /// Adds a number; one with the highest bit set takes ten bytes.
  public void number(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /// Adds a difference.
  public void difference(long value) {
    number(value << 1 ^ value >> 63);
  }

  /// Adds eight bits of each of some numbers.
  ///
  /// @param shift where they begin
  public void plane(long[] values, int count, int shift) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[size + i] = (byte) (values[i] >>> shift);
    }
    size += count;
  }

  /// Adds bytes as they are, without their length.
  public void bytes(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }

  /// Adds a text: the number of its bytes, then UTF-8.
  public void text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    number(utf8.length);
    bytes(utf8);
  }
}
