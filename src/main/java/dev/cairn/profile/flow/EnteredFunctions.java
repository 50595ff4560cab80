package dev.cairn.profile.flow;

import java.util.Arrays;

/// The functions that were entered on a way, each once, in the order of their first entry.
final class EnteredFunctions {
  private int[] functions = new int[8];

  /// How many activations were live before the first entry, and at most since.
  private int[] before = new int[8];

  private int[] most = new int[8];
  private int size;

  void clear() {
    size = 0;
  }

  /// @param live how many activations of the function are live, with the one entered
  void add(int function, int live) {
    for (int i = 0; i < size; i++) {
      if (functions[i] == function) {
        most[i] = Math.max(most[i], live);
        return;
      }
    }
    if (size == functions.length) {
      functions = Arrays.copyOf(functions, size * 2);
      before = Arrays.copyOf(before, size * 2);
      most = Arrays.copyOf(most, size * 2);
    }
    functions[size] = function;
    before[size] = live - 1;
    most[size++] = live;
  }

  int size() {
    return size;
  }

  int[] functions() {
    return Arrays.copyOf(functions, size);
  }

  /// {@return whether an activation of each was live before}
  boolean[] live() {
    boolean[] live = new boolean[size];
    for (int i = 0; i < size; i++) {
      live[i] = before[i] > 0;
    }
    return live;
  }

  /// {@return how many more than before were live at most}
  int[] depths() {
    int[] depths = new int[size];
    for (int i = 0; i < size; i++) {
      depths[i] = most[i] - before[i];
    }
    return depths;
  }
}
