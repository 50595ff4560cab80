package dev.cairn.memory.placement;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.PageTable;

/// Physical memory that fills up as pages are touched: each page that is asked for the first time,
/// or for the first time since it was taken away, gets a frame.
///
/// One thread at a time.
public final class PhysicalMemory implements AddressTranslation {
  private static final long ADDRESS_MASK = (1L << 52) - 1;

  private final Placement placement;
  private final FrameSource source;
  private final PageTable table = new PageTable();
  private final int pageShift;
  private long changes;

  PhysicalMemory(Placement placement, FrameSource source) {
    this.placement = placement;
    this.source = source;
    pageShift = Integer.numberOfTrailingZeros(placement.pageBytes());
  }

  /// {@inheritDoc}
  ///
  /// @throws MemoryFullException if the page is a new one and there is no frame left
  @Override
  public long physicalAddress(long virtualAddress) {
    long page = (virtualAddress & ADDRESS_MASK) >>> pageShift;
    long frame = table.frame(page);
    if (frame == PageTable.NONE) {
      frame = source.take(page);
      if (frame == FrameSource.NONE) {
        throw new MemoryFullException(placement);
      }
      table.put(page, frame);
    }
    return frame << pageShift | (virtualAddress & placement.pageBytes() - 1L);
  }

  @Override
  public int pageShift() {
    return pageShift;
  }

  @Override
  public long changes() {
    return changes;
  }

  /// Takes pages away that lie within a range as a whole; their frames are free again.
  void unmap(long virtualAddress, long bytes) {
    for (long page : whole(virtualAddress, bytes)) {
      source.give(table.remove(page));
      changes++;
    }
  }

  /// Moves pages to other addresses; they keep their frames.
  void move(long from, long to, long bytes) {
    long[] pages = whole(from, bytes);
    long[] frames = new long[pages.length];
    for (int i = 0; i < pages.length; i++) {
      frames[i] = table.remove(pages[i]);
    }
    unmap(to, bytes);
    long distance = (to >>> pageShift) - (from >>> pageShift);
    boolean fits = (to - from & placement.pageBytes() - 1L) == 0;
    for (int i = 0; i < pages.length; i++) {
      changes++;
      if (fits) {
        table.put(pages[i] + distance, frames[i]);
      } else {
        source.give(frames[i]);
      }
    }
  }

  private long[] whole(long virtualAddress, long bytes) {
    long begin = ((virtualAddress & ADDRESS_MASK) + placement.pageBytes() - 1L) >>> pageShift;
    long end = ((virtualAddress & ADDRESS_MASK) + bytes) >>> pageShift;
    return bytes <= 0 || begin >= end ? new long[0] : table.pages(begin, end);
  }
}
