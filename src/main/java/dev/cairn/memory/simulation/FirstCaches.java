package dev.cairn.memory.simulation;

import dev.cairn.event.SettledRule;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.Writing;
import dev.cairn.memory.simulation.level.SettledLines;
import dev.cairn.memory.simulation.result.CacheRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the caches to which accesses come first, of all hierarchies, allow to be skipped.
///
/// @param fetched lines of instructions that need not be looked up again
/// @param accessed lines of data; the same where a cache has both
/// @param fetchFlag that keys of instructions carry
/// @param loadFlag that the key of a line that was read carries
/// @param storeFlag that the key of a line that was written carries
/// @param storesAllocate whether a line that was written is there in each of them
record FirstCaches(
    SettledLines fetched,
    SettledLines accessed,
    long fetchFlag,
    long loadFlag,
    long storeFlag,
    boolean storesAllocate) {
  static FirstCaches of(CacheRequest request) {
    boolean unified =
        request.hierarchies().stream()
            .anyMatch(h -> h.first(true) != null && Objects.equals(h.first(true), h.first(false)));
    List<CacheShape> data = shapes(request, true);
    List<CacheShape> code = shapes(request, false);
    List<CacheShape> both = new ArrayList<>(data);
    both.addAll(code);
    SettledLines accessed = SettledLines.of(unified ? both : data, request.kinds());
    SettledLines fetched = unified ? accessed : SettledLines.of(code, request.kinds());
    boolean neverChanged =
        data.stream().allMatch(s -> s.writing() == Writing.NONE && keepsStores(s) && s.isShared());
    return new FirstCaches(
        fetched,
        accessed,
        unified ? SettledLines.FETCHED : 0,
        neverChanged ? SettledLines.CHANGED : 0,
        data.stream().allMatch(FirstCaches::keepsStores) ? SettledLines.CHANGED : 0,
        data.stream().allMatch(CacheShape::allocates));
  }

  /// {@return which executions and accesses change nothing in any hierarchy; null if what comes
  /// first may change otherwise, or by the next use of the same line}
  @Nullable SettledRule settledRule(CacheRequest request) {
    boolean steady =
        fetchFlag == 0 && request.hierarchies().stream().allMatch(FirstCaches::isSteady);
    return steady
        ? new SettledRule(
            fetched.groups(), accessed.groups(), storeFlag != 0, storesAllocate, loadFlag != 0)
        : null;
  }

  private static boolean isSteady(Hierarchy hierarchy) {
    return hierarchy.caches().entrySet().stream()
        .allMatch(cache -> {
          CacheShape shape = cache.getValue();
          boolean first =
              cache.getKey().equals(hierarchy.first(true))
                  || cache.getKey().equals(hierarchy.first(false));
          return shape.inclusionOrNine() == Inclusion.NINE
              && (!first
                  || (shape.prefetcher() == null && shape.replacementOrLru().settlesAtOnce()));
        });
  }

  private static boolean keepsStores(CacheShape shape) {
    return shape.writing() != Writing.THROUGH && shape.allocates();
  }

  private static List<CacheShape> shapes(CacheRequest request, boolean data) {
    List<CacheShape> shapes = new ArrayList<>();
    for (Hierarchy hierarchy : request.hierarchies()) {
      String name = hierarchy.first(data);
      CacheShape shape = name == null ? null : hierarchy.caches().get(name);
      if (shape != null) {
        shapes.add(shape);
      }
    }
    return shapes;
  }
}
