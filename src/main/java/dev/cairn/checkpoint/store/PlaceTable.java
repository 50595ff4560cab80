package dev.cairn.checkpoint.store;

import java.util.Arrays;

/// Where pages are kept, by the hash of their contents. A place is a number: the pack's in the
/// upper half, the page's in the pack in the lower. A million pages take 84 MB. One thread at a
/// time.
final class PlaceTable {
  /// What stands for no place.
  static final long NONE = -1;

  private static final int KEY = 4;
  private long[] keys = new long[KEY << 10];
  private long[] places = new long[1 << 10];
  private int size;

  PlaceTable() {
    Arrays.fill(places, NONE);
  }

  static long place(int pack, int index) {
    return ((long) pack << 32) | (index & 0xffffffffL);
  }

  static int pack(long place) {
    return (int) (place >>> 32);
  }

  static int index(long place) {
    return (int) place;
  }

  /// {@return where a page is; [#NONE] if it is not known}
  long find(PageHash hash) {
    return places[slot(hash)];
  }

  /// Adds a page, unless it is known already.
  void putIfAbsent(PageHash hash, long place) {
    int slot = slot(hash);
    if (places[slot] != NONE) {
      return;
    }
    set(slot, hash, place);
    size++;
    if (size > places.length / 2) {
      grow();
    }
  }

  void clear() {
    Arrays.fill(places, NONE);
    size = 0;
  }

  private void set(int slot, PageHash hash, long place) {
    int key = slot * KEY;
    keys[key] = hash.first();
    keys[key + 1] = hash.second();
    keys[key + 2] = hash.third();
    keys[key + 3] = hash.fourth();
    places[slot] = place;
  }

  /// {@return where a hash is or would be}
  private int slot(PageHash hash) {
    int mask = places.length - 1;
    int slot = (int) hash.first() & mask;
    while (places[slot] != NONE && !hash.equals(key(keys, slot))) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static PageHash key(long[] keys, int slot) {
    int key = slot * KEY;
    return new PageHash(keys[key], keys[key + 1], keys[key + 2], keys[key + 3]);
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldPlaces = places;
    keys = new long[Math.multiplyExact(oldKeys.length, 2)];
    places = new long[oldPlaces.length * 2];
    Arrays.fill(places, NONE);
    for (int i = 0; i < oldPlaces.length; i++) {
      if (oldPlaces[i] != NONE) {
        PageHash hash = key(oldKeys, i);
        set(slot(hash), hash, oldPlaces[i]);
      }
    }
  }
}
