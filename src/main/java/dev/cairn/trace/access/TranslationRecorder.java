package dev.cairn.trace.access;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.PageTable;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where the pages lie that a chunk executes or accesses: what a reader has to know before the
/// chunk, and what becomes different in it.
///
/// One thread at a time; reused from chunk to chunk.
public final class TranslationRecorder {
  /// The addresses of all blocks, for all recorders of a trace.
  public static final class Blocks {
    private long[] pcs = new long[1 << 10];
    private int count;

    /// Adds a block.
    public void add(BlockDefinition block) {
      pcs = count == pcs.length ? Arrays.copyOf(pcs, 2 * count) : pcs;
      pcs[count++] = block.pc();
    }
  }

  /// Frames by page that hold from an instruction of the chunk on.
  private record Epoch(long position, TreeMap<Long, Long> frames) {}

  private static final long ADDRESS_MASK = (1L << EventWord.ADDRESS_BITS) - 1;

  private final AddressTranslation translation;
  private final Blocks blocks;
  private final int pageShift;
  private final List<Epoch> epochs = new ArrayList<>();

  /// What the reader knows by now.
  private PageTable told = new PageTable();

  /// What of this was asked for since the last change.
  private PageTable asked = new PageTable();

  private long changes;
  private long position;

  /// Whether the last of the epochs began behind the last change.
  private boolean fresh;

  /// @param translation is asked for each page of a chunk, and again after changes
  public TranslationRecorder(AddressTranslation translation, Blocks blocks) {
    this.translation = translation;
    this.blocks = blocks;
    pageShift = translation.pageShift();
  }

  /// Begins a chunk.
  public void begin() {
    epochs.clear();
    epochs.add(new Epoch(0, new TreeMap<>()));
    told = new PageTable();
    asked = new PageTable();
    changes = translation.changes();
    position = 0;
    fresh = true;
  }

  /// Looks at words of the chunk, each once and in order.
  public void add(long[] words, int begin, int end) {
    if (changes != translation.changes()) {
      changes = translation.changes();
      asked = new PageTable();
      fresh = false;
    }
    long here = position;
    for (int i = begin; i < end; i++) {
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        here = position;
        touch(blocks.pcs[EventWord.block(word)], here);
        position += EventWord.end(word) - EventWord.first(word);
      } else if (kind == EventWord.ACCESS) {
        long address = EventWord.address(word);
        touch(address, here);
        long last = address + EventWord.bytes(word) - 1;
        if ((address ^ last) >>> pageShift != 0) {
          touch(last, here);
        }
      }
    }
  }

  private void touch(long address, long here) {
    long page = (address & ADDRESS_MASK) >>> pageShift;
    if (asked.frame(page) != PageTable.NONE) {
      return;
    }
    long frame = translation.physicalAddress(address) >>> pageShift;
    asked.put(page, frame);
    long before = told.frame(page);
    if (before != frame) {
      if (!fresh) {
        epochs.add(new Epoch(here, new TreeMap<>()));
        fresh = true;
      }
      epochs.getLast().frames.put(page, frame);
    }
    told.put(page, frame);
  }

  /// Ends the chunk.
  public Column end() {
    ByteSink bytes = new ByteSink();
    bytes.number(epochs.size());
    long from = 0;
    for (Epoch epoch : epochs) {
      bytes.number(epoch.position - from);
      from = epoch.position;
      bytes.number(epoch.frames.size());
      long page = 0;
      long distance = 0;
      for (Map.Entry<Long, Long> each : epoch.frames.entrySet()) {
        bytes.number(each.getKey() - page);
        page = each.getKey();
        bytes.difference(each.getValue() - page - distance);
        distance = each.getValue() - page;
      }
    }
    return new Column(Column.TRANSLATIONS, bytes.toByteArray());
  }
}
