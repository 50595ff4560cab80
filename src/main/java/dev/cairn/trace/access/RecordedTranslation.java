package dev.cairn.trace.access;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.PageTable;
import dev.cairn.trace.format.ByteSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Where pages lie, as a trace tells it, of the thread and at the place that is being read.
///
/// One thread at a time.
public final class RecordedTranslation implements AddressTranslation {
  /// The address of a byte of which the trace does not say where it lies.
  public static final long UNKNOWN = -1;

  private static final long ADDRESS_MASK = (1L << EventWord.ADDRESS_BITS) - 1;

  /// Pages and frames, one after the other, from an instruction on.
  @SuppressWarnings("ArrayRecordComponent")
  private record Epoch(long position, long[] frames) {}

  private final int pageShift;
  private final Map<Integer, PageTable> threads = new HashMap<>();
  private final Deque<Epoch> pending = new ArrayDeque<>();
  private PageTable current = new PageTable();

  /// Of the thread of the chunk.
  private PageTable chunk = current;

  private long changes;

  /// @param pageShift log2 of the bytes of a page
  public RecordedTranslation(int pageShift) {
    this.pageShift = pageShift;
  }

  /// Begins a chunk.
  ///
  /// @param first how many instructions its thread had executed before
  public void begin(int thread, long first, ByteSource from) throws FormatException {
    pending.clear();
    turnTo(thread);
    chunk = current;
    int count = from.number(from.remaining());
    long position = first;
    for (int i = 0; i < count; i++) {
      position += from.number();
      int pages = from.number(from.remaining());
      long[] frames = new long[2 * pages];
      long page = 0;
      long distance = 0;
      for (int p = 0; p < pages; p++) {
        page = page + from.number() & ADDRESS_MASK >>> pageShift;
        distance += from.difference();
        frames[2 * p] = page;
        frames[2 * p + 1] = page + distance & Long.MAX_VALUE >>> pageShift;
      }
      pending.add(new Epoch(position, frames));
    }
    from.finish();
    advance(first);
  }

  /// Goes to what holds of a thread.
  public void turnTo(int thread) {
    PageTable table = threads.computeIfAbsent(thread, _ -> new PageTable());
    if (table != current) {
      current = table;
      changes++;
    }
  }

  /// {@return the instruction of the thread from which on something else holds; [Long#MAX_VALUE] if
  /// the chunk that was begun last tells of none}
  public long nextChange() {
    return pending.isEmpty() || current != chunk ? Long.MAX_VALUE : pending.getFirst().position;
  }

  /// Goes to what holds of the thread at an instruction.
  public void advance(long position) {
    while (nextChange() <= position) {
      long[] frames = pending.remove().frames;
      for (int i = 0; i < frames.length; i += 2) {
        current.put(frames[i], frames[i + 1]);
      }
      changes++;
    }
  }

  @Override
  public long physicalAddress(long virtualAddress) {
    long frame = current.frame((virtualAddress & ADDRESS_MASK) >>> pageShift);
    return frame == PageTable.NONE
        ? UNKNOWN
        : frame << pageShift | (virtualAddress & (1L << pageShift) - 1);
  }

  @Override
  public int pageShift() {
    return pageShift;
  }

  @Override
  public long changes() {
    return changes;
  }
}
