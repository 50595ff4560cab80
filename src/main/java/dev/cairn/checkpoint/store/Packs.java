package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// The packs of a store, each opened when it is first asked for. One thread at a time.
final class Packs implements AutoCloseable {
  private final Path store;
  private final TreeMap<Integer, PagePack> open = new TreeMap<>();
  private final CRC32C sum = new CRC32C();

  /// @param store its folder
  Packs(Path store) {
    this.store = store;
  }

  PagePack pack(int number) throws IOException {
    PagePack pack = open.get(number);
    if (pack == null) {
      pack = PagePack.open(CheckpointStore.pack(store, number));
      open.put(number, pack);
    }
    return pack;
  }

  PageEntry entry(long place) throws IOException {
    return pack(PlaceTable.pack(place)).entry(PlaceTable.index(place));
  }

  /// Reads a page and checks it.
  ///
  /// @throws dev.cairn.event.FormatException if there is none, or it is not what its sum says
  void read(long place, byte[] into) throws IOException {
    PageEntry entry = entry(place);
    read(place, entry, into, PageEntry.MOST_STEPS);
    sum.reset();
    sum.update(into, 0, Mapping.PAGE_BYTES);
    if ((int) sum.getValue() != entry.sum()) {
      throw damaged(place, entry);
    }
  }

  private void read(long place, PageEntry entry, byte[] into, int stepsLeft) throws IOException {
    PagePack pack = pack(PlaceTable.pack(place));
    switch (entry.form()) {
      case GONE -> throw damaged(place, entry);
      case PLAIN, PACKED -> pack.read(PlaceTable.index(place), entry, into);
      case CHANGES -> {
        if (stepsLeft == 0) {
          throw damaged(place, entry);
        }
        read(entry.reference(), entry(entry.reference()), into, stepsLeft - 1);
        if (!PageChanges.apply(pack.stored(entry), into)) {
          throw damaged(place, entry);
        }
      }
    }
  }

  private IOException damaged(long place, PageEntry entry) throws IOException {
    return pack(PlaceTable.pack(place)).damaged(PlaceTable.index(place), entry);
  }

  @Override
  public void close() throws IOException {
    for (PagePack pack : open.values()) {
      pack.close();
    }
    open.clear();
  }
}
