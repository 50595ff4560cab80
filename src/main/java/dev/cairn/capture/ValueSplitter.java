package dev.cairn.capture;

import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Takes values and what memory holds out of the words of a thread that has them, so that the words
/// are as those of any other.
///
/// Values go to their place in the batch. Of what memory holds a short record is left, whose one
/// word of payload is the number of a [#change].
final class ValueSplitter {
  private static final int RAW_WORDS = 1 << 13;

  /// Words of a record of memory before the contents.
  private static final int MEMORY_FIELDS = 3;

  private static final int MOST_CONTENTS = 1 << 12;

  /// What one item leaves at most.
  static final int ITEM_WORDS = 9;

  private final int thread;
  private final long[] raw = new long[RAW_WORDS];
  private int begin;
  private int end;
  private final List<MemoryChange> changes = new ArrayList<>();

  ValueSplitter(int thread) {
    this.thread = thread;
  }

  /// Reads words into a batch, from an index on, until there is no room for more.
  ///
  /// @return how many there are then more than before; 0 if none has come
  int read(ThreadRing ring, long head, Batch into, int offset, int most) throws FormatException {
    int to = offset;
    int limit = offset + most;
    while (true) {
      to = split(into, to, limit);
      if (to > offset) {
        return to - offset;
      }
      System.arraycopy(raw, begin, raw, 0, end - begin);
      end -= begin;
      begin = 0;
      int count = ring.read(head, raw, end, RAW_WORDS - end);
      if (count == 0) {
        return 0;
      }
      end += count;
    }
  }

  /// Splits what is there whole.
  private int split(Batch into, int from, int limit) throws FormatException {
    long[] words = into.words();
    long[] values = into.values();
    int to = from;
    while (begin < end && limit - to >= ITEM_WORDS) {
      long word = raw[begin];
      int kind = EventWord.kind(word);
      if (kind == EventWord.ACCESS) {
        int count = valueWords(word);
        if (end - begin <= count) {
          break;
        }
        words[to] = word;
        values[2 * to] = count > 0 ? raw[begin + 1] : 0;
        values[2 * to + 1] = count > 1 ? raw[begin + 2] : 0;
        to++;
        begin += 1 + count;
      } else if (kind == EventWord.RECORD) {
        int payload = (int) word;
        if (payload < 0 || payload > MEMORY_FIELDS + MOST_CONTENTS / Long.BYTES) {
          throw damaged("a record of " + payload + " words");
        }
        if (end - begin <= payload) {
          break;
        }
        to = record(word, payload, words, to);
        begin += 1 + payload;
      } else {
        words[to++] = word;
        begin++;
      }
    }
    return to;
  }

  /// {@return how many words with its value follow an access}
  private static int valueWords(long access) {
    int bytes = EventWord.bytes(access);
    return bytes <= Long.BYTES ? 1 : bytes == 2 * Long.BYTES ? 2 : 0;
  }

  private int record(long word, int payload, long[] words, int at) throws FormatException {
    int type = (int) (word >>> RingLayout.RECORD_SHIFT) & RingLayout.RECORD_MASK;
    int to = at;
    if (type == RingLayout.RECORD_MEMORY) {
      words[to++] = (word & ~0xffff_ffffL) | 1;
      words[to++] = changes.size();
      changes.add(change(payload));
      return to;
    }
    if (payload >= ITEM_WORDS) {
      throw damaged("a record of " + payload + " words");
    }
    System.arraycopy(raw, begin, words, to, 1 + payload);
    return to + 1 + payload;
  }

  private MemoryChange change(int payload) throws FormatException {
    long first = payload < MEMORY_FIELDS ? -1 : raw[begin + 1];
    int length = (int) (first >>> Integer.SIZE);
    long address = EventWord.address(raw[begin + 2]);
    long bytes = raw[begin + MEMORY_FIELDS];
    MemoryChange.Kind kind = MemoryChange.Kind.of((int) first);
    if (kind == null
        || length < 0
        || length > MOST_CONTENTS
        || payload != MEMORY_FIELDS + (length + Long.BYTES - 1) / Long.BYTES
        || bytes < 0
        || length != (kind == MemoryChange.Kind.UNKNOWN ? 0 : bytes)) {
      throw damaged("memory of %d words".formatted(payload));
    }
    ByteBuffer contents = ByteBuffer.allocate((payload - MEMORY_FIELDS) * Long.BYTES);
    contents
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .put(raw, begin + 1 + MEMORY_FIELDS, payload - MEMORY_FIELDS);
    return new MemoryChange(thread, kind, address, bytes, Arrays.copyOf(contents.array(), length));
  }

  private FormatException damaged(String what) {
    return new FormatException("ring of thread " + thread, what);
  }

  /// {@return what memory holds, by the number that was left in its place}
  MemoryChange change(long number) {
    return changes.get((int) number);
  }

  /// Forgets all that was left numbers of.
  void forgetChanges() {
    changes.clear();
  }
}
