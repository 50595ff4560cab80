package dev.cairn.trace.format;

import dev.cairn.event.EventWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the words of a chunk: executions, notes and accesses, in order.
///
/// One thread at a time; reused from chunk to chunk. **Cost**: a comparison of two words for each,
/// and what [WordModel] takes at a surprise.
public final class ChunkEncoder {
  /// How an unexpected word is told: as one of the two [WordModel#candidate]s, …
  static final int FIRST_CANDIDATE = 0;

  static final int SECOND_CANDIDATE = 1;

  /// … as a block that executes from its first instruction to its last, …
  static final int WHOLE = 2;

  /// … as a part of a block, …
  static final int PART = 3;

  /// … or as a note; its kind is added.
  static final int NOTE = 4;

  /// Behind all notes: as an access.
  static final int ACCESS = NOTE + EventWord.NOTE_MASK + 1;

  private static final int PIECE = 1 << 12;

  private final WordModel model = new WordModel();
  private final ByteSink runs = new ByteSink();
  private final ByteSink surprises = new ByteSink();
  private final ByteSink spelled = new ByteSink();
  private final ByteSink calls = new ByteSink();
  private final long[] lastValues = new long[EventWord.NOTE_MASK + 1];
  private final BlockSizes sizes;
  private final @Nullable JumpSink jumps;

  /// Words without accesses, where these are left out.
  private final long[] flow;

  private int run;
  private int words;
  private int accesses;

  /// The address of the access that was spelled out last.
  private long lastAddress;

  /// @param sizes of the blocks defined so far, at any time
  /// @param withAccesses whether accesses are taken, or left out
  public ChunkEncoder(BlockSizes sizes, boolean withAccesses) {
    this.sizes = sizes;
    jumps = withAccesses ? new JumpSink() : null;
    flow = new long[withAccesses ? 0 : PIECE];
  }

  /// Begins a chunk.
  public void begin() {
    model.clear();
    runs.clear();
    surprises.clear();
    spelled.clear();
    calls.clear();
    Arrays.fill(lastValues, 0);
    run = 0;
    words = 0;
    accesses = 0;
    lastAddress = 0;
    if (jumps != null) {
      jumps.clear();
    }
  }

  /// {@return how many words the chunk has}
  public int words() {
    return words;
  }

  /// {@return how many of them are accesses}
  public int accesses() {
    return accesses;
  }

  /// {@return where what is told of system calls goes}
  public ByteSink calls() {
    return calls;
  }

  /// Adds words.
  public void add(long[] from, int begin, int end) {
    if (jumps != null) {
      addAll(from, begin, end);
      accesses += end - begin - others(from, begin, end);
      return;
    }
    for (int at = begin; at < end; at += PIECE) {
      addAll(flow, 0, others(from, at, Math.min(end, at + PIECE), flow));
    }
  }

  private void addAll(long[] from, int begin, int end) {
    int at = begin;
    while (at < end) {
      at += model.load(from, at, end);
      while (model.hasMore()) {
        run += model.takeExpected(jumps);
        if (model.hasMore()) {
          surprise(model.next());
        }
      }
    }
    words += end - begin;
  }

  /// Copies the words that are no accesses.
  ///
  /// @return how many they are
  private static int others(long[] from, int begin, int end, long[] into) {
    int to = 0;
    for (int i = begin; i < end; i++) {
      long word = from[i];
      into[to] = word;
      to += (int) (word >>> EventWord.KIND_SHIFT | word >>> (EventWord.KIND_SHIFT + 1)) & 1;
    }
    return to;
  }

  /// {@return how many words are no accesses}
  private static int others(long[] from, int begin, int end) {
    long others = 0;
    for (int i = begin; i < end; i++) {
      others += (from[i] >>> EventWord.KIND_SHIFT | from[i] >>> (EventWord.KIND_SHIFT + 1)) & 1;
    }
    return (int) others;
  }

  /// {@return whether a word is a note that something is told about among the calls}
  public static boolean isCall(long word) {
    return EventWord.kind(word) == EventWord.NOTE
        && (EventWord.note(word) == EventWord.NOTE_CALL
            || EventWord.note(word) == EventWord.NOTE_RETURN);
  }

  private void surprise(long word) {
    if (model.expects()) {
      runs.number(run);
      run = 0;
    }
    int kind = EventWord.kind(word);
    if (kind == EventWord.ACCESS) {
      access(word);
      return;
    }
    if (word == model.candidate(0)) {
      surprises.put(FIRST_CANDIDATE);
    } else if (word == model.candidate(1)) {
      surprises.put(SECOND_CANDIDATE);
    } else if (kind == EventWord.EXECUTION) {
      execution(word);
    } else {
      note(word);
    }
    model.takeSurprise();
  }

  private void access(long word) {
    if (jumps == null) {
      throw new IllegalArgumentException("an access where there are none");
    }
    surprises.put(ACCESS);
    spelled.number(word >>> EventWord.INSTRUCTION_SHIFT);
    long address = EventWord.address(word);
    jumps.tell(model.number(), address - lastAddress);
    lastAddress = address;
    model.takeAccess();
  }

  private void execution(long word) {
    int block = EventWord.block(word);
    int first = EventWord.first(word);
    int end = EventWord.end(word);
    boolean whole = first == 0 && end == sizes.of(block);
    surprises.put(whole ? WHOLE : PART);
    spelled.difference((long) block - blockOf(model.previous()));
    if (!whole) {
      spelled.number(first);
      spelled.number(end - first);
    }
  }

  /// {@return the block that a word executes; 0 if it executes none}
  static int blockOf(long word) {
    return EventWord.kind(word) == EventWord.EXECUTION ? EventWord.block(word) : 0;
  }

  private void note(long word) {
    int kind = EventWord.note(word);
    surprises.put(NOTE + kind);
    spelled.number(EventWord.detail(word));
    spelled.difference(EventWord.address(word) - lastValues[kind]);
    lastValues[kind] = EventWord.address(word);
  }

  /// {@return the chunk}
  public Section end(int thread, boolean continues, long first, long instructions) {
    if (run > 0) {
      runs.number(run);
      run = 0;
    }
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(Column.RUNS, runs.toByteArray()));
    columns.add(new Column(Column.SURPRISES, surprises.toByteArray()));
    columns.add(new Column(Column.WORDS, spelled.toByteArray()));
    if (jumps != null) {
      jumps.addTo(columns);
    }
    if (calls.size() > 0) {
      columns.add(new Column(Column.CALLS, calls.toByteArray()));
    }
    return new Section(Section.CHUNK, thread, continues, first, instructions, words, columns);
  }
}
