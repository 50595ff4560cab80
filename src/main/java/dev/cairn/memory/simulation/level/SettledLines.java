package dev.cairn.memory.simulation.level;

import dev.cairn.event.SettledRule;
import dev.cairn.memory.hierarchy.CacheShape;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/// The lines that were accessed last, of each group of lines that may share a set: another access
/// to one of them is a hit in every cache that comes first, and changes nothing in it.
///
/// A group's lines have the same bits of their address that choose the set in all those caches at
/// once. A key is the number of the line, in the shortest lines of these caches, above two bits: 1
/// if a store changes nothing either, 2 if it was fetched and not read. Who changes a set otherwise
/// [#forget]s its group.
public final class SettledLines {
  /// A flag of a key: a store changes nothing either.
  public static final long CHANGED = 1;

  /// A flag of a key: the line was fetched and not read.
  public static final long FETCHED = 2;

  /// Flags below the number of a line.
  public static final int FLAG_BITS = 2;

  /// No line's key.
  public static final long NONE = -1;

  private static final int MOST_BITS = 10;
  private static final int USUAL_SHIFT = 6;

  private final long[] keys;
  private final int lineShift;
  private final int groupShift;
  private final int mask;

  /// {@return lines of which those of a group are within one set of each of some caches}
  ///
  /// @param alone whether all lines are one group, so that the one used last stands alone
  public static SettledLines of(List<CacheShape> shapes, boolean alone) {
    if (shapes.isEmpty()) {
      return new SettledLines(USUAL_SHIFT, USUAL_SHIFT, MOST_BITS);
    }
    int shortest = least(shapes, CacheShape::lineShift);
    int from = -least(shapes, shape -> -shape.lineShift());
    int until = least(shapes, s -> s.lineShift() + Integer.numberOfTrailingZeros(s.sets()));
    int bits = alone ? 0 : Math.clamp(until - (long) from, 0, MOST_BITS);
    return new SettledLines(shortest, from, bits);
  }

  private static int least(List<CacheShape> shapes, ToIntFunction<CacheShape> value) {
    return shapes.stream().mapToInt(value).min().orElseThrow();
  }

  /// @param lineShift log2 of the shortest line
  /// @param firstBit the lowest bit of an address that chooses the set in every cache
  /// @param bits how many there are
  public SettledLines(int lineShift, int firstBit, int bits) {
    this.lineShift = lineShift;
    groupShift = firstBit - lineShift + FLAG_BITS;
    keys = new long[1 << bits];
    mask = keys.length - 1;
    clear();
  }

  /// {@return the key of the line used last, by group; not copied}
  public long[] keys() {
    return keys;
  }

  /// {@return from an address to its line}
  public int lineShift() {
    return lineShift;
  }

  /// {@return from a key to its group, which still has to be masked}
  public int groupShift() {
    return groupShift;
  }

  /// {@return of a group's number}
  public int mask() {
    return mask;
  }

  /// {@return the key of a line}
  public long key(long address) {
    return address >>> lineShift << FLAG_BITS;
  }

  /// {@return the group of a key}
  public int group(long key) {
    return (int) (key >>> groupShift) & mask;
  }

  /// {@return whether a key is that of the line of its group used last}
  public boolean holds(long key) {
    return keys[group(key)] == key;
  }

  /// Makes a key that of the line of its group used last.
  public void settle(long key) {
    keys[group(key)] = key;
  }

  /// Forgets the line used last of the group that an address is in.
  public void forget(long address) {
    forgetKey(key(address));
  }

  /// Forgets the line used last of a key's group.
  public void forgetKey(long key) {
    keys[group(key)] = NONE;
  }

  /// {@return how lines make groups}
  public SettledRule.Groups groups() {
    return new SettledRule.Groups(lineShift, groupShift - FLAG_BITS, mask);
  }

  /// Forgets the groups of all lines from one address to another.
  public void forget(long first, long last) {
    long lines = (last >>> lineShift) - (first >>> lineShift);
    for (long i = 0; i <= lines; i++) {
      forget(first + (i << lineShift));
    }
  }

  /// Forgets all lines.
  public void clear() {
    Arrays.fill(keys, NONE);
  }
}
