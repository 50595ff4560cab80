package dev.cairn.trace.format;

import dev.cairn.event.EventWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the words of a chunk: executions and notes, in order. Accesses among them go to somebody
/// else.
///
/// One thread at a time; reused from chunk to chunk.
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

  private static final int PIECE = 1 << 12;

  private final WordModel model = new WordModel();
  private final ByteSink runs = new ByteSink();
  private final ByteSink surprises = new ByteSink();
  private final ByteSink spelled = new ByteSink();
  private final ByteSink calls = new ByteSink();
  private final long[] lastValues = new long[EventWord.NOTE_MASK + 1];
  private final BlockSizes sizes;
  private final @Nullable AccessTaker accesses;
  private final long[] flow = new long[PIECE];
  private int run;
  private int words;

  /// What takes accesses.
  public interface AccessTaker {
    /// Takes the accesses of the next execution, which may be none.
    ///
    /// @param block that is executed
    /// @param words holds the accesses
    void add(int block, long[] words, int begin, int end);
  }

  /// @param sizes of the blocks defined so far, at any time
  /// @param accesses null to leave them out
  public ChunkEncoder(BlockSizes sizes, @Nullable AccessTaker accesses) {
    this.sizes = sizes;
    this.accesses = accesses;
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
  }

  /// {@return how many words the chunk has}
  public int words() {
    return words;
  }

  /// {@return where what is told of system calls goes}
  public ByteSink calls() {
    return calls;
  }

  /// Adds words; the last execution's accesses are all there.
  ///
  /// @return the index of the first one not added: `end`, or behind the note of a system call or of
  ///   a return
  public int add(long[] from, int begin, int end) {
    int at = begin;
    int count = PIECE;
    while (count == PIECE) {
      count = 0;
      while (count < PIECE && at < end) {
        long word = from[at++];
        int kind = EventWord.kind(word);
        if (kind == EventWord.EXECUTION) {
          int first = at;
          while (at < end && from[at] >>> EventWord.KIND_SHIFT == EventWord.ACCESS) {
            at++;
          }
          if (accesses != null) {
            accesses.add(EventWord.block(word), from, first, at);
          }
          flow[count++] = word;
        } else if (kind == EventWord.NOTE) {
          flow[count++] = word;
          if (isCall(word)) {
            addFlow(flow, count);
            return at;
          }
        }
      }
      addFlow(flow, count);
    }
    return at;
  }

  private void addFlow(long[] from, int end) {
    int at = 0;
    while (at < end) {
      int expected = model.takeExpected(from, at, end);
      at += expected;
      run += expected;
      words += expected;
      if (at == end) {
        break;
      }
      surprise(from[at++]);
    }
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
    if (word == model.candidate(0)) {
      surprises.put(FIRST_CANDIDATE);
    } else if (word == model.candidate(1)) {
      surprises.put(SECOND_CANDIDATE);
    } else if (EventWord.kind(word) == EventWord.EXECUTION) {
      execution(word);
    } else {
      note(word);
    }
    model.surprise(word);
    words++;
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
    if (calls.size() > 0) {
      columns.add(new Column(Column.CALLS, calls.toByteArray()));
    }
    return new Section(Section.CHUNK, thread, continues, first, instructions, words, columns);
  }
}
