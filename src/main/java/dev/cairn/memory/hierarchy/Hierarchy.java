package dev.cairn.memory.hierarchy;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Caches and translation buffers and how they hang together, as a hierarchy file gives it.
///
/// @param name what reports call it
/// @param straddling what is looked up of an access that crosses lines; null for [Straddling#ALL]
/// @param caches by name, in the order in which they are shown
/// @param tlbs translation buffers, likewise; null for none
/// @param walkCache the cache in which page tables are looked up; null for memory
/// @param pages how large the guest's pages are; null for 4 KiB
/// @param seed of random replacement; null for 1
public record Hierarchy(
    String name,
    @Nullable Straddling straddling,
    Map<String, CacheShape> caches,
    @Nullable Map<String, TlbShape> tlbs,
    @Nullable String walkCache,
    @Nullable PageSizes pages,
    @Nullable Integer seed) {
  public Hierarchy {
    caches = Collections.unmodifiableMap(new LinkedHashMap<>(caches));
    if (tlbs != null) {
      tlbs = Collections.unmodifiableMap(new LinkedHashMap<>(tlbs));
    }
    if (caches.isEmpty()) {
      throw new IllegalArgumentException("caches must hold at least one cache: " + caches);
    }
    checkCaches(caches);
    checkLines(caches);
    if (tlbs != null) {
      checkTlbs(tlbs, pages == null ? PageSizes.SMALL : pages);
    }
    CacheShape walked = walkCache == null ? null : caches.get(walkCache);
    if (walkCache != null && walked == null) {
      throw new IllegalArgumentException(
          "walkCache must be one of %s: %s".formatted(caches.keySet(), walkCache));
    }
    boolean sharesTlb = tlbs != null && tlbs.values().stream().anyMatch(TlbShape::isShared);
    if (walked != null && sharesTlb && !walked.isShared()) {
      throw new IllegalArgumentException(
          "walkCache must be shared, as a translation buffer is: " + walkCache);
    }
  }

  /// A line that comes from below must have all of the shorter one that asked for it; one that goes
  /// down to an exclusive cache must be one of its own.
  private static void checkLines(Map<String, CacheShape> caches) {
    caches.forEach((name, cache) -> {
      for (String at = cache.below(); at != null; at = shape(caches, at).below()) {
        CacheShape next = shape(caches, at);
        if (next.lineBytes() < cache.lineBytes()) {
          throw new IllegalArgumentException(
              "%s.lineBytes must not be less than that of %s above it, %d: %d"
                  .formatted(at, name, cache.lineBytes(), next.lineBytes()));
        }
        if (next.inclusionOrNine() == Inclusion.EXCLUSIVE
            && next.lineBytes() != cache.lineBytes()) {
          throw new IllegalArgumentException(
              "%s.lineBytes must be that of %s above it, %d, as %s is exclusive: %d"
                  .formatted(at, name, cache.lineBytes(), at, next.lineBytes()));
        }
      }
    });
  }

  private static CacheShape shape(Map<String, CacheShape> caches, String name) {
    return Objects.requireNonNull(caches.get(name));
  }

  private static void checkCaches(Map<String, CacheShape> caches) {
    Map<String, String> above = new HashMap<>();
    caches.forEach((name, cache) -> {
      String below = cache.below();
      if (below == null) {
        return;
      }
      CacheShape next = caches.get(below);
      if (next == null) {
        throw new IllegalArgumentException(
            "%s.below must be one of %s: %s".formatted(name, caches.keySet(), below));
      }
      if (next.serves() != null) {
        throw new IllegalArgumentException(
            "%s.below must be a cache that serves nothing first: %s".formatted(name, below));
      }
      if (cache.isShared() && !next.isShared()) {
        throw new IllegalArgumentException(
            "%s.shared must be true, as %s above it is shared: false".formatted(below, name));
      }
      above.put(below, name);
    });
    checkServed(caches, above);
    caches.forEach((name, cache) -> checkEnds(caches, name));
  }

  private static void checkServed(Map<String, CacheShape> caches, Map<String, String> above) {
    String instructions = null;
    String data = null;
    for (Map.Entry<String, CacheShape> entry : caches.entrySet()) {
      String name = entry.getKey();
      CacheShape cache = entry.getValue();
      Serves serves = cache.serves();
      if (serves == null && !above.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s.serves must be instructions, data or both, as no cache is above it: null"
                .formatted(name));
      }
      if (serves != null && cache.inclusionOrNine() != Inclusion.NINE) {
        throw new IllegalArgumentException(
            "%s.inclusion must be nine, as no cache is above it: %s"
                .formatted(name, cache.inclusion()));
      }
      if (serves != null && serves.instructions()) {
        checkFirst(name, "instructions", instructions);
        instructions = name;
      }
      if (serves != null && serves.data()) {
        checkFirst(name, "data", data);
        data = name;
      }
    }
  }

  private static void checkFirst(String name, String what, @Nullable String other) {
    if (other != null) {
      throw new IllegalArgumentException(
          "%s.serves must not be %s, which %s serves already".formatted(name, what, other));
    }
  }

  private static void checkEnds(Map<String, CacheShape> caches, String name) {
    String at = name;
    for (int steps = 0; at != null; steps++) {
      if (steps > caches.size()) {
        throw new IllegalArgumentException(
            "%s.below must lead to memory in the end: %s".formatted(name, at));
      }
      at = Objects.requireNonNull(caches.get(at)).below();
    }
  }

  private static void checkTlbs(Map<String, TlbShape> tlbs, PageSizes pages) {
    Map<String, String> served = new HashMap<>();
    Map<String, String> above = new HashMap<>();
    tlbs.forEach((name, tlb) -> {
      String below = tlb.below();
      TlbShape next = below == null ? null : tlbs.get(below);
      if (below != null && (next == null || next.serves() != null || next.below() != null)) {
        throw new IllegalArgumentException(
            "%s.below must be a translation buffer of the last level: %s".formatted(name, below));
      }
      if (next != null && tlb.isShared() && !next.isShared()) {
        throw new IllegalArgumentException(
            "%s.shared must be true, as %s above it is shared: false".formatted(below, name));
      }
      if (below != null) {
        above.put(below, name);
      }
      Serves serves = tlb.serves();
      for (int shift : pages.shifts()) {
        if (serves != null && tlb.holds(shift)) {
          serve(served, name, serves, shift);
        }
      }
    });
    tlbs.forEach((name, tlb) -> {
      if (tlb.serves() == null && !above.containsKey(name)) {
        throw new IllegalArgumentException(
            "%s.serves must be instructions, data or both, as no buffer is above it: null"
                .formatted(name));
      }
    });
  }

  private static void serve(Map<String, String> served, String name, Serves serves, int shift) {
    for (String what : new String[] {"instructions", "data"}) {
      boolean here = what.equals("data") ? serves.data() : serves.instructions();
      String other = here ? served.put(what + shift, name) : null;
      if (other != null) {
        throw new IllegalArgumentException(
            "%s.serves must not be %s in pages of %d bytes, which %s serves already"
                .formatted(name, what, 1L << shift, other));
      }
    }
  }

  /// {@return log2 of the length of a line of the cache to which instructions or data come first; 0
  /// if none serves them}
  public int lineShift(boolean data) {
    String name = first(data);
    return name == null ? 0 : shape(caches, name).lineShift();
  }

  public boolean looksUpAll() {
    return straddling != Straddling.FIRST;
  }

  public PageSizes pageSizes() {
    return pages == null ? PageSizes.SMALL : pages;
  }

  public long seedOrOne() {
    return seed == null ? 1 : seed;
  }

  /// {@return the cache to which instructions or data come first; null if none serves them}
  public @Nullable String first(boolean data) {
    for (Map.Entry<String, CacheShape> entry : caches.entrySet()) {
      Serves serves = entry.getValue().serves();
      if (serves != null && (data ? serves.data() : serves.instructions())) {
        return entry.getKey();
      }
    }
    return null;
  }
}
