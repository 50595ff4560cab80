package dev.cairn.memory.locality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AArch64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class LocalityAnalysisTest {
  private static final int LDR_X0_X0 = 0xf9400000; // ldr x0, [x0]
  private static final int LDR_X1_X2 = 0xf9400041; // ldr x1, [x2]
  private static final int STR_X1_X3 = 0xf9000061; // str x1, [x3]
  private static final int NOP = 0xd503201f;
  private static final int LOOP = 0x17fffffc; // b to the block's start, four instructions before

  private static BlockDefinition block(int id, long pc, int... words) {
    ByteBuffer code = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    byte[] sizes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      code.putInt(words[i]);
      sizes[i] = 4;
    }
    return new BlockDefinition(id, pc, code.array(), sizes);
  }

  private static LocalityAnalysis analysis(long interval) {
    return new LocalityAnalysis(
        new LocalityRequest(64, 4096, interval, 0, true), new AArch64(), pc -> null);
  }

  /// A loop that chases pointers, reads an array and writes to one place.
  @Test
  void tellsWhatAccessesLookLike() {
    LocalityAnalysis analysis = analysis(1000);
    analysis.define(block(0, 0x1000, LDR_X0_X0, LDR_X1_X2, STR_X1_X3, NOP, LOOP));
    SplittableRandom random = new SplittableRandom(1);
    Batch batch = new Batch(4000);
    int length = 0;
    for (int i = 0; i < 1000; i++) {
      batch.words()[length++] = EventWord.execution(0, 0, 5);
      batch.words()[length++] =
          EventWord.access(0x100000 + random.nextInt(1000) * 64L, 0, 8, false);
      batch.words()[length++] = EventWord.access(0x200000 + i * 8L, 1, 8, false);
      batch.words()[length++] = EventWord.access(0x300000, 2, 8, true);
    }
    batch.reset(0, 0, length);
    analysis.accept(batch);
    LocalityProfile profile = analysis.result();
    assertThat(profile.instructionPatterns().stream().map(AccessPattern::kind).toList())
        .containsExactly(
            AccessPattern.Kind.CHASE, AccessPattern.Kind.STREAM, AccessPattern.Kind.SAME);
    AccessPattern stream = profile.instructionPatterns().get(1);
    assertThat(stream.stride()).isEqualTo(8);
    assertThat(stream.steady()).isEqualTo(998);
    assertThat(stream.lowest()).isEqualTo(0x200000);
    assertThat(stream.highest()).isEqualTo(0x200000 + 999 * 8);
    assertThat(profile.loads()).isEqualTo(2000);
    assertThat(profile.stores()).isEqualTo(1000);
    assertThat(profile.hotLines().getFirst()).isEqualTo(new LocalityProfile.Place(0x300000, 1000));
  }

  @Test
  void tellsWhoElseAccessesALine() {
    LocalityAnalysis analysis = analysis(1000);
    analysis.define(block(0, 0x1000, LDR_X1_X2, STR_X1_X3));
    for (int thread : new int[] {0, 1, 0, 1}) {
      Batch batch = new Batch(100);
      batch.words()[0] = EventWord.execution(0, 0, 2);
      batch.words()[1] = EventWord.access(0x100000, 0, 8, false);
      batch.words()[2] = EventWord.access(0x100020, 1, 8, true);
      batch.reset(thread, 0, 3);
      analysis.accept(batch);
    }
    List<AccessPattern> patterns = analysis.result().instructionPatterns();
    assertThat(patterns.get(0).others()).isEqualTo(3);
    assertThat(patterns.get(0).partner()).isEqualTo(0x1004);
    assertThat(patterns.get(0).shared()).isEqualTo(3);
    assertThat(patterns.get(1).others()).isEqualTo(4);
    assertThat(patterns.get(1).shared()).isZero();
  }

  /// However many lines it touches: an access is one.
  @Test
  void countsAnAccessThatCrossesLinesOnceForOthersAndThreads() {
    LocalityAnalysis analysis = analysis(1000);
    analysis.define(block(0, 0x1000, LDR_X1_X2, STR_X1_X3));
    for (int thread : new int[] {0, 1, 0, 1}) {
      Batch batch = new Batch(100);
      batch.words()[0] = EventWord.execution(0, 0, 2);
      batch.words()[1] = EventWord.access(0x10003c, 0, 8, false);
      batch.words()[2] = EventWord.access(0x10003e, 1, 8, true);
      batch.reset(thread, 0, 3);
      analysis.accept(batch);
    }
    LocalityProfile profile = analysis.result();
    List<AccessPattern> patterns = profile.instructionPatterns();
    assertThat(patterns.get(0).others()).isEqualTo(3);
    assertThat(patterns.get(0).shared()).isEqualTo(3);
    assertThat(patterns.get(1).others()).isEqualTo(4);
    assertThat(profile.hotPages()).containsExactly(new LocalityProfile.Place(0x100000, 8));
  }

  @Test
  void theWorkingSetIsWhatASliceTouched() {
    LocalityAnalysis analysis = analysis(100);
    analysis.define(block(0, 0x1000, LDR_X1_X2, STR_X1_X3, NOP));
    SplittableRandom random = new SplittableRandom(2);
    TreeMap<Integer, TreeSet<Long>> lines = new TreeMap<>();
    TreeMap<Integer, TreeMap<Long, Long>> pages = new TreeMap<>();
    int executed = 0;
    for (int b = 0; b < 50; b++) {
      Batch batch = new Batch(1000);
      int length = 0;
      int begun = executed;
      for (int i = 0; i < 37; i++) {
        batch.words()[length++] = EventWord.execution(0, 0, 3);
        for (int instruction = 0; instruction < 2; instruction++) {
          long address = 0x100000L + random.nextInt(5) * 0x1000L + random.nextInt(4096);
          batch.words()[length++] = EventWord.access(address, instruction, 16, instruction == 1);
          for (long line = address >>> 6; line <= (address + 15) >>> 6; line++) {
            int slice = (executed + instruction) / 100;
            lines.computeIfAbsent(slice, s -> new TreeSet<>()).add(line);
          }
          for (long page = address >>> 12; page <= (address + 15) >>> 12; page++) {
            int slice = (executed + instruction) / 100;
            pages.computeIfAbsent(slice, s -> new TreeMap<>()).merge(page, 1L, Long::sum);
          }
        }
        executed += 3;
      }
      batch.reset(0, begun, length);
      analysis.accept(batch);
    }
    LocalityProfile profile = analysis.result();
    TreeSet<Long> seen = new TreeSet<>();
    for (int slice = 0; slice < profile.slices().size(); slice++) {
      int number = slice;
      TreeSet<Long> here = lines.getOrDefault(slice, new TreeSet<>());
      long fresh = here.stream().filter(seen::add).count();
      LocalityProfile.Slice told = profile.slices().get(slice);
      assertThat(told.from()).isEqualTo(100L * slice);
      assertThat(told.lines()).isEqualTo(here.size());
      assertThat(told.newLines()).isEqualTo(fresh);
      TreeMap<Long, Long> heat = new TreeMap<>();
      profile.heat().stream()
          .filter(each -> each.slice() == number)
          .forEach(each -> heat.put(each.page() >>> 12, each.accesses()));
      assertThat(heat).isEqualTo(pages.getOrDefault(slice, new TreeMap<>()));
    }
    assertThat(profile.slices()).hasSize((executed + 99) / 100);
    assertThat(profile.lines()).isEqualTo(seen.size());
  }
}
