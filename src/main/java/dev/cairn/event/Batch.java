package dev.cairn.event;

/// A run of consecutive [EventWord]s of one thread, handed to analyses and then reused.
///
/// A batch begins with an execution or a note and never splits a block's execution from its
/// accesses. Valid only during the call that it is passed to; not to be kept or written.
public final class Batch {
  private final long[] words;
  private int length;
  private int thread;
  private long firstInstruction;
  private long instructions;

  /// @param capacity words
  public Batch(int capacity) {
    words = new long[capacity];
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
