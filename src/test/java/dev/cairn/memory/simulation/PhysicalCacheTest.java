package dev.cairn.memory.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.placement.Placement;
import dev.cairn.memory.placement.PlacementModel;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.CacheProfile;
import dev.cairn.memory.simulation.result.CacheRequest;
import dev.cairn.memory.simulation.result.Grouping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Caches that are indexed by physical addresses, against caches that see a run in which all
/// addresses are physical ones.
final class PhysicalCacheTest {
  private static final int PAGE = 4096;
  private static final int BLOCKS = 60;

  private static Hierarchy hierarchy(int l2Bytes) {
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    caches.put("L1I", CacheShape.plain(8192, 1, 64, Serves.INSTRUCTIONS, "L2", Replacement.LRU));
    caches.put("L1D", CacheShape.plain(16384, 2, 64, Serves.DATA, "L2", Replacement.LRU));
    caches.put("L2", CacheShape.plain(l2Bytes, 4, 64, null, null, Replacement.FIFO));
    return new Hierarchy("small", null, caches, null, null, null, null);
  }

  private static CacheAnalysis analysis(Hierarchy hierarchy, AddressTranslation translation) {
    return new CacheAnalysis(
        new CacheRequest(List.of(hierarchy), true, Grouping.PC, 0),
        pc -> null,
        DataRanges.NONE,
        translation);
  }

  /// A run of blocks within their pages, and accesses to many pages, some of which cross them.
  ///
  /// @return executions, each with its accesses
  private static List<long[]> run(long seed, List<BlockDefinition> blocks) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int id = 0; id < BLOCKS; id++) {
      int count = 1 + random.nextInt(40);
      byte[] sizes = new byte[count];
      Arrays.fill(sizes, (byte) 4);
      long pc = 0x40_0000L + (long) random.nextInt(20) * PAGE + 4L * random.nextInt(1024 - count);
      blocks.add(new BlockDefinition(id, pc, new byte[4 * count], sizes));
    }
    List<long[]> run = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int block = random.nextInt(1 + random.nextInt(BLOCKS));
      int count = blocks.get(block).instructions();
      long[] words = new long[1 + random.nextInt(4)];
      words[0] = EventWord.execution(block, 0, count);
      for (int a = 1; a < words.length; a++) {
        long page = random.nextInt(1 + random.nextInt(80));
        int offset = random.nextInt(10) == 0 ? PAGE - 5 : random.nextInt(PAGE - 16);
        words[a] =
            EventWord.access(
                0x7f_0000_0000L + page * PAGE + offset,
                (a - 1) * count / words.length,
                1 << random.nextInt(5),
                random.nextInt(3) == 0);
      }
      run.add(words);
    }
    return run;
  }

  private static void accept(CacheAnalysis analysis, long[] words) {
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(0, 0, words.length);
    analysis.accept(batch);
  }

  /// {@return what plain caches count of the run with physical addresses in it}
  private static CacheProfile moved(
      Hierarchy hierarchy, List<BlockDefinition> blocks, List<long[]> run, AddressTranslation to) {
    CacheAnalysis analysis =
        new CacheAnalysis(
            new CacheRequest(List.of(hierarchy), true, Grouping.PC, 0),
            pc -> null,
            DataRanges.NONE);
    int[] ids = new int[blocks.size()];
    int defined = 0;
    for (long[] words : run) {
      int block = EventWord.block(words[0]);
      if (ids[block] == 0) {
        BlockDefinition old = blocks.get(block);
        long pc = to.physicalAddress(old.pc());
        analysis.define(new BlockDefinition(defined++, pc, old.code(), old.sizes()));
        ids[block] = defined;
      }
      List<Long> shown = new ArrayList<>();
      shown.add(EventWord.execution(ids[block] - 1, 0, EventWord.end(words[0])));
      for (int a = 1; a < words.length; a++) {
        long address = EventWord.address(words[a]);
        int bytes = EventWord.bytes(words[a]);
        int left = bytes;
        while (left > 0) { // by bytes if it crosses pages: each line once then
          boolean crosses = address / PAGE != (address + left - 1) / PAGE;
          int part = crosses ? largest((int) (PAGE - address % PAGE)) : largest(left);
          boolean again = crosses && (address & 63) != 0 && left != bytes;
          if (!again) {
            shown.add(
                EventWord.access(
                    to.physicalAddress(address),
                    EventWord.instruction(words[a]),
                    part,
                    EventWord.isStore(words[a])));
          }
          address += part;
          left -= part;
          if (!crosses) {
            left = 0;
          }
        }
      }
      accept(analysis, shown.stream().mapToLong(Long::longValue).toArray());
    }
    return analysis.result();
  }

  private static int largest(int upTo) {
    return Math.min(16, Integer.highestOneBit(upTo));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void missAsIfTheRunHadPhysicalAddresses(long seed) {
    List<BlockDefinition> blocks = new ArrayList<>();
    List<long[]> run = run(seed, blocks);
    Placement placement = new Placement(PlacementModel.RANDOM, seed, PAGE, 1 << 22);
    CacheAnalysis analysis = analysis(hierarchy(65536), placement.create());
    blocks.forEach(analysis::define);
    run.forEach(words -> accept(analysis, words));
    CacheProfile profile = analysis.result();
    CacheProfile twin = moved(hierarchy(65536), blocks, run, placement.create());
    assertThat(profile.hierarchies()).isEqualTo(twin.hierarchies());
    assertThat(profile.hierarchies().getFirst().levels().get(2).counts().conflictMisses())
        .isPositive();
  }

  @Test
  void missAsByVirtualAddressesWhereColoursKeepTheSets() {
    List<BlockDefinition> blocks = new ArrayList<>();
    List<long[]> run = run(9, blocks);
    Hierarchy hierarchy = hierarchy(65536); // four pages a way
    List<CacheProfile> profiles = new ArrayList<>();
    List<PlacementModel> models =
        List.of(PlacementModel.COLORING, PlacementModel.HUGE_PAGES, PlacementModel.RANDOM);
    for (PlacementModel model : models) {
      int page = model == PlacementModel.HUGE_PAGES ? Placement.HUGE_PAGE : PAGE;
      CacheAnalysis analysis = analysis(hierarchy, new Placement(model, 4, page, 1 << 24).create());
      blocks.forEach(analysis::define);
      run.forEach(words -> accept(analysis, words));
      profiles.add(analysis.result());
    }
    CacheAnalysis plain =
        new CacheAnalysis(
            new CacheRequest(List.of(hierarchy), true, Grouping.PC, 0),
            pc -> null,
            DataRanges.NONE);
    blocks.forEach(plain::define);
    run.forEach(words -> accept(plain, words));
    CacheProfile virtual = plain.result();
    assertThat(profiles.get(0).hierarchies()).isEqualTo(virtual.hierarchies());
    assertThat(profiles.get(1).hierarchies()).isEqualTo(virtual.hierarchies());
    assertThat(profiles.get(2).hierarchies()).isNotEqualTo(virtual.hierarchies());
  }
}
