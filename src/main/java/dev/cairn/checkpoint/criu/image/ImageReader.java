package dev.cairn.checkpoint.criu.image;

import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An image that is read, message by message.
public final class ImageReader {
  private static final int NUMBER = 4;

  private final Path path;
  private final ImageKind kind;
  private final ByteBuffer bytes;

  private ImageReader(Path path, ImageKind kind) throws IOException {
    this.path = path;
    this.kind = kind;
    bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Opens an image.
  ///
  /// @throws FormatException if there is none, or it is of another kind
  public static ImageReader open(Path folder, ImageKind kind, long number) throws IOException {
    Path path = folder.resolve(kind.file(number));
    if (!Files.exists(path)) {
      throw new FormatException(
          folder.toString(),
          "no images of CRIU, or not all of them: there is no " + path.getFileName());
    }
    ImageReader reader = new ImageReader(path, kind);
    if (kind != ImageKind.INVENTORY) {
      reader.requireMagic(ImageKind.COMMON_MAGIC);
    }
    reader.requireMagic(kind.magic());
    return reader;
  }

  /// {@return all messages of an image}
  public static List<Entry> all(Path folder, ImageKind kind, long number) throws IOException {
    ImageReader reader = open(folder, kind, number);
    List<Entry> all = new ArrayList<>();
    while (reader.hasNext()) {
      all.add(reader.next(kind.message()));
    }
    return all;
  }

  /// {@return what the pipes hold, by their numbers; none if there is no image of it}
  public static Map<Long, byte[]> heldByPipes(Path folder) throws IOException {
    Map<Long, byte[]> held = new TreeMap<>();
    if (Files.exists(folder.resolve(ImageKind.PIPES_DATA.file(0)))) {
      ImageReader reader = open(folder, ImageKind.PIPES_DATA, 0);
      while (reader.hasNext()) {
        Entry entry = reader.next(ImageKind.PIPES_DATA.message());
        held.put(entry.number("pipe_id"), reader.raw(entry.number("bytes")));
      }
    }
    return held;
  }

  /// {@return all messages of an image; none if there is no image}
  public static List<Entry> allIfAny(Path folder, ImageKind kind) throws IOException {
    return Files.exists(folder.resolve(kind.file(0))) ? all(folder, kind, 0) : List.of();
  }

  /// {@return the one message of an image}
  public static Entry one(Path folder, ImageKind kind, long number) throws IOException {
    return open(folder, kind, number).next(kind.message());
  }

  private void requireMagic(int magic) throws FormatException {
    int at = bytes.position();
    int found = number();
    if (found != magic) {
      throw new FormatException(
          path + ", byte " + at,
          "begins with 0x%08x, and an image '%s' of CRIU with 0x%08x"
              .formatted(found, kind.file(0).replaceFirst("(-0)?\\.img$", ""), magic));
    }
  }

  public boolean hasNext() {
    return bytes.hasRemaining();
  }

  /// {@return the next message}
  public Entry next(String message) throws FormatException {
    int at = bytes.position();
    int length = number();
    if (length < 0 || length > bytes.remaining()) {
      throw new FormatException(
          path + ", byte " + at,
          "cut off or damaged: %s of %d bytes, and %d are left"
              .formatted(message, length & 0xffffffffL, bytes.remaining()));
    }
    byte[] encoded = new byte[length];
    int begins = bytes.position();
    bytes.get(encoded);
    return Entry.of(message, encoded, path.toString(), begins);
  }

  private int number() throws FormatException {
    if (bytes.remaining() < NUMBER) {
      throw new FormatException(
          path + ", byte " + bytes.position(), "cut off: a number of 4 bytes was to come");
    }
    return bytes.getInt();
  }

  /// {@return all that is left}
  byte[] rest() throws FormatException {
    return raw(bytes.remaining());
  }

  byte[] raw(long count) throws FormatException {
    if (count > bytes.remaining()) {
      throw new FormatException(
          path + ", byte " + bytes.position(),
          "cut off: %d bytes were to come, and %d are left".formatted(count, bytes.remaining()));
    }
    byte[] raw = new byte[(int) count];
    bytes.get(raw);
    return raw;
  }
}
