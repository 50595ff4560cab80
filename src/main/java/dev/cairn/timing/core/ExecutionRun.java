package dev.cairn.timing.core;

/// Executions in a row, as the words of a batch, with how many instructions of them are wanted: a
/// flyweight that is set, handed to a [CoreModel], and moved on by it.
public final class ExecutionRun {
  private long[] words = new long[0];
  private int position;
  private int end;
  private long wanted;

  /// Says what was executed.
  ///
  /// @param words [dev.cairn.event.EventWord]s; not kept
  /// @param position index in `words` of the first execution or interrupt word
  /// @param end index after the last word
  /// @param wanted how many instructions to take at most
  public void set(long[] words, int position, int end, long wanted) {
    this.words = words;
    this.position = position;
    this.end = end;
    this.wanted = wanted;
  }

  /// Says how far the executions have been taken; for the model.
  ///
  /// @param position index of the first word not taken
  /// @param wanted how many instructions are still to be taken
  void advance(int position, long wanted) {
    this.position = position;
    this.wanted = wanted;
  }

  public long[] words() {
    return words;
  }

  /// {@return the index of the first word that is not yet taken}
  public int position() {
    return position;
  }

  public int end() {
    return end;
  }

  /// {@return how many instructions are still to be taken at most}
  public long wanted() {
    return wanted;
  }
}
