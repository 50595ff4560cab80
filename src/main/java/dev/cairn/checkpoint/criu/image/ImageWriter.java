package dev.cairn.checkpoint.criu.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// An image that is being written, message by message.
public final class ImageWriter implements AutoCloseable {
  private final OutputStream file;

  /// @param number that is part of the file's name
  public ImageWriter(Path folder, ImageKind kind, long number) throws IOException {
    file = Files.newOutputStream(folder.resolve(kind.file(number)));
    if (kind != ImageKind.INVENTORY) {
      put(ImageKind.COMMON_MAGIC);
    }
    put(kind.magic());
  }

  /// Writes an image of one message.
  public static void write(Path folder, ImageKind kind, long number, NewEntry entry)
      throws IOException {
    try (ImageWriter image = new ImageWriter(folder, kind, number)) {
      image.put(entry);
    }
  }

  public void put(NewEntry entry) throws IOException {
    byte[] bytes = entry.bytes();
    put(bytes.length);
    file.write(bytes);
  }

  /// Writes bytes that belong to the message before.
  public void put(byte[] bytes) throws IOException {
    file.write(bytes);
  }

  private void put(int number) throws IOException {
    file.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
