package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/// Looks whether pages that are mapped from packs are what they were, each by its sum. Any thread;
/// it opens the packs for itself.
public final class StoredCheck {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int PAGES_AT_ONCE = 256;

  private final Path store;
  private final List<StoredMemory.Stretch> stretches;

  StoredCheck(Path store, List<StoredMemory.Stretch> stretches) {
    this.store = store;
    this.stretches = List.copyOf(stretches);
  }

  /// {@return how much there is to be looked at}
  public long bytes() {
    return stretches.stream().mapToLong(stretch -> (long) stretch.count() * PAGE).sum();
  }

  /// Looks at all.
  ///
  /// @throws dev.cairn.event.FormatException if a page was damaged
  public void run() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(PAGES_AT_ONCE * PAGE);
    CRC32C sum = new CRC32C();
    try (Packs packs = new Packs(store)) {
      for (StoredMemory.Stretch stretch : stretches) {
        for (int done = 0; done < stretch.count(); done += PAGES_AT_ONCE) {
          int pages = Math.min(PAGES_AT_ONCE, stretch.count() - done);
          PagePack pack = packs.pack(PlaceTable.pack(stretch.place()));
          pack.read(stretch.offset() + (long) done * PAGE, bytes.clear().limit(pages * PAGE));
          for (int i = 0; i < pages; i++) {
            int page = PlaceTable.index(stretch.place()) + done + i;
            sum.reset();
            sum.update(bytes.limit((i + 1) * PAGE).position(i * PAGE));
            if ((int) sum.getValue() != pack.sum(page)) {
              throw pack.damaged(page, pack.entry(page));
            }
          }
        }
      }
    }
  }
}
