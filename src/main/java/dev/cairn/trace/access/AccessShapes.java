package dev.cairn.trace.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The shapes that executions in a chunk have: which instructions of a block make accesses, in
/// order, how large, load or store; all but the addresses. Shape 0 makes none.
///
/// Each shape belongs to one block, as addresses of the same block go on from execution to
/// execution.
final class AccessShapes {
  /// What an execution accesses without any.
  static final int NOTHING = 0;

  /// How many accesses a shape has at most; an execution with more is listed.
  static final int MOST_SLOTS = 256;

  private record Key(int block, long[] kinds) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && block == that.block && Arrays.equals(kinds, that.kinds);
    }

    @Override
    public int hashCode() {
      return 31 * block + Arrays.hashCode(kinds);
    }
  }

  private final Map<Key, Integer> numbers = new HashMap<>();
  private final List<long[]> shapes = new ArrayList<>(List.of(new long[0]));

  /// {@return how many there are}
  int count() {
    return shapes.size();
  }

  /// {@return a shape: access words without addresses}
  long[] kinds(int shape) {
    return shapes.get(shape);
  }

  /// {@return the number of a shape, new or not}
  int number(int block, long[] kinds) {
    if (kinds.length == 0) {
      return NOTHING;
    }
    Key key = new Key(block, kinds);
    Integer known = numbers.putIfAbsent(key, shapes.size());
    if (known != null) {
      return known;
    }
    shapes.add(kinds);
    return shapes.size() - 1;
  }
}
