package dev.cairn.trace;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ChunkDecoder;
import dev.cairn.trace.format.Column;
import dev.cairn.trace.format.SectionLayout;
import dev.cairn.trace.value.ValueDecoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Chunks as they are read by who takes them.
final class ChunkWords implements ChunkSource {
  private final TraceSections sections;
  private final ChunkDecoder flow;
  private final boolean withAccesses;
  private final boolean leavingOut;
  private final @Nullable ValueDecoder values;

  /// Words that were read already, as their execution is perhaps not whole.
  private Batch ahead;

  private int aheadLength;

  /// How many words of the chunk were read.
  private long read;

  /// Whether a change of memory was given behind the last of them.
  private boolean changed;

  /// @param sizes of the blocks defined so far, at any time
  /// @param withAccesses whether accesses are given, if there are any
  /// @param withValues whether they have values, and memory is told of
  ChunkWords(TraceSections sections, BlockSizes sizes, boolean withAccesses, boolean withValues) {
    this.sections = sections;
    this.withAccesses = withAccesses;
    leavingOut = !withAccesses && sections.manifest().contents().addresses();
    values = withValues ? new ValueDecoder() : null;
    flow = new ChunkDecoder(sizes);
    ahead = new Batch(1, withValues);
  }

  @Override
  public void begin(TraceSections.Entry entry) throws IOException {
    SectionLayout.Header header = sections.header(entry);
    flow.begin(
        sections.needed(header, Column.RUNS),
        sections.needed(header, Column.SURPRISES),
        sections.needed(header, Column.WORDS),
        withAccesses ? sections.jumps(header) : null,
        header.section().words());
    aheadLength = 0;
    read = 0;
    changed = false;
    if (values != null) {
      values.begin(sections.values(header), header.section().thread());
    }
  }

  @Override
  public boolean isChangeDue() {
    return values != null
        && aheadLength == 0
        && values.untilChange() >= 0
        && values.untilChange() <= read;
  }

  @Override
  public MemoryChange change() throws FormatException {
    if (values == null) {
      throw new IllegalStateException("there are no changes");
    }
    changed = true;
    return values.change();
  }

  @Override
  public boolean done() {
    return flow.done() && aheadLength == 0;
  }

  @Override
  public int read(Batch into, int from, int until) throws FormatException {
    if (leavingOut) {
      return readWithoutAccesses(into.words(), from, until);
    }
    if (aheadLength > until - from) {
      return from;
    }
    Batch.copy(ahead, 0, into, from, aheadLength);
    int begin = from + aheadLength;
    aheadLength = 0;
    int limit = until;
    if (values != null && values.untilChange() >= 0) {
      limit = (int) Math.min(until, begin + Math.max(0, values.untilChange() - read));
    }
    int to = flow.read(into.words(), begin, limit);
    read += to - begin;
    if (values != null) {
      if (changed && to > begin && EventWord.kind(into.words()[begin]) == EventWord.ACCESS) {
        throw values.wrongChange();
      }
      changed &= to == begin;
      values.fill(into.words(), into.values(), begin, to);
    }
    return to == until && !flow.done() ? holdBack(into, from, to) : to;
  }

  private int readWithoutAccesses(long[] into, int from, int until) throws FormatException {
    int to = from;
    while (to == from && to < until && !flow.done()) {
      to = compact(into, from, flow.read(into, from, until));
    }
    return to;
  }

  /// Keeps the last execution for the next time, as it may have more accesses.
  private int holdBack(Batch into, int from, int to) {
    int last = to - 1;
    while (last >= from && EventWord.kind(into.words()[last]) == EventWord.ACCESS) {
      last--;
    }
    if (last < from || EventWord.kind(into.words()[last]) != EventWord.EXECUTION) {
      return to;
    }
    aheadLength = to - last;
    if (ahead.words().length < aheadLength) {
      ahead = new Batch(2 * aheadLength, values != null);
    }
    Batch.copy(into, last, ahead, 0, aheadLength);
    return last;
  }

  /// Leaves accesses out.
  ///
  /// @return the index behind what is left
  private static int compact(long[] words, int from, int until) {
    int to = from;
    for (int i = from; i < until; i++) {
      long word = words[i];
      words[to] = word;
      to += (int) (word >>> EventWord.KIND_SHIFT | word >>> (EventWord.KIND_SHIFT + 1)) & 1;
    }
    return to;
  }

  @Override
  public @Nullable FormatException leftOver() {
    FormatException wrong = flow.leftOver();
    return wrong == null && values != null ? values.leftOver() : wrong;
  }
}
