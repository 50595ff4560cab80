package dev.cairn.memory.simulation;

import dev.cairn.event.BlockDefinition;
import dev.cairn.memory.simulation.CacheRows.Row;
import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.PlaceMisses;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The instructions of all blocks, numbered in the order in which they were defined: where each
/// comes from, and what was counted of it.
final class CodePlaces {
  private record Key(String file, String name, long address) {
    static final Comparator<Key> ORDER =
        Comparator.comparing(Key::file)
            .thenComparing(Key::name)
            .thenComparing(Key::address, Long::compareUnsigned);
  }

  private final LongFunction<@Nullable CodeLocation> locator;
  private final Grouping grouping;

  /// Places, and their virtual addresses.
  private int size;

  long[] pcs = new long[1 << 12];

  /// Accesses to data.
  long[] accesses = new long[1 << 12];

  /// Executions that were not of the whole block.
  private long[] partial = new long[1 << 12];

  private final List<@Nullable CodeLocation> locations = new ArrayList<>();

  /// @param locator says where the code at an address comes from as of now, with its line
  CodePlaces(LongFunction<@Nullable CodeLocation> locator, Grouping grouping) {
    this.locator = locator;
    this.grouping = grouping;
  }

  /// Adds the instructions of a block.
  ///
  /// @return the number of the first
  int add(BlockDefinition block) {
    int first = size;
    int count = block.instructions();
    if (size + count > pcs.length) {
      int length = Math.max(size + count, pcs.length * 2);
      pcs = Arrays.copyOf(pcs, length);
      accesses = Arrays.copyOf(accesses, length);
      partial = Arrays.copyOf(partial, length);
    }
    CodeLocation begin = locator.apply(block.pc());
    long pc = block.pc();
    for (int i = 0; i < count; i++) {
      pcs[size++] = pc;
      boolean each = grouping == Grouping.LINE || grouping == Grouping.PC;
      locations.add(begin == null || i == 0 || !each ? begin : locator.apply(pc));
      pc += block.sizes()[i];
    }
    return first;
  }

  int size() {
    return size;
  }

  /// Counts the execution of a part of a block.
  void executed(int place, int count) {
    for (int i = place; i < place + count; i++) {
      partial[i]++;
    }
  }

  /// {@return what was counted, summed up as was asked for}
  ///
  /// @param rows whole executions of blocks
  /// @param hierarchies whose levels' counts are told
  List<PlaceMisses> result(CacheRows rows, List<SimulatedHierarchy> hierarchies) {
    Map<Key, PlaceMisses> sums = new TreeMap<>(Key.ORDER);
    for (Row row : rows.all()) {
      for (int i = 0; i < row.count(); i++) {
        int place = row.place() + i;
        long executed = row.executions() + partial[place];
        if (executed > 0) {
          add(sums, place, executed, misses(place, hierarchies));
        }
      }
    }
    return new ArrayList<>(sums.values());
  }

  private void add(Map<Key, PlaceMisses> sums, int place, long executed, long[][] misses) {
    CodeLocation location = locations.get(place);
    PlaceMisses here =
        new PlaceMisses(null, location, pcs[place], executed, accesses[place], misses);
    sums.merge(key(location, pcs[place]), here, CodePlaces::sum);
  }

  private Key key(@Nullable CodeLocation location, long pc) {
    if (location == null) {
      return new Key("", "", grouping == Grouping.FUNCTION ? 0 : pc);
    }
    String function = location.function();
    return switch (grouping) {
      case PC -> new Key(location.file(), "", location.address());
      case FUNCTION -> new Key(location.file(), function == null ? "" : function, 0);
      case LINE, RANGE ->
          location.source() == null
              ? new Key(location.file(), function == null ? "" : function, -1)
              : new Key(location.file(), location.source().file(), location.source().line());
    };
  }

  private static PlaceMisses sum(PlaceMisses a, PlaceMisses b) {
    for (int h = 0; h < a.misses().length; h++) {
      for (int l = 0; l < a.misses()[h].length; l++) {
        a.misses()[h][l] += b.misses()[h][l];
      }
    }
    return new PlaceMisses(
        null,
        a.location(),
        a.pc(),
        a.instructions() + b.instructions(),
        a.accesses() + b.accesses(),
        a.misses());
  }

  private static long[][] misses(int place, List<SimulatedHierarchy> hierarchies) {
    return hierarchies.stream()
        .map(hierarchy ->
            hierarchy.levels().stream()
                .mapToLong(level -> level.places().ofInstruction(place))
                .toArray())
        .toArray(long[][]::new);
  }
}
