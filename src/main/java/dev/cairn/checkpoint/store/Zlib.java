package dev.cairn.checkpoint.store;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Packs bytes, and unpacks them. Java has it ready at its start, where the first use of zstd takes
/// longer than a checkpoint of 64 MB may take to start. One thread at a time.
final class Zlib implements AutoCloseable {
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final Inflater inflater = new Inflater();

  /// Packs all of some bytes.
  ///
  /// @param from where in the other bytes to put them
  /// @return how many they are
  /// @throws IllegalArgumentException if there is no room for them
  int pack(byte[] bytes, byte[] into, int from) {
    deflater.reset();
    deflater.setInput(bytes);
    deflater.finish();
    int count = deflater.deflate(into, from, into.length - from);
    if (!deflater.finished()) {
      throw new IllegalArgumentException("no room for " + bytes.length + " packed bytes");
    }
    return count;
  }

  /// Unpacks bytes.
  ///
  /// @param from where the packed ones begin
  /// @param into to be filled
  /// @return whether they were filled, and no more was there
  boolean unpack(byte[] packed, int from, byte[] into) {
    inflater.reset();
    inflater.setInput(packed, from, packed.length - from);
    try {
      int count = 0;
      while (count < into.length) {
        int more = inflater.inflate(into, count, into.length - count);
        if (more == 0) {
          return false;
        }
        count += more;
      }
      return inflater.inflate(new byte[1]) == 0 && inflater.finished();
    } catch (DataFormatException e) {
      return false;
    }
  }

  @Override
  public void close() {
    deflater.end();
    inflater.end();
  }
}
