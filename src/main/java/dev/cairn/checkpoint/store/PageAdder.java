package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.FileHash;
import dev.cairn.checkpoint.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Adds the pages of one checkpoint to a store, those that are not there already in a pack of their
/// own.
///
/// The first page at an address is kept plain, so that a restored process has it mapped from the
/// pack; one that follows another at its address, as its changes, or packed where these are many.
/// So a store of many checkpoints of a program is little larger than the largest of them, and a
/// large one starts at once. One thread at a time.
final class PageAdder implements AutoCloseable {
  private static final int PAGE = Mapping.PAGE_BYTES;

  /// Changes of so many bytes are taken without a look at how small the page would be else.
  private static final int FEW_BYTES = PAGE / 4;

  /// What is not smaller than this is kept plain.
  private static final int MANY_BYTES = PAGE / 4 * 3;

  private final PlaceTable known;
  private final Packs packs;
  private final List<PageRun> before;
  private final int number;
  private final PagePackWriter pack;
  private final MessageDigest digest = FileHash.sha256();
  private final CRC32C sum = new CRC32C();
  private final Zlib packing = new Zlib();
  private final byte[] reference = new byte[PAGE];
  private final byte[] changes = new byte[PAGE];
  private final byte[] packed = new byte[2 * PAGE];
  private final List<PageRun> runs = new ArrayList<>();
  private @Nullable PageRun last;
  private int pages;
  private int cursor;

  /// @param path of the pack
  /// @param number the pack's
  /// @param known where pages are; those that are added become known
  /// @param before the pages of the checkpoint that was taken before, ascending
  @SuppressWarnings("MustBeClosedChecker") // closed with this
  PageAdder(Path path, int number, PlaceTable known, Packs packs, List<PageRun> before)
      throws IOException {
    this.number = number;
    this.known = known;
    this.packs = packs;
    this.before = before;
    pack = PagePackWriter.create(path);
  }

  /// Adds a page.
  ///
  /// @param address where it lies, above all that came before
  void add(long address, byte[] page) throws IOException {
    PageHash hash = PageHash.of(digest.digest(page));
    long place = known.find(hash);
    if (place == PlaceTable.NONE) {
      place = PlaceTable.place(number, keep(address, hash, page));
      known.putIfAbsent(hash, place);
    }
    append(address, PlaceTable.pack(place), PlaceTable.index(place));
    pages++;
  }

  private int keep(long address, PageHash hash, byte[] page) throws IOException {
    long there = placeBefore(address);
    if (there == PlaceTable.NONE) {
      return plain(hash, page);
    }
    PageEntry entry = packs.entry(there);
    if (entry.steps() == PageEntry.MOST_STEPS) {
      while (entry.form() == PageEntry.Form.CHANGES) {
        there = entry.reference();
        entry = packs.entry(there);
      }
    }
    packs.read(there, reference);
    int steps = entry.steps() + 1;
    int changed = PageChanges.write(page, reference, changes, FEW_BYTES);
    if (changed >= 0) {
      return changed(hash, page, there, steps, changed);
    }
    int count = packing.pack(page, packed, 0);
    changed = PageChanges.write(page, reference, changes, Math.min(count, MANY_BYTES));
    if (changed >= 0) {
      return changed(hash, page, there, steps, changed);
    }
    if (count >= MANY_BYTES) {
      return plain(hash, page);
    }
    return pack.add(
        new PageEntry(hash, 0, count, sum(page), 0, PageEntry.Form.PACKED, 0),
        ByteBuffer.wrap(packed, 0, count));
  }

  private int plain(PageHash hash, byte[] page) throws IOException {
    return pack.add(
        new PageEntry(hash, 0, PAGE, sum(page), 0, PageEntry.Form.PLAIN, 0), ByteBuffer.wrap(page));
  }

  private int changed(PageHash hash, byte[] page, long there, int steps, int bytes)
      throws IOException {
    return pack.add(
        new PageEntry(hash, 0, bytes, sum(page), there, PageEntry.Form.CHANGES, steps),
        ByteBuffer.wrap(changes, 0, bytes));
  }

  private int sum(byte[] page) {
    sum.reset();
    sum.update(page, 0, PAGE);
    return (int) sum.getValue();
  }

  /// {@return where the page is that lay at an address before}
  private long placeBefore(long address) {
    while (cursor < before.size() && before.get(cursor).end() <= address) {
      cursor++;
    }
    PageRun run = cursor < before.size() ? before.get(cursor) : null;
    return run == null || address < run.address() ? PlaceTable.NONE : run.place(address);
  }

  private void append(long address, int ofPack, int index) {
    PageRun run = last;
    if (run != null
        && run.pack() == ofPack
        && run.index() + run.count() == index
        && run.end() == address) {
      last = new PageRun(run.address(), run.count() + 1, ofPack, run.index());
    } else {
      if (run != null) {
        runs.add(run);
      }
      last = new PageRun(address, 1, ofPack, index);
    }
  }

  /// {@return how many pages were added, known ones too}
  int pages() {
    return pages;
  }

  /// {@return bytes of the pack}
  long bytes() {
    return pack.bytes();
  }

  /// Makes the pack appear under its name, if there is anything in it.
  ///
  /// @return whether there is
  boolean commit() throws IOException {
    if (last != null) {
      runs.add(last);
      last = null;
    }
    if (pack.pages() == 0) {
      return false;
    }
    pack.commit();
    return true;
  }

  /// {@return where all pages are, once they are committed}
  List<PageRun> runs() {
    return runs;
  }

  @Override
  public void close() throws IOException {
    packing.close();
    pack.close();
  }
}
