package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What of a guest's address space is mapped and with what protection, as the guest has asked for
/// it. Addresses and lengths are rounded to pages.
final class GuestMappings {
  /// A range with one protection.
  record Range(long start, long end, int protection) {}

  private final TreeMap<Long, Range> ranges = new TreeMap<>();

  static long pageDown(long address) {
    return address & -Mapping.PAGE_BYTES;
  }

  static long pageUp(long address) {
    return address + Mapping.PAGE_BYTES - 1 & -Mapping.PAGE_BYTES;
  }

  /// {@return all ranges, ascending; neighbours with one protection may be two}
  List<Range> ranges() {
    return List.copyOf(ranges.values());
  }

  void map(long from, long until, int protection) {
    unmap(from, until);
    long start = pageDown(from);
    long end = pageUp(until);
    if (start < end) {
      ranges.put(start, new Range(start, end, protection));
    }
  }

  void unmap(long from, long until) {
    long start = pageDown(from);
    long end = pageUp(until);
    for (Range range : overlapping(start, end)) {
      ranges.remove(range.start());
      put(range.start(), Math.min(range.end(), start), range.protection());
      put(Math.max(range.start(), end), range.end(), range.protection());
    }
  }

  void protect(long from, long until, int protection) {
    long start = pageDown(from);
    long end = pageUp(until);
    for (Range range : overlapping(start, end)) {
      map(Math.max(start, range.start()), Math.min(end, range.end()), protection);
    }
  }

  /// Moves a range elsewhere, to be longer or shorter there, as `mremap` does.
  void move(long from, long bytes, long to, long newBytes) {
    Map.Entry<Long, Range> old = ranges.floorEntry(pageDown(from));
    int protection = old == null ? 0 : old.getValue().protection();
    unmap(from, from + bytes);
    map(to, to + newBytes, protection);
  }

  private void put(long start, long end, int protection) {
    if (start < end) {
      ranges.put(start, new Range(start, end, protection));
    }
  }

  private List<Range> overlapping(long start, long end) {
    List<Range> found = new ArrayList<>();
    Map.Entry<Long, Range> before = ranges.lowerEntry(start);
    if (before != null && before.getValue().end() > start) {
      found.add(before.getValue());
    }
    found.addAll(ranges.subMap(start, end).values());
    return found;
  }
}
