package dev.cairn.profile.call;

import java.util.Arrays;

/// The calls of one thread: for each caller, place and callee how many, and how long they took.
///
/// Open addressing over two longs a call; an edge's number is its order of appearance.
final class EdgeTable {
  private static final int KEY_LONGS = 2;

  private long[] keys = new long[KEY_LONGS * 64];
  private long[] calls = new long[64];
  private long[] inclusive = new long[64];
  private long[] minimum = new long[64];
  private long[] maximum = new long[64];

  /// 1 + an edge's number, by hash.
  private int[] slots = new int[256];

  /// 1 + the number of the edge found last from a site, by the site's lowest bits.
  private final int[] recent = new int[1 << 10];

  private int size;

  /// {@return the number of an edge, which is made if it is new}
  ///
  /// @param caller a function, or -1
  /// @param site the block that ends with the call, or -1
  int edge(int caller, int site, int callee) {
    long functions = (long) caller << 32 | Integer.toUnsignedLong(callee);
    int last = recent[site & (recent.length - 1)] - 1;
    if (last >= 0 && isOf(last, functions, site)) {
      return last;
    }
    int edge = find(functions, site);
    recent[site & (recent.length - 1)] = edge + 1;
    return edge;
  }

  private boolean isOf(int edge, long functions, int site) {
    return keys[KEY_LONGS * edge] == functions && keys[KEY_LONGS * edge + 1] == site;
  }

  private int find(long functions, int site) {
    int mask = slots.length - 1;
    int at = hash(functions, site) & mask;
    while (slots[at] != 0) {
      int known = slots[at] - 1;
      if (isOf(known, functions, site)) {
        return known;
      }
      at = (at + 1) & mask;
    }
    slots[at] = size + 1;
    return add(functions, site);
  }

  private int add(long functions, int site) {
    if (size == calls.length) {
      int longer = size * 2;
      keys = Arrays.copyOf(keys, KEY_LONGS * longer);
      calls = Arrays.copyOf(calls, longer);
      inclusive = Arrays.copyOf(inclusive, longer);
      minimum = Arrays.copyOf(minimum, longer);
      maximum = Arrays.copyOf(maximum, longer);
    }
    keys[KEY_LONGS * size] = functions;
    keys[KEY_LONGS * size + 1] = site;
    minimum[size] = Long.MAX_VALUE;
    size++;
    if (size * 2 > slots.length) {
      slots = new int[slots.length * 2];
      for (int i = 0; i < size; i++) {
        int at = hash(keys[KEY_LONGS * i], (int) keys[KEY_LONGS * i + 1]) & (slots.length - 1);
        while (slots[at] != 0) {
          at = (at + 1) & (slots.length - 1);
        }
        slots[at] = i + 1;
      }
    }
    return size - 1;
  }

  private static int hash(long functions, int site) {
    long mixed = (functions ^ (long) site << 17) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32);
  }

  /// Adds calls that have ended.
  ///
  /// @param outermost whether its duration counts in the sum
  void ended(int edge, long duration, boolean outermost, long times) {
    calls[edge] += times;
    inclusive[edge] += outermost ? duration * times : 0;
    minimum[edge] = Math.min(minimum[edge], duration);
    maximum[edge] = Math.max(maximum[edge], duration);
  }

  int size() {
    return size;
  }

  int caller(int edge) {
    return (int) (keys[KEY_LONGS * edge] >>> 32);
  }

  int callee(int edge) {
    return (int) keys[KEY_LONGS * edge];
  }

  int site(int edge) {
    return (int) keys[KEY_LONGS * edge + 1];
  }

  long calls(int edge) {
    return calls[edge];
  }

  long inclusive(int edge) {
    return inclusive[edge];
  }

  long minimum(int edge) {
    return minimum[edge];
  }

  long maximum(int edge) {
    return maximum[edge];
  }
}
