package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Witness;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.IntervalAnalysis;
import dev.cairn.event.IntervalCounts;
import dev.cairn.program.isa.AArch64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Profiles against what QEMU's own plugins saw of the same run.
@Tag("qemu")
final class ProfileWitnessTest {
  private static void count(GuestCommand command, IntervalAnalysis<?> analysis, long interval)
      throws Exception {
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(new Observation.Counting(analysis, interval), RunObserver.NONE);
  }

  private static Profile profile(GuestCommand command, long interval) throws Exception {
    ProfileAnalysis analysis =
        new ProfileAnalysis(new AArch64(), interval, ProfileAnalysis.KEEP_ALL, pc -> null);
    count(command, analysis, interval);
    return analysis.result();
  }

  /// `execlog` writes a line an instruction: vCPU, address, opcode, text.
  @ParameterizedTest
  @ValueSource(strings = {"exec-fails", "rewrites", "unloads", "long-blocks"})
  void hasTheBlocksThatTheExecutedInstructionsMake(String guest) throws Exception {
    GuestCommand command = TestGuests.named(guest);
    List<RandomProgram.Step> steps = new ArrayList<>();
    AArch64 isa = new AArch64();
    long expected = -1;
    for (String line : Witness.testimony(command, null, "libexeclog.so").lines().toList()) {
      String[] fields = line.split(", ", 4);
      long pc = Long.parseLong(fields[1].substring(2), 16);
      int word = Integer.parseUnsignedInt(fields[2].substring(2), 16);
      RandomProgram.Arrival arrival =
          pc == expected ? RandomProgram.Arrival.NEXT : RandomProgram.Arrival.BRANCH;
      steps.add(new RandomProgram.Step(pc, word, arrival));
      byte[] code = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(word).array();
      expected = isa.decode(pc, code, 0).branch().endsBlock() ? -1 : pc + 4;
    }
    assertThat(steps).hasSizeGreaterThan(5000);
    NaiveProfile naive = new NaiveProfile(steps, List.of());
    Profile profile = profile(command, 1000);
    assertThat(NaiveProfile.table(profile)).isEqualTo(naive.table());
    assertThat(profile.threads().getFirst().starts().subList(1, profileIntervals(profile)))
        .isEqualTo(naive.starts(1000));
  }

  private static int profileIntervals(Profile profile) {
    return profile.threads().getFirst().vectors().intervals();
  }

  /// Translation blocks' instructions, summed up at each interval's end.
  private static final class Sums implements IntervalAnalysis<Map<Long, Map<Long, Long>>> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final Set<Long> starts = new HashSet<>();

    /// Addresses in the order of their first translation, as `bbv` numbers them.
    private final List<Long> order = new ArrayList<>();

    private final Map<Long, Long> sums = new TreeMap<>();
    private final Map<Long, Map<Long, Long>> atEnds = new TreeMap<>();
    private long executed;

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
      if (starts.add(block.pc())) {
        order.add(block.pc());
      }
    }

    @Override
    public void enteredInside(int thread, int block, int first) {
      throw new AssertionError("counting is of whole runs");
    }

    @Override
    public void leftHalfWay(int thread, int block, int instructions) {}

    @Override
    public void accept(IntervalCounts interval) {
      for (int i = 0; i < interval.size(); i++) {
        BlockDefinition block = blocks.get(interval.block(i));
        sums.merge(block.pc(), interval.entries(i) * block.instructions(), Long::sum);
      }
      executed += interval.instructions();
      if (interval.endInstruction() == 0) {
        Map<Long, Long> here = new TreeMap<>(sums);
        if (interval.endBlock() >= 0) { // counted as entered, but of the next interval
          BlockDefinition block = blocks.get(interval.endBlock());
          here.merge(block.pc(), -(long) block.instructions(), Long::sum);
        }
        here.values().removeIf(sum -> sum == 0);
        atEnds.put(executed, here);
      }
    }

    @Override
    public Map<Long, Map<Long, Long>> result() {
      return atEnds;
    }
  }

  /// `bbv` ends an interval behind the block that crosses its end: now and then, just there.
  @Test
  void agreesWithBbvWhereBothSeeTheSameBoundary(@TempDir Path folder) throws Exception {
    GuestCommand command = TestGuests.named("mix");
    long interval = 300_000;
    Path out = folder.resolve("bbv");
    Witness.run(command, null, "libbbv.so,interval=" + interval + ",outfile=" + out);
    Sums analysis = new Sums();
    count(command, analysis, interval);
    Map<Long, Long> sums = new TreeMap<>();
    long executed = 0;
    int same = 0;
    for (String line : Files.readAllLines(folder.resolve("bbv.0.bb"))) {
      for (String pair : line.substring(1).strip().split(" ", -1)) {
        String[] fields = pair.split(":", -1);
        long weight = Long.parseLong(fields[2]);
        sums.merge(analysis.order.get(Integer.parseInt(fields[1]) - 1), weight, Long::sum);
        executed += weight;
      }
      Map<Long, Long> ours = analysis.result().get(executed);
      if (ours != null) {
        assertThat(ours).as("behind " + executed).isEqualTo(sums);
        same++;
      }
    }
    assertThat(same).isGreaterThan(5);
    Profile profile = profile(command, interval);
    assertThat(profile.instructions() - executed).isBetween(0L, interval);
  }

  @Test
  void addsUpToTheWitnessesTotal() throws Exception {
    GuestCommand command = TestGuests.named("mix");
    long total = Witness.instructions(command, null);
    for (long interval : new long[] {1000, 1_000_000, 2_000_000_000}) {
      Profile profile = profile(command, interval);
      assertThat(profile.instructions()).isEqualTo(total);
      BasicBlockVectors vectors = profile.threads().getFirst().vectors();
      assertThat(vectors.intervals()).isEqualTo((int) ((total + interval - 1) / interval));
      for (int i = 0; i + 1 < vectors.intervals(); i++) {
        assertThat(vectors.instructions(i)).isEqualTo(interval);
      }
    }
  }
}
