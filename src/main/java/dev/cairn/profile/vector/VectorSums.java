package dev.cairn.profile.vector;

import dev.cairn.profile.BasicBlockVectors;
import java.util.List;

/// Vectors whose elements are sums of other vectors' elements.
final class VectorSums {
  private VectorSums() {}

  /// {@return the same intervals with elements that have one number added up}
  ///
  /// @param numbers of each id of the vectors
  static BasicBlockVectors byNumber(BasicBlockVectors vectors, int[] numbers) {
    BasicBlockVectors.Builder sums = BasicBlockVectors.builder();
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    for (int interval = 0; interval < vectors.intervals(); interval++) {
      cursor.interval(interval);
      while (cursor.next()) {
        sums.add(numbers[cursor.block()], cursor.weight());
      }
      sums.endInterval(vectors.instructions(interval));
    }
    return sums.build();
  }

  /// {@return the sum of the first intervals of all threads, of their second ones, and so on: as
  /// many intervals as the longest thread has}
  static BasicBlockVectors ofThreads(List<BasicBlockVectors> threads) {
    int intervals = 0;
    for (BasicBlockVectors thread : threads) {
      intervals = Math.max(intervals, thread.intervals());
    }
    List<BasicBlockVectors.Cursor> cursors =
        threads.stream().map(BasicBlockVectors::cursor).toList();
    BasicBlockVectors.Builder sums = BasicBlockVectors.builder();
    for (int interval = 0; interval < intervals; interval++) {
      long instructions = 0;
      for (int t = 0; t < cursors.size(); t++) {
        if (interval < threads.get(t).intervals()) {
          BasicBlockVectors.Cursor cursor = cursors.get(t);
          cursor.interval(interval);
          while (cursor.next()) {
            sums.add(cursor.block(), cursor.weight());
          }
          instructions += threads.get(t).instructions(interval);
        }
      }
      sums.endInterval(instructions);
    }
    return sums.build();
  }
}
