package dev.cairn.checkpoint.criu.image;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.FileHash;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file whose contents are among the images, as it has no name: in CRIU's words a ghost.
///
/// Behind the message that tells of the file come its contents: all of them, or chunks, each behind
/// a message that says where it lies, with zeros between them.
public final class GhostImage {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int REGULAR = 0100000;
  private static final int KIND_OF_FILE = 0170000;
  private static final int MODE = REGULAR | 0644;
  private static final String CHUNK = "ghost_chunk_entry";

  private final long bytes;

  /// By where they lie in the file.
  private final TreeMap<Long, byte[]> chunks = new TreeMap<>();

  private GhostImage(long bytes) {
    this.bytes = bytes;
  }

  /// Writes an image.
  ///
  /// @param number of the ghost
  /// @param file whom it belongs to: `uid` and `gid` are put already
  /// @param bytes its length
  /// @param pages where its contents are found in memory; null if it is empty
  public static void write(
      Path folder,
      long number,
      NewEntry file,
      long bytes,
      @Nullable Mapping pages,
      MemoryContents memory)
      throws IOException {
    try (ImageWriter image = new ImageWriter(folder, ImageKind.GHOST, number)) {
      image.put(file.put("mode", MODE).put("chunks", 1).put("size", bytes));
      if (pages == null) {
        return;
      }
      memory.forEachPage(
          pages,
          (address, page) -> {
            long at = address - pages.start();
            int length = (int) Math.min(PAGE, bytes - at);
            image.put(NewEntry.of(CHUNK).put("len", length).put("off", at));
            image.put(Arrays.copyOf(page, length));
          });
    }
  }

  /// Reads an image.
  ///
  /// @param number of the ghost
  /// @throws FormatException if there is none, or it is damaged
  public static GhostImage read(Path folder, long number) throws IOException {
    ImageReader image = ImageReader.open(folder, ImageKind.GHOST, number);
    Entry file = image.next(ImageKind.GHOST.message());
    if ((file.number("mode") & KIND_OF_FILE) != REGULAR) {
      throw new CheckpointException(
          "it uses something that was deleted and is no file: "
              + folder.resolve(ImageKind.GHOST.file(number)));
    }
    if (file.number("chunks") == 0) {
      byte[] all = image.rest();
      GhostImage ghost = new GhostImage(all.length);
      ghost.chunks.put(0L, all);
      return ghost;
    }
    long bytes = file.number("size");
    if (bytes < 0 || bytes > OpenFile.APART) {
      throw new FormatException(file.where("size"), "no length of a file: " + bytes);
    }
    GhostImage ghost = new GhostImage(bytes);
    while (image.hasNext()) {
      Entry chunk = image.next(CHUNK);
      long at = chunk.number("off");
      long length = chunk.number("len");
      if (at < 0 || length < 0 || at > bytes - length) {
        throw new FormatException(
            chunk.where("off"),
            "%d bytes at %d lie outside a file of %d".formatted(length, at, bytes));
      }
      ghost.chunks.put(at, image.raw(length));
    }
    return ghost;
  }

  /// {@return how long the file is}
  public long bytes() {
    return bytes;
  }

  /// {@return the SHA-256 of its contents in hexadecimal}
  public String sha256() {
    MessageDigest digest = FileHash.sha256();
    byte[] page = new byte[PAGE];
    for (long at = 0; at < bytes; at += PAGE) {
      read(at, page);
      digest.update(page, 0, (int) Math.min(PAGE, bytes - at));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// Gives the pages of its contents that are not all zeros, as if it began at an address.
  public void forEachPage(long address, MemoryContents.PageConsumer consumer) throws IOException {
    byte[] page = new byte[PAGE];
    for (long at = 0; at < bytes; at += PAGE) {
      read(at, page);
      if (!MemoryContents.isZeros(page)) {
        consumer.accept(address + at, page);
      }
    }
  }

  /// Reads a page, with zeros behind the end.
  private void read(long from, byte[] page) {
    Arrays.fill(page, (byte) 0);
    Map.Entry<Long, byte[]> before = chunks.floorEntry(from);
    long first = before == null ? from : before.getKey();
    for (Map.Entry<Long, byte[]> each : chunks.subMap(first, true, from + PAGE, false).entrySet()) {
      long start = Math.max(from, each.getKey());
      long end = Math.min(from + PAGE, each.getKey() + each.getValue().length);
      if (start < end) {
        System.arraycopy(
            each.getValue(),
            (int) (start - each.getKey()),
            page,
            (int) (start - from),
            (int) (end - start));
      }
    }
  }
}
