package dev.cairn.profile.flow;

/// A way that a call has gone, from the first block behind the call to the one that returns, with
/// all that was called on it.
///
/// What is told of it is the same each time that the code says the same and the same functions are
/// live, so that it can be told later, for all times at once.
final class CallPath {
  /// The row of the block that calls, and the function that it is in.
  final int site;

  final int function;

  /// The executions, each whole.
  final long[] words;

  /// Instructions of all of them, and how many of them are not the caller's own.
  final long instructions;

  final long callees;

  /// The functions that are entered, each once; whether each was live already; and how many of its
  /// activations are live at most, without those.
  final int[] functions;

  final boolean[] live;
  final int[] depths;

  /// How often it was gone since it was told last.
  long times;

  CallPath(
      int site,
      int function,
      long[] words,
      long instructions,
      long callees,
      int[] functions,
      boolean[] live,
      int[] depths) {
    this.site = site;
    this.function = function;
    this.words = words;
    this.instructions = instructions;
    this.callees = callees;
    this.functions = functions;
    this.live = live;
    this.depths = depths;
  }

  /// {@return the row of the block that returns}
  int last() {
    return CodeTable.row((int) words[words.length - 1]);
  }

  boolean enters(int which) {
    for (int each : functions) {
      if (each == which) {
        return true;
      }
    }
    return false;
  }
}
