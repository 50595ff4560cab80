package dev.cairn.checkpoint.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The SHA-256 of a page's contents.
record PageHash(long first, long second, long third, long fourth) {
  static final int BYTES = 32;

  static PageHash of(byte[] digest) {
    return read(ByteBuffer.wrap(digest));
  }

  /// Reads the next 32 bytes, whatever the order of the buffer's numbers.
  static PageHash read(ByteBuffer bytes) {
    ByteBuffer own = bytes.slice().order(ByteOrder.BIG_ENDIAN);
    bytes.position(bytes.position() + BYTES);
    return new PageHash(own.getLong(), own.getLong(), own.getLong(), own.getLong());
  }

  /// Writes the hash as its 32 bytes, whatever the order of the buffer's numbers.
  void write(ByteBuffer bytes) {
    ByteBuffer own = bytes.slice().order(ByteOrder.BIG_ENDIAN);
    own.putLong(first).putLong(second).putLong(third).putLong(fourth);
    bytes.position(bytes.position() + BYTES);
  }
}
