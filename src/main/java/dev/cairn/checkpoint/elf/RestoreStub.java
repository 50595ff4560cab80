package dev.cairn.checkpoint.elf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The machine code of `guest/restore.S`, which is kept assembled, an instruction a line.
final class RestoreStub {
  /// Where the handler of a `BRK` lies.
  static final int TRAPPED = 0xc4;

  private static final String RESOURCE = "restore.hex";

  private RestoreStub() {}

  static byte[] code() {
    try (InputStream stream = RestoreStub.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("no resource " + RESOURCE);
      }
      List<String> lines =
          new String(stream.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
      ByteBuffer code = ByteBuffer.allocate(4 * lines.size()).order(ByteOrder.LITTLE_ENDIAN);
      lines.forEach(line -> code.putInt(Integer.parseUnsignedInt(line, 16)));
      return code.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
