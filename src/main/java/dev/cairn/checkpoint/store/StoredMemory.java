package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.StoredPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A checkpoint's memory of which long stretches are mapped from the store's packs, and the rest is
/// given page by page. One thread at a time.
public final class StoredMemory implements MemoryContents {
  private static final int PAGE = Mapping.PAGE_BYTES;

  /// What is shorter is not worth a system call and an entry of the kernel's.
  private static final int LEAST_PAGES = 16;

  /// The most parts; Linux has 65530 mappings for a process at most.
  private static final int MOST_PARTS = 8192;

  /// Pages of a pack that lie in it as they are.
  ///
  /// @param address of the first
  /// @param count of pages
  /// @param place of the first
  /// @param offset of the first in the pack
  record Stretch(long address, int count, long place, long offset) {
    long end() {
      return address + (long) count * PAGE;
    }
  }

  private final Checkpoint checkpoint;
  private final List<Stretch> stretches;

  private StoredMemory(Checkpoint checkpoint, List<Stretch> stretches) {
    this.checkpoint = checkpoint;
    this.stretches = stretches;
  }

  /// @param checkpoint that must stay open
  static StoredMemory of(Checkpoint checkpoint, Packs packs) throws IOException {
    List<Stretch> all = new ArrayList<>();
    for (PageRun run : checkpoint.runs()) {
      if (run.address() < OpenFile.CONTENTS) { // files are made, not mapped
        addStretches(run, packs, all);
      }
    }
    int least = LEAST_PAGES;
    while (all.size() > MOST_PARTS) {
      int limit = least *= 2;
      all.removeIf(stretch -> stretch.count() < limit);
    }
    return new StoredMemory(checkpoint, all);
  }

  private static void addStretches(PageRun run, Packs packs, List<Stretch> all) throws IOException {
    PagePack pack = packs.pack(run.pack());
    pack.requirePages(run.index(), run.count());
    int first = 0;
    long offset = PagePack.NOT_PLAIN;
    for (int i = 0; i <= run.count(); i++) {
      long here = i == run.count() ? PagePack.NOT_PLAIN : pack.plainOffset(run.index() + i);
      if (here != PagePack.NOT_PLAIN && here == offset + (long) (i - first) * PAGE && i > first) {
        continue;
      }
      if (offset != PagePack.NOT_PLAIN && i - first >= LEAST_PAGES) {
        long address = run.address() + (long) first * PAGE;
        all.add(new Stretch(address, i - first, run.place(address), offset));
      }
      first = i;
      offset = here;
    }
  }

  /// {@return what looks at all that is mapped}
  public StoredCheck check() {
    return new StoredCheck(checkpoint.store(), stretches);
  }

  @Override
  public List<StoredPart> stored(Mapping mapping) {
    List<StoredPart> parts = new ArrayList<>();
    for (int i = firstStretch(mapping.start()); i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      if (stretch.address() >= mapping.end()) {
        break;
      }
      long start = Math.max(stretch.address(), mapping.start());
      long end = Math.min(stretch.end(), mapping.end());
      parts.add(
          new StoredPart(
              start,
              end - start,
              CheckpointStore.pack(checkpoint.store(), PlaceTable.pack(stretch.place())),
              stretch.offset() + start - stretch.address()));
    }
    return parts;
  }

  /// {@return the first stretch that ends above an address}
  private int firstStretch(long address) {
    int low = 0;
    int high = stretches.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stretches.get(middle).end() <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
    long from = mapping.start();
    for (StoredPart part : stored(mapping)) {
      others(mapping, from, part.address(), consumer);
      from = part.end();
    }
    others(mapping, from, mapping.end(), consumer);
  }

  private void others(Mapping mapping, long start, long end, PageConsumer consumer)
      throws IOException {
    if (start < end) {
      checkpoint.forEachPage(
          new Mapping(
              start,
              end,
              mapping.protection(),
              mapping.kind(),
              mapping.file(),
              mapping.fileOffset()),
          consumer);
    }
  }
}
