package dev.cairn.event;

import java.util.Arrays;

/// Which frame of physical memory each page is in: a hash table with linear probing, 32 bytes a
/// page. Pages that are taken out keep their slot, as they tend to come back.
///
/// One thread at a time.
public final class PageTable {
  /// The frame of a page that has none.
  public static final long NONE = -1;

  private static final long FREE = -1;
  private static final int RECENT = 1 << 8;

  private long[] pages = new long[1 << 10];
  private long[] frames = new long[1 << 10];
  private int used;

  /// Pages that were found lately, by their lowest bits.
  private final long[] recent = new long[RECENT];

  private final long[] recentFrames = new long[RECENT];

  /// A table without pages.
  public PageTable() {
    Arrays.fill(pages, FREE);
    Arrays.fill(recent, FREE);
  }

  /// {@return the frame of a page; [#NONE] if it has none}
  ///
  /// @param page its number, not negative
  public long frame(long page) {
    int near = (int) page & RECENT - 1;
    if (recent[near] == page) {
      return recentFrames[near];
    }
    int slot = slot(page);
    if (pages[slot] != page || frames[slot] == NONE) {
      return NONE;
    }
    recent[near] = page;
    recentFrames[near] = frames[slot];
    return frames[slot];
  }

  /// Puts a page into a frame.
  public void put(long page, long frame) {
    int slot = slot(page);
    if (pages[slot] != page) {
      if (++used * 2 > pages.length) {
        grow();
        slot = slot(page);
      }
      pages[slot] = page;
    }
    frames[slot] = frame;
    recent[(int) page & RECENT - 1] = FREE;
  }

  /// Takes a page out.
  ///
  /// @return the frame that it was in; [#NONE] for none
  public long remove(long page) {
    int slot = slot(page);
    if (pages[slot] != page) {
      return NONE;
    }
    long frame = frames[slot];
    frames[slot] = NONE;
    recent[(int) page & RECENT - 1] = FREE;
    return frame;
  }

  /// {@return the pages that have frames, from one on and before another, ascending}
  public long[] pages(long from, long until) {
    long[] found = new long[16];
    int count = 0;
    boolean few = until - from < pages.length;
    for (long i = few ? from : 0; i < (few ? until : pages.length); i++) {
      long page = few ? i : pages[(int) i];
      if (page >= from && page < until && frame(page) != NONE) {
        found = count == found.length ? Arrays.copyOf(found, 2 * count) : found;
        found[count++] = page;
      }
    }
    long[] all = Arrays.copyOf(found, count);
    Arrays.sort(all);
    return all;
  }

  /// {@return where a page is, or would be}
  private int slot(long page) {
    int slot = (int) ((page * 0x9e3779b97f4a7c15L) >>> 32) & pages.length - 1;
    while (pages[slot] != page && pages[slot] != FREE) {
      slot = slot + 1 & pages.length - 1;
    }
    return slot;
  }

  private void grow() {
    long[] oldPages = pages;
    long[] oldFrames = frames;
    pages = new long[2 * oldPages.length];
    frames = new long[pages.length];
    Arrays.fill(pages, FREE);
    used = 1; // the page for which there is more room now
    for (int i = 0; i < oldPages.length; i++) {
      if (oldPages[i] != FREE && oldFrames[i] != NONE) {
        int slot = slot(oldPages[i]);
        pages[slot] = oldPages[i];
        frames[slot] = oldFrames[i];
        used++;
      }
    }
  }
}
