package dev.cairn.event;

/// A run of consecutive [EventWord]s of one thread, handed to analyses and then reused.
///
/// A batch begins with an execution or a note and never splits a block's execution from its
/// accesses. Valid only during the call that it is passed to; not to be kept or written.
public final class Batch {
  private static final long[] NO_VALUES = new long[0];

  private final long[] words;
  private final long[] values;
  private int length;
  private int thread;
  private long firstInstruction;
  private long instructions;

  /// @param capacity words
  public Batch(int capacity) {
    this(capacity, false);
  }

  /// @param capacity words
  /// @param withValues whether accesses have values
  public Batch(int capacity, boolean withValues) {
    words = new long[capacity];
    values = withValues ? new long[2 * capacity] : NO_VALUES;
  }

  /// {@return whether accesses have values}
  public boolean hasValues() {
    return values.length > 0;
  }

  /// {@return the values of accesses, if they have any: of the word at index *i* the lower eight
  /// bytes at 2*i* and the upper ones at 2*i* + 1}
  ///
  /// A load's is what was loaded, a store's what memory holds then; bits above the access's bytes
  /// are 0. Accesses of more than 16 bytes store zeros, or are no loads but hints.
  public long[] values() {
    return values;
  }

  /// Copies words with their values, if they have any, perhaps within one batch; both batches have
  /// values or neither.
  public static void copy(Batch from, int at, Batch into, int to, int count) {
    System.arraycopy(from.words, at, into.words, to, count);
    if (into.values.length > 0) {
      System.arraycopy(from.values, 2 * at, into.values, 2 * to, 2 * count);
    }
  }

  /// {@return the words, of which the first [#length] are valid}
  public long[] words() {
    return words;
  }

  public int length() {
    return length;
  }

  /// {@return which guest thread executed this: 0 the first, then in order of creation}
  public int thread() {
    return thread;
  }

  /// {@return how many instructions the thread had executed before the first of this batch}
  public long firstInstruction() {
    return firstInstruction;
  }

  /// {@return how many instructions were executed in this batch}
  public long instructions() {
    return instructions;
  }

  /// Says what the words now hold; for the source of the batch only.
  public void reset(int thread, long firstInstruction, int length) {
    if (length < 0 || length > words.length) {
      throw new IllegalArgumentException(
          "length must be between 0 and " + words.length + ": " + length);
    }
    this.thread = thread;
    this.firstInstruction = firstInstruction;
    this.length = length;
    instructions = instructions(words, length);
  }

  /// {@return the sum over all executions}
  ///
  /// No branch, as which word comes next can't be foretold: of the kinds in a batch, only an
  /// execution has the lower kind bit.
  private static long instructions(long[] words, int length) {
    long sum = 0;
    for (int i = 0; i < length; i++) {
      long word = words[i];
      long end = word >>> EventWord.END_SHIFT & EventWord.POSITION_MASK;
      long first = word >>> EventWord.FIRST_SHIFT & EventWord.POSITION_MASK;
      sum += (end - first) & (word << 1 >> (Long.SIZE - 1));
    }
    return sum;
  }
}
