package dev.cairn.trace.export;

import java.nio.charset.StandardCharsets;

/// Bytes on their way out: collected, and passed on when there are many.
final class ByteBuffering {
  private static final int CAPACITY = 1 << 16;
  private static final int LONGEST_PIECE = 256;
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] bytes = new byte[CAPACITY];
  private final ByteTaker into;
  private int size;

  ByteBuffering(ByteTaker into) {
    this.into = into;
  }

  /// Makes room for a line or record.
  void reserve() {
    if (size > CAPACITY - LONGEST_PIECE) {
      flush();
    }
  }

  /// Passes on what there is.
  void flush() {
    if (size > 0) {
      into.accept(bytes, size);
      size = 0;
    }
  }

  void put(int value) {
    bytes[size++] = (byte) value;
  }

  void text(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
  }

  /// Adds an unsigned number in hexadecimal.
  ///
  /// @param least digits, filled up with zeros
  void hex(long value, int least) {
    int digits = Math.max(least, (Long.SIZE + 3 - Long.numberOfLeadingZeros(value)) / 4);
    for (int i = digits - 1; i >= 0; i--) {
      bytes[size++] = DIGITS[(int) (value >>> (4 * i)) & 0xf];
    }
  }

  /// Adds a number that is not negative.
  void decimal(long value) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = digits - 1; i >= 0; i--) {
      bytes[size + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
  }

  /// Adds two bytes, the lowest first.
  void half(int value) {
    bytes[size++] = (byte) value;
    bytes[size++] = (byte) (value >>> Byte.SIZE);
  }

  /// Adds eight bytes, the lowest first.
  void number(long value) {
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }
}
