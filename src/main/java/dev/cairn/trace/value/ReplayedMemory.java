package dev.cairn.trace.value;

import dev.cairn.event.MemoryChange;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The guest's memory as a trace tells of it: bytes that are known, by address.
///
/// Takes 4.5 KB for each page of 4 KB of which a byte is known. One thread at a time.
public final class ReplayedMemory {
  private static final int PAGE_BITS = 12;

  /// Bytes of a page.
  public static final int PAGE_BYTES = 1 << PAGE_BITS;

  private static final int FRONT = 1 << 10;

  /// A page, and a bit for each byte that is known.
  private static final class Page {
    final byte[] bytes = new byte[PAGE_BYTES];
    final long[] known = new long[PAGE_BYTES / Long.SIZE];
  }

  private final TreeMap<Long, Page> pages = new TreeMap<>();

  /// The pages used last, by their lowest bits.
  private final long[] frontNumbers = new long[FRONT];

  private final @Nullable Page[] front = new @Nullable Page[FRONT];

  /// What takes the pages of memory.
  public interface PageConsumer {
    /// Takes a page.
    ///
    /// @param address of its first byte
    /// @param bytes of which those that are not known are 0; not to be kept
    /// @param known a bit for each byte, from the lowest on; not to be kept
    void accept(long address, byte[] bytes, long[] known);
  }

  /// Forgets everything.
  public void clear() {
    pages.clear();
    Arrays.fill(front, null);
  }

  /// {@return whether a byte is known}
  public boolean isKnown(long address) {
    Page page = page(address >>> PAGE_BITS);
    int offset = (int) address & (PAGE_BYTES - 1);
    return page != null && (page.known[offset / Long.SIZE] >>> offset & 1) != 0;
  }

  /// {@return a byte; 0 if it is not known}
  public byte byteAt(long address) {
    Page page = page(address >>> PAGE_BITS);
    return page == null ? 0 : page.bytes[(int) address & (PAGE_BYTES - 1)];
  }

  /// Puts a byte there.
  public void put(long address, byte value) {
    Page page = pageFor(address >>> PAGE_BITS);
    int offset = (int) address & (PAGE_BYTES - 1);
    page.bytes[offset] = value;
    page.known[offset / Long.SIZE] |= 1L << offset;
  }

  private @Nullable Page page(long number) {
    int at = (int) number & (FRONT - 1);
    Page page = front[at];
    if (page != null && frontNumbers[at] == number) {
      return page;
    }
    page = pages.get(number);
    front[at] = page;
    frontNumbers[at] = number;
    return page;
  }

  private Page pageFor(long number) {
    Page page = page(number);
    if (page == null) {
      page = new Page();
      pages.put(number, page);
      front[(int) number & (FRONT - 1)] = page;
    }
    return page;
  }

  /// Takes what memory holds, or no longer does.
  public void apply(MemoryChange change) {
    if (change.kind() == MemoryChange.Kind.UNKNOWN) {
      forget(change.address(), change.bytes());
    } else {
      for (int i = 0; i < change.contents().length; i++) {
        put(change.address() + i, change.contents()[i]);
      }
    }
  }

  private void forget(long address, long bytes) {
    long begin = address >>> PAGE_BITS;
    long end = (address + bytes + PAGE_BYTES - 1) >>> PAGE_BITS;
    pages.subMap(begin, Math.max(begin, end)).clear();
    Arrays.fill(front, null);
  }

  /// Shows all pages of which a byte is known, ascending.
  public void forEachPage(PageConsumer consumer) {
    for (Map.Entry<Long, Page> page : pages.entrySet()) {
      consumer.accept(page.getKey() << PAGE_BITS, page.getValue().bytes, page.getValue().known);
    }
  }
}
