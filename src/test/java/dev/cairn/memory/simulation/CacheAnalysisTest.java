package dev.cairn.memory.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.PageSizes;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.hierarchy.Straddling;
import dev.cairn.memory.hierarchy.TlbShape;
import dev.cairn.memory.hierarchy.Writing;
import dev.cairn.memory.prefetch.PrefetcherConfiguration;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.simulation.level.AccessKind;
import dev.cairn.memory.simulation.level.Level;
import dev.cairn.memory.simulation.level.LevelTally;
import dev.cairn.memory.simulation.level.SettledLines;
import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.place.DataPlace;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.CacheProfile;
import dev.cairn.memory.simulation.result.CacheRequest;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.HierarchyResult;
import dev.cairn.memory.simulation.result.IntervalMisses;
import dev.cairn.memory.simulation.result.LevelCounts;
import dev.cairn.memory.simulation.result.PlaceMisses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The analysis leaves out what changes nothing; a twin that leaves out nothing must count the
/// same.
final class CacheAnalysisTest {
  private static final PrefetcherConfiguration STRIDE =
      new PrefetcherConfiguration(PrefetcherConfiguration.Kind.STRIDE, 2, 1, 16, 1);

  private static CacheShape cache(
      int size, int ways, int line, @Nullable Serves serves, @Nullable String below) {
    return CacheShape.plain(size, ways, line, serves, below, Replacement.LRU);
  }

  private static CacheShape cache(
      int size,
      int ways,
      int line,
      @Nullable Serves serves,
      @Nullable String below,
      Replacement replacement,
      Writing writing,
      boolean allocate,
      Inclusion inclusion,
      @Nullable PrefetcherConfiguration prefetcher) {
    return new CacheShape(
        size,
        ways,
        line,
        serves,
        below,
        replacement,
        writing,
        allocate,
        inclusion,
        null,
        prefetcher);
  }

  private static Hierarchy hierarchy(
      String name,
      @Nullable Straddling straddling,
      Map<String, CacheShape> caches,
      @Nullable Map<String, TlbShape> tlbs,
      @Nullable String walkCache,
      @Nullable PageSizes pages) {
    return new Hierarchy(name, straddling, caches, tlbs, walkCache, pages, null);
  }

  private static Map<String, CacheShape> split(int line) {
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    caches.put("L1I", cache(512, 2, line, Serves.INSTRUCTIONS, "L2"));
    caches.put("L1D", cache(1024, 4, line, Serves.DATA, "L2"));
    caches.put("L2", cache(4096, 4, line, null, null));
    return caches;
  }

  private static Map<String, TlbShape> tlbs() {
    Map<String, TlbShape> tlbs = new LinkedHashMap<>();
    tlbs.put("ITLB", new TlbShape(2, 2, Serves.INSTRUCTIONS, "L2TLB", null, null));
    tlbs.put("DTLB", new TlbShape(2, 2, Serves.DATA, "L2TLB", null, null));
    tlbs.put("L2TLB", new TlbShape(4, 2, null, null, null, null));
    return tlbs;
  }

  private static List<Hierarchy> hierarchies() {
    List<Hierarchy> all = new ArrayList<>();
    all.add(hierarchy("split", null, split(64), null, null, null));
    all.add(hierarchy("first", Straddling.FIRST, split(32), tlbs(), "L2", null));
    Map<String, CacheShape> unified = new LinkedHashMap<>();
    unified.put("L1", cache(1024, 4, 64, Serves.BOTH, "L2"));
    unified.put("L2", cache(4096, 8, 64, null, null));
    all.add(hierarchy("unified", null, unified, tlbs(), "L1", null));
    Map<String, TlbShape> oneTlb = Map.of("TLB", new TlbShape(2, 2, Serves.BOTH, null, null, null));
    all.add(hierarchy("one buffer", null, split(64), oneTlb, "L1D", null));
    for (Replacement policy : Replacement.values()) {
      for (Inclusion inclusion : Inclusion.values()) {
        Map<String, CacheShape> caches = new LinkedHashMap<>();
        caches.put(
            "L1I",
            cache(
                512,
                2,
                64,
                Serves.INSTRUCTIONS,
                "L2",
                policy == Replacement.DRRIP ? Replacement.LRU : policy,
                Writing.BACK,
                true,
                Inclusion.NINE,
                null));
        caches.put(
            "L1D",
            cache(
                2048,
                4,
                64,
                Serves.DATA,
                "L2",
                policy,
                Writing.BACK,
                true,
                Inclusion.NINE,
                STRIDE));
        caches.put(
            "L2", cache(4096, 8, 64, null, null, policy, Writing.BACK, true, inclusion, STRIDE));
        all.add(hierarchy(policy + " " + inclusion, null, caches, null, null, null));
      }
    }
    for (boolean allocate : new boolean[] {true, false}) {
      for (Writing writing : Writing.values()) {
        Map<String, CacheShape> caches = split(64);
        caches.put(
            "L1D",
            cache(
                1024,
                4,
                64,
                Serves.DATA,
                "L2",
                Replacement.FIFO,
                writing,
                allocate,
                Inclusion.NINE,
                null));
        all.add(
            hierarchy(
                writing + " " + allocate,
                null,
                caches,
                tlbs(),
                null,
                new PageSizes(4096, List.of(new PageSizes.Range(0x200000, 0x400000, 1 << 16)))));
      }
    }
    return all;
  }

  /// A run of blocks of up to 40 instructions, in parts and whole, with accesses near each other.
  private static final class Run {
    final List<BlockDefinition> blocks = new ArrayList<>();
    final List<Batch> batches = new ArrayList<>();
    private final SplittableRandom random;

    Run(long seed, int threads) {
      random = new SplittableRandom(seed);
      long pc = 0x10000;
      for (int id = 0; id < 60; id++) {
        int count = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 6);
        byte[] sizes = new byte[count];
        Arrays.fill(sizes, (byte) 4);
        blocks.add(new BlockDefinition(id, pc, new byte[count * 4], sizes));
        pc += count * 4 + random.nextInt(3) * 16;
      }
      long[] first = new long[threads];
      for (int i = 0; i < 200; i++) {
        int thread = random.nextInt(threads);
        batches.add(batch(thread, first[thread]));
        first[thread] += batches.getLast().instructions();
      }
    }

    private Batch batch(int thread, long first) {
      Batch batch = new Batch(1 << 12);
      int length = 0;
      int block = random.nextInt(blocks.size());
      for (int i = 0; i < 60; i++) {
        if (random.nextInt(30) == 0) {
          batch.words()[length++] = EventWord.interrupt(0x1000, 11);
        }
        block =
            random.nextInt(4) == 0 ? random.nextInt(blocks.size()) : (block + 1) % blocks.size();
        int count = blocks.get(block).instructions();
        boolean whole = random.nextInt(8) != 0;
        int from = whole ? 0 : random.nextInt(count);
        int until = whole ? count : from + random.nextInt(count - from + 1);
        batch.words()[length++] = EventWord.execution(block, from, until);
        for (int instruction = from; instruction < until; instruction++) {
          if (random.nextInt(3) == 0) {
            long address =
                0x200000L
                    + random.nextInt(6) * 0x1000L
                    + random.nextInt(random.nextBoolean() ? 100 : 3000);
            batch.words()[length++] =
                EventWord.access(
                    address, instruction, 1 << random.nextInt(6), random.nextInt(3) == 0);
          }
        }
      }
      batch.reset(thread, first, length);
      return batch;
    }
  }

  /// Hands each instruction and each access to a hierarchy by itself.
  private static void naive(Run run, SimulatedHierarchy hierarchy) {
    for (Batch batch : run.batches) {
      hierarchy.setThread(batch.thread());
      int at = 0;
      while (at < batch.length()) {
        long word = batch.words()[at++];
        if (EventWord.kind(word) != EventWord.EXECUTION) {
          continue;
        }
        long pc = run.blocks.get(EventWord.block(word)).pc();
        for (int i = EventWord.first(word); i < EventWord.end(word); i++) {
          long here = pc + 4L * i;
          hierarchy.translateFetch(here, -1);
          hierarchy.fetch(here, here, -1);
          while (at < batch.length()
              && EventWord.kind(batch.words()[at]) == EventWord.ACCESS
              && EventWord.instruction(batch.words()[at]) == i) {
            long access = batch.words()[at++];
            long address = EventWord.address(access);
            long last = address + EventWord.bytes(access) - 1;
            hierarchy.translateData(address, last, EventWord.isStore(access), here, -1);
            hierarchy.data(address, last, EventWord.isStore(access), here, -1);
          }
        }
      }
    }
  }

  private static CacheProfile profile(Run run, CacheRequest request) {
    CacheAnalysis analysis = new CacheAnalysis(request, pc -> null, DataRanges.NONE);
    run.blocks.forEach(analysis::define);
    run.batches.forEach(analysis::accept);
    return analysis.result();
  }

  private static LevelCounts counts(Level level, boolean kinds) {
    LevelTally tally = level.tally();
    return tally.counts(
        tally.accesses(AccessKind.FETCH),
        tally.accesses(AccessKind.LOAD),
        tally.accesses(AccessKind.STORE),
        kinds);
  }

  private static void check(Run run, CacheRequest request) {
    CacheProfile profile = profile(run, request);
    for (HierarchyResult result : profile.hierarchies()) {
      SettledLines unused = new SettledLines(5, 6, 0);
      SimulatedHierarchy twin =
          new SimulatedHierarchy(
              result.hierarchy(), request.kinds(), new DataPlace(DataRanges.NONE), unused, unused);
      naive(run, twin);
      for (int i = 0; i < result.levels().size(); i++) {
        assertThat(result.levels().get(i).counts())
            .as("%s of %s", result.levels().get(i).name(), result.hierarchy().name())
            .isEqualTo(counts(twin.levels().get(i), request.kinds()));
      }
      assertThat(result.memoryReads()).isEqualTo(twin.memoryReads());
      assertThat(result.memoryWrites()).isEqualTo(twin.memoryWrites());
      assertThat(result.walks()).isEqualTo(twin.walks());
      assertThat(result.walkReads()).isEqualTo(twin.walkReads());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void leavesOutOnlyWhatChangesNothing(long seed) {
    Run run = new Run(seed, 1);
    for (Hierarchy hierarchy : hierarchies()) {
      check(run, new CacheRequest(List.of(hierarchy), false, Grouping.PC, 0));
    }
  }

  @Test
  void simulatesManyAtOnceAsEachAlone() {
    check(new Run(4, 1), new CacheRequest(hierarchies(), false, Grouping.FUNCTION, 1000));
    List<Hierarchy> split =
        hierarchies().stream().filter(h -> !h.name().equals("unified")).toList();
    check(new Run(5, 1), new CacheRequest(split, false, Grouping.FUNCTION, 77));
  }

  @Test
  void tellsKindsOfMissesApart() {
    check(new Run(6, 1), new CacheRequest(hierarchies(), true, Grouping.LINE, 0));
  }

  @Test
  void keepsTheCachesOfThreadsApart() {
    for (Hierarchy hierarchy : hierarchies()) {
      check(new Run(7, 3), new CacheRequest(List.of(hierarchy), false, Grouping.FUNCTION, 0));
    }
    check(new Run(8, 2), new CacheRequest(hierarchies(), false, Grouping.FUNCTION, 500));
  }

  @Test
  void slicesAndPlacesAddUpToTheWhole() {
    Run run = new Run(9, 1);
    CacheProfile profile = profile(run, new CacheRequest(hierarchies(), false, Grouping.PC, 1000));
    long[] sliced = new long[3];
    for (int i = 0; i < profile.intervals().size(); i++) {
      IntervalMisses slice = profile.intervals().get(i);
      assertThat(slice.from()).isEqualTo(1000L * i);
      if (i + 1 < profile.intervals().size()) {
        assertThat(slice.instructions()).isEqualTo(1000);
      }
      sliced[0] += slice.instructions();
      sliced[1] += slice.loads();
      sliced[2] += slice.stores();
    }
    assertThat(sliced).containsExactly(profile.instructions(), profile.loads(), profile.stores());
    assertThat(profile.places().stream().mapToLong(PlaceMisses::instructions).sum())
        .isEqualTo(profile.instructions());
    assertThat(profile.places().stream().mapToLong(PlaceMisses::accesses).sum())
        .isEqualTo(profile.loads() + profile.stores());
    for (int h = 0; h < profile.hierarchies().size(); h++) {
      int hierarchy = h;
      for (int l = 0; l < profile.hierarchies().get(h).levels().size(); l++) {
        int level = l;
        long misses = profile.hierarchies().get(h).levels().get(l).counts().misses();
        assertThat(profile.intervals().stream().mapToLong(s -> s.misses()[hierarchy][level]).sum())
            .isEqualTo(misses);
        assertThat(profile.places().stream().mapToLong(p -> p.misses()[hierarchy][level]).sum())
            .isEqualTo(misses);
      }
    }
  }

  @Test
  void tellsRangesOfDataApart() {
    DataRanges pages =
        new DataRanges() {
          @Override
          public int find(long address) {
            return (int) (address >>> 12) - 0x200;
          }

          @Override
          public String name(int range) {
            return range < 3 ? "low" : "page " + range;
          }
        };
    Run run = new Run(10, 1);
    CacheAnalysis analysis =
        new CacheAnalysis(
            new CacheRequest(hierarchies(), false, Grouping.RANGE, 0), pc -> null, pages);
    run.blocks.forEach(analysis::define);
    run.batches.forEach(analysis::accept);
    CacheProfile profile = analysis.result();
    assertThat(profile.places().stream().map(PlaceMisses::range).toList())
        .startsWith("low", "page 3", "page 4", "page 5");
    assertThat(profile.places().stream().mapToLong(PlaceMisses::accesses).sum())
        .isEqualTo(profile.loads() + profile.stores());
    LevelCounts data = profile.hierarchies().getFirst().levels().get(1).counts();
    assertThat(profile.places().stream().mapToLong(place -> place.misses()[0][1]).sum())
        .isEqualTo(data.misses());
    CacheProfile plain = profile(run, new CacheRequest(hierarchies(), false, Grouping.PC, 0));
    assertThat(profile.hierarchies()).isEqualTo(plain.hierarchies());
  }
}
