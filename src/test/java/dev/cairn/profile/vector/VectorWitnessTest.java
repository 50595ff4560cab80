package dev.cairn.profile.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.Witness;
import dev.cairn.event.Analysis;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.Profile;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.profile.ThreadProfile;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.call.FunctionProfile;
import dev.cairn.profile.loop.Loop;
import dev.cairn.profile.loop.LoopsOfRun;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.Instruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Vectors of real runs against QEMU's own log of instructions, against calls and loops as they are
/// followed, and against each thread's executions one by one.
@Tag("qemu")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class VectorWitnessTest {
  private static final int INTERVAL = 1000;

  private static GuestMap map(GuestCommand command) throws Exception {
    return new GuestMap(
        GuestProgram.find(command.program(), command.sysroot(), Map.of(), null, Path.of("")),
        RunObserver.NONE);
  }

  private static void stream(
      GuestCommand command, RunObserver observer, StreamContents contents, Analysis<?>... analyses)
      throws Exception {
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(new Observation.Streaming(List.of(analyses), 0, List.of(), contents), observer);
  }

  /// {@return the branches taken in each interval, by name}
  private static List<Map<String, Long>> rows(LoopVectors loops, BasicBlockVectors vectors) {
    List<Map<String, Long>> rows = new ArrayList<>();
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    for (int interval = 0; interval < vectors.intervals(); interval++) {
      Map<String, Long> row = new TreeMap<>();
      cursor.interval(interval);
      while (cursor.next()) {
        if (cursor.block() != loops.none()) {
          LoopBranch branch = loops.branches().get(cursor.block() - 1);
          row.put(EachThread.name(branch.pc(), branch.target()), cursor.weight());
        }
      }
      rows.add(row);
    }
    return rows;
  }

  /// `execlog` writes a line an instruction: vCPU, address, opcode, text.
  @ParameterizedTest
  @ValueSource(strings = {"exec-fails", "rewrites", "unloads", "long-blocks", "loops-late"})
  void countsTheBranchesBackOfTheExecutedInstructions(String guest) throws Exception {
    GuestCommand command = TestGuests.named(guest);
    List<Map<String, Long>> expected = new ArrayList<>();
    long executed = 0;
    String branch = "";
    long target = 0;
    for (String line : Witness.testimony(command, null, "libexeclog.so").lines().toList()) {
      String[] fields = line.split(", ", 4);
      long pc = Long.parseLong(fields[1].substring(2), 16);
      if (!branch.isEmpty() && target == pc) {
        expected.getLast().merge(branch, 1L, Long::sum);
      }
      if (executed++ % INTERVAL == 0) {
        expected.add(new TreeMap<>());
      }
      Instruction instruction =
          EachThread.decode(pc, Integer.parseUnsignedInt(fields[2].substring(2), 16));
      target = instruction.target();
      branch = EachThread.goesBack(instruction, pc) ? EachThread.name(pc, target) : "";
    }
    assertThat(executed).isGreaterThan(5000);
    StreamedProfileAnalysis analysis =
        new StreamedProfileAnalysis(new AArch64(), INTERVAL, pc -> null, pc -> null);
    stream(command, RunObserver.NONE, StreamContents.NOTHING, analysis);
    LoopProfile streamed = analysis.result();
    assertThat(rows(streamed.loops(), streamed.loops().threads().getFirst())).isEqualTo(expected);
    assertThat(streamed.profile().instructions()).isEqualTo(executed);
    LoopProfile counted = count(command, INTERVAL);
    assertThat(rows(counted.loops(), counted.loops().threads().getFirst())).isEqualTo(expected);
    assertThat(counted.profile().instructions()).isEqualTo(executed);
  }

  private static LoopProfile count(GuestCommand command, long interval) throws Exception {
    CountedLoopsAnalysis analysis =
        new CountedLoopsAnalysis(new AArch64(), interval, pc -> null, pc -> null);
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(
            new Observation.Counting(
                analysis, interval, Observation.Counting.Besides.PASSED_BRANCHES),
            RunObserver.NONE);
    return analysis.result();
  }

  /// Faults, signals, jumps out of handlers and code that is left half-way among them; in intervals
  /// that end in each place of a loop.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mix",
        "unloads",
        "rewrites",
        "faults",
        "forks",
        "dies",
        "vfork",
        "clone",
        "exec-fails",
        "closes-all",
        "stores-into-itself",
        "long-blocks",
        "loops-late"
      })
  void countsTheBranchesThatItStreams(String guest) throws Exception {
    GuestCommand command = TestGuests.named(guest);
    for (int interval : guest.equals("mix") ? new int[] {99_991} : new int[] {37, 1009}) {
      StreamedProfileAnalysis analysis =
          new StreamedProfileAnalysis(new AArch64(), interval, pc -> null, pc -> null);
      stream(command, RunObserver.NONE, StreamContents.NOTHING, analysis);
      LoopProfile streamed = analysis.result();
      LoopProfile counted = count(command, interval);
      assertThat(counted.loops().branches()).isEqualTo(streamed.loops().branches());
      assertThat(counted.loops().threads()).hasSameSizeAs(streamed.loops().threads());
      for (int i = 0; i < counted.loops().threads().size(); i++) {
        assertThat(rows(counted.loops(), counted.loops().threads().get(i)))
            .isEqualTo(rows(streamed.loops(), streamed.loops().threads().get(i)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mix", "unloads", "rewrites"})
  void profilesTheSameWhetherItCountsOrStreams(String guest) throws Exception {
    GuestCommand command = TestGuests.named(guest);
    ProfileAnalysis counted =
        new ProfileAnalysis(new AArch64(), 100_000, ProfileAnalysis.KEEP_ALL, pc -> null);
    new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(new Observation.Counting(counted, 100_000), RunObserver.NONE);
    StreamedProfileAnalysis streamed =
        new StreamedProfileAnalysis(new AArch64(), 100_000, pc -> null, pc -> null);
    stream(command, RunObserver.NONE, StreamContents.NOTHING, streamed);
    Profile one = counted.result();
    Profile other = streamed.result().profile();
    assertThat(other.blocks()).isEqualTo(one.blocks());
    ThreadProfile ones = one.threads().getFirst();
    ThreadProfile others = other.threads().getFirst();
    assertThat(others.starts()).isEqualTo(ones.starts());
    assertThat(weights(others.vectors())).isEqualTo(weights(ones.vectors()));
  }

  private static List<Map<Integer, Long>> weights(BasicBlockVectors vectors) {
    List<Map<Integer, Long>> rows = new ArrayList<>();
    BasicBlockVectors.Cursor cursor = vectors.cursor();
    for (int interval = 0; interval < vectors.intervals(); interval++) {
      Map<Integer, Long> row = new TreeMap<>();
      cursor.interval(interval);
      while (cursor.next()) {
        row.put(cursor.block(), cursor.weight());
      }
      rows.add(row);
    }
    return rows;
  }

  /// Following calls gives a stub's instructions to the function that calls through it, and those
  /// of a function that is jumped into in its middle, as `_setjmp` does, to the one that jumps;
  /// that is all that differs in a static program.
  @Test
  void givesFunctionsTheInstructionsThatTheirActivationsExecute() throws Exception {
    GuestCommand command = TestGuests.named("mix");
    GuestMap map = map(command);
    StreamedProfileAnalysis analysis =
        new StreamedProfileAnalysis(
            new AArch64(), 100_000, map.addresses()::locate, map.addresses()::locate);
    CallAnalysis calls = new CallAnalysis(new AArch64(), map.addresses()::locate);
    stream(command, map, StreamContents.STACK, analysis, calls);
    Profile profile = analysis.result().profile();
    FunctionVectors vectors = FunctionVectors.of(profile);
    Map<String, Long> expected = new TreeMap<>();
    for (FunctionProfile function : calls.result().functions()) {
      expected.merge(function.name(), function.exclusive().total(), Long::sum);
    }
    Map<String, Long> found = new TreeMap<>();
    for (Map<Integer, Long> row : weights(vectors.threads().getFirst())) {
      row.forEach((id, weight) ->
          found.merge(
              Objects.requireNonNull(vectors.functions().get(id - 1).name()), weight, Long::sum));
    }
    long stubs =
        found.entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("@plt"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    found.keySet().removeIf(name -> name.endsWith("@plt"));
    found.merge("_setjmp", Objects.requireNonNull(found.remove("__sigsetjmp")), Long::sum);
    assertThat(found.keySet()).hasSizeGreaterThan(60).isEqualTo(expected.keySet());
    long callingStubs = 0;
    for (Map.Entry<String, Long> function : expected.entrySet()) {
      long own = Objects.requireNonNull(found.get(function.getKey()));
      assertThat(own)
          .as(function.getKey())
          .isBetween(function.getValue() - stubs, function.getValue());
      callingStubs += function.getValue() - own;
    }
    assertThat(callingStubs).isEqualTo(stubs).isLessThan(profile.instructions() / 50);
    assertThat(profile.instructions())
        .isEqualTo(found.values().stream().mapToLong(Long::longValue).sum() + stubs);
    for (FunctionTotal function : vectors.functions()) {
      assertThat(function.file()).isEqualTo(command.program());
    }
  }

  /// A loop whose every way back is a branch back to its head goes round as often as these are
  /// taken. Others have a way back that is none, or, in `over_a_page`, a branch back by which they
  /// are entered.
  @ParameterizedTest
  @CsvSource({"mix, 31, ", "shapes, 60, over_a_page"})
  void takesALoopsBranchesBackAsOftenAsItGoesRound(
      String guest, int atLeast, @Nullable String enteredByOne) throws Exception {
    GuestCommand command = TestGuests.named(guest);
    GuestMap map = map(command);
    StreamedProfileAnalysis analysis =
        new StreamedProfileAnalysis(
            new AArch64(), 100_000, map.addresses()::locate, map.addresses()::locate);
    LoopsOfRun loops = new LoopsOfRun(new AArch64(), map.addresses()::locate);
    stream(command, map, StreamContents.STACK, analysis, loops);
    Map<Long, Long> taken = new HashMap<>();
    for (LoopBranch branch : analysis.result().loops().branches()) {
      taken.merge(branch.target(), branch.taken(), Long::sum);
    }
    List<String> more = new ArrayList<>();
    int same = 0;
    for (Loop loop : loops.result().loops()) {
      long back = taken.getOrDefault(loop.head(), 0L);
      long around = loop.iterations() - loop.entries();
      if (back == around) {
        same++;
      } else if (back > around) {
        more.add(loop.function().name());
      }
    }
    assertThat(same).isGreaterThanOrEqualTo(atLeast);
    assertThat(more).isEqualTo(enteredByOne == null ? List.of() : List.of(enteredByOne));
  }

  @Test
  void hasTheIntervalsOfEachThreadAndTheirSums() throws Exception {
    GuestCommand command = TestGuests.named("threads");
    StreamedProfileAnalysis analysis =
        new StreamedProfileAnalysis(new AArch64(), INTERVAL, pc -> null, pc -> null);
    EachThread each = new EachThread(INTERVAL);
    stream(command, RunObserver.NONE, StreamContents.NOTHING, analysis, each);
    LoopProfile streamed = analysis.result();
    Profile profile = streamed.profile();
    assertThat(profile.threads()).hasSize(each.result()).hasSizeGreaterThan(50);
    for (int i = 0; i < profile.threads().size(); i++) {
      ThreadProfile thread = profile.threads().get(i);
      int number = thread.thread();
      assertThat(thread.starts().subList(1, thread.starts().size()))
          .isEqualTo(each.starts.getOrDefault(number, List.of()));
      assertThat(rows(streamed.loops(), streamed.loops().threads().get(i)))
          .isEqualTo(each.back.get(number));
      assertThat(weights(thread.vectors()))
          .isEqualTo(byBlock(profile, Objects.requireNonNull(each.addresses.get(number))));
    }
    BasicBlockVectors all =
        VectorSums.ofThreads(profile.threads().stream().map(ThreadProfile::vectors).toList());
    assertThat(all.totalInstructions()).isEqualTo(profile.instructions());
    List<Map<Long, Long>> sums = new ArrayList<>();
    for (List<Map<Long, Long>> rows : each.addresses.values()) {
      for (int i = 0; i < rows.size(); i++) {
        if (i == sums.size()) {
          sums.add(new TreeMap<>());
        }
        Map<Long, Long> sum = sums.get(i);
        rows.get(i).forEach((pc, times) -> sum.merge(pc, times, Long::sum));
      }
    }
    assertThat(weights(all)).isEqualTo(byBlock(profile, sums));
  }

  private static List<Map<Integer, Long>> byBlock(Profile profile, List<Map<Long, Long>> rows) {
    Map<Long, Integer> blockAt = new HashMap<>();
    for (BasicBlock block : profile.blocks()) {
      for (int i = 0; i < block.instructions(); i++) {
        assertThat(blockAt.put(block.pc() + 4L * i, block.id())).isNull();
      }
    }
    List<Map<Integer, Long>> sums = new ArrayList<>();
    for (Map<Long, Long> row : rows) {
      Map<Integer, Long> sum = new TreeMap<>();
      row.forEach(
          (pc, times) -> sum.merge(Objects.requireNonNull(blockAt.get(pc)), times, Long::sum));
      sums.add(sum);
    }
    return sums;
  }
}
