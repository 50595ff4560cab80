package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.criu.image.Entry;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageReader;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pages of a process in images, and in those that they only add to, their parents.
final class PageImages implements AutoCloseable {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int MOST_PARENTS = 1000;
  private static final long HIGHEST = 1L << 56;

  /// Pages one behind the other.
  ///
  /// @param fileOffset of the first, if they are in the file
  private record Run(long address, long pages, long flags, long fileOffset) {
    long end() {
      return address + pages * PAGE;
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private final Path file;
  private final List<Run> runs;
  private final FileChannel pages;
  private final @Nullable PageImages parent;

  private PageImages(Path file, List<Run> runs, FileChannel pages, @Nullable PageImages parent) {
    this.file = file;
    this.runs = runs;
    this.pages = pages;
    this.parent = parent;
  }

  /// Opens the images of a process and their parents.
  static PageImages open(Path folder, long process) throws IOException {
    return open(folder, process, 0);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with what is returned
  private static PageImages open(Path folder, long process, int depth) throws IOException {
    Path map = folder.resolve(ImageKind.PAGEMAP.file(process));
    ImageReader reader = ImageReader.open(folder, ImageKind.PAGEMAP, process);
    Path file =
        folder.resolve(ImageKind.pages(reader.next(ImageKind.PAGEMAP_HEAD).number("pages_id")));
    List<Run> runs = runs(reader);
    if (!Files.exists(file)) {
      throw new FormatException(map.toString(), "its pages are missing: " + file);
    }
    requireLength(file, runs);
    PageImages parent = null;
    Path link = folder.resolve("parent");
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      if (!Files.isDirectory(link) || depth == MOST_PARENTS) {
        throw new FormatException(link.toString(), "the images that these ones add to are missing");
      }
      parent = open(link, process, depth + 1);
    }
    try {
      return new PageImages(file, runs, FileChannel.open(file), parent);
    } catch (IOException e) {
      if (parent != null) {
        parent.close();
      }
      throw e;
    }
  }

  private static List<Run> runs(ImageReader reader) throws FormatException {
    List<Run> runs = new ArrayList<>();
    long offset = 0;
    long end = 0;
    while (reader.hasNext()) {
      Entry entry = reader.next(ImageKind.PAGEMAP.message());
      long address = entry.number("vaddr");
      long pages =
          entry.has("nr_pages_64") ? entry.number("nr_pages_64") : entry.number("nr_pages");
      if (address < end || address >= HIGHEST || address % PAGE != 0) {
        throw new FormatException(
            entry.where("vaddr"), "0x%x is no page behind those before".formatted(address));
      }
      if (pages < 0 || pages > HIGHEST / PAGE) {
        throw new FormatException(entry.where("nr_pages"), "impossible: " + pages);
      }
      long flags =
          entry.number("in_parent") != 0
              ? PagemapFlags.PARENT
              : entry.has("flags") ? entry.number("flags") : PagemapFlags.PRESENT;
      Run run = new Run(address, pages, flags, offset);
      runs.add(run);
      end = run.end();
      offset += run.has(PagemapFlags.PRESENT) ? pages * PAGE : 0;
      if (!run.has(PagemapFlags.PRESENT) && !run.has(PagemapFlags.PARENT)) {
        throw new FormatException(
            entry.where("flags"),
            "the pages at 0x%x are not here: they were to be asked for lazily".formatted(address));
      }
    }
    return runs;
  }

  private static void requireLength(Path file, List<Run> runs) throws IOException {
    long needed = 0;
    for (Run run : runs) {
      needed += run.has(PagemapFlags.PRESENT) ? run.pages() * PAGE : 0;
    }
    long bytes = Files.size(file);
    if (bytes < needed) {
      throw new FormatException(
          file + ", byte " + bytes, "cut off: the map speaks of " + needed + " bytes");
    }
  }

  /// {@return the file with the pages}
  String where() {
    return file.toString();
  }

  /// {@return the first page from an address on that is here; [Long#MAX_VALUE] if none is}
  long next(long address) {
    int at = index(address);
    if (at >= 0 && address < runs.get(at).end()) {
      return address;
    }
    return at + 1 < runs.size() ? runs.get(at + 1).address() : Long.MAX_VALUE;
  }

  /// {@return the last run that begins at or below an address; -1 if none does}
  private int index(long address) {
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).address() <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /// Reads a page.
  ///
  /// @return whether it is here
  boolean read(long address, byte[] page) throws IOException {
    int at = index(address);
    if (at < 0 || address >= runs.get(at).end()) {
      return false;
    }
    Run run = runs.get(at);
    if (run.has(PagemapFlags.PARENT)) {
      if (parent == null || !parent.read(address, page)) {
        throw new FormatException(
            file.resolveSibling("parent").toString(),
            "the page at 0x%x is to be here and is not".formatted(address));
      }
      return true;
    }
    ByteBuffer into = ByteBuffer.wrap(page);
    long offset = run.fileOffset() + address - run.address();
    while (into.hasRemaining()) {
      if (pages.read(into, offset + into.position()) < 0) {
        throw new FormatException(file + ", byte " + offset, "cut off");
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    pages.close();
    if (parent != null) {
      parent.close();
    }
  }
}
