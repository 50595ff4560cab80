package dev.cairn.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.bench.SyntheticRun;
import dev.cairn.event.Batch;
import dev.cairn.event.EventWord;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.timing.core.CoreCounts;
import dev.cairn.timing.core.CoreModel;
import dev.cairn.timing.core.TestCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Windows: where they are cut, and that they do not depend on what lies around them.
final class TimingAnalysisTest {
  private static final SyntheticRun RUN = new SyntheticRun(8, 1 << 13, 5);

  private static TimingAnalysis analysis(List<DecodedBlock> blocks, TimingWindow... windows) {
    return analysis(9000, blocks, windows);
  }

  private static TimingAnalysis analysis(
      long predictorWarming, List<DecodedBlock> blocks, TimingWindow... windows) {
    CoreModel core = CoreFiles.with("").create(new AArch64());
    TimingAnalysis analysis =
        new TimingAnalysis(
            core, block -> blocks.get(block.id()), 0, List.of(windows), predictorWarming);
    blocks.forEach(block -> analysis.define(block.definition()));
    return analysis;
  }

  private static List<WindowResult> time(TimingWindow... windows) {
    TimingAnalysis analysis = analysis(RUN.blocks(), windows);
    RUN.batches().forEach(analysis::accept);
    return analysis.result().windows();
  }

  /// {@return the only window of a run in these batches}
  private static WindowResult only(TimingAnalysis analysis, List<Batch> batches) {
    batches.forEach(analysis::accept);
    List<WindowResult> windows = analysis.result().windows();
    assertThat(windows).hasSize(1);
    return windows.getFirst();
  }

  private static WindowResult timeOne(TimingWindow window) {
    return only(analysis(RUN.blocks(), window), RUN.batches());
  }

  /// {@return what a core does that begins cold}
  private static CoreCounts window(long from, long until) {
    return window(from, from, until);
  }

  private static CoreCounts window(long warmFrom, long from, long until) {
    return timeOne(new TimingWindow(warmFrom, from, until)).counts();
  }

  private static Batch batch(long first, long... words) {
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(0, first, words.length);
    return batch;
  }

  @Test
  void wholeRunHasAllInstructionsAndAStackThatAddsUp() {
    CoreCounts counts = window(0, Long.MAX_VALUE);
    assertThat(counts.instructions()).isEqualTo(RUN.instructions());
    assertThat(counts.stack().total()).isEqualTo(counts.cycles());
    assertThat(counts.memory().loads() + counts.memory().stores()).isEqualTo(accesses());
  }

  @Test
  void windowsHaveExactlyTheInstructionsAskedFor() {
    List<WindowResult> results =
        time(
            new TimingWindow(0, 1, 2),
            new TimingWindow(2, 2, 4),
            new TimingWindow(10, 1013, 2017),
            new TimingWindow(5001, 12_345, 12_346),
            new TimingWindow(20_000, 20_007, 33_333));
    assertThat(results)
        .extracting(result -> result.counts().instructions())
        .containsExactly(1L, 2L, 1004L, 1L, 13_326L);
    for (WindowResult result : results) {
      assertThat(result.counts().stack().total()).isEqualTo(result.counts().cycles());
    }
  }

  @Test
  void accessesBelongToTheWindowOfTheirInstruction() {
    long parts = 0;
    for (long from = 0; from < 2000; from += 7) {
      parts += window(from, from + 7).memory().l1d().accesses();
    }
    CoreCounts whole = window(0, 2002);
    assertThat(parts).isEqualTo(whole.memory().l1d().accesses());
  }

  @Test
  void windowsInARowOfOneWarmCoreAddUp() {
    CoreCounts whole = window(0, 30_000);
    CoreCounts front = window(0, 12_347);
    CoreCounts back = window(12_347 - 4096, 12_347, 30_000);
    assertThat(front.instructions() + back.instructions()).isEqualTo(whole.instructions());
    CoreCounts settled = window(0, 3001, 30_000);
    CoreCounts start = window(0, 3001);
    assertThat(start.cycles() + settled.cycles())
        .as("less than 4096 instructions are all run in full detail")
        .isEqualTo(whole.cycles());
  }

  @Test
  void windowDoesNotDependOnTheOnesBeforeIt() {
    TimingWindow window = new TimingWindow(20_000, 30_000, 40_000);
    WindowResult alone = timeOne(window);
    WindowResult after =
        time(new TimingWindow(0, 100, 9999), new TimingWindow(9999, 15_000, 19_990), window).get(2);
    assertThat(after).isEqualTo(alone);
  }

  @Test
  void windowDoesNotDependOnWhatIsStreamedAroundIt() {
    TimingWindow window = new TimingWindow(20_003, 21_000, 30_011);
    TimingAnalysis analysis = analysis(RUN.blocks(), window);
    long position = 0;
    for (Batch whole : RUN.batches()) {
      for (Batch batch : recut(whole, 100)) {
        if (batch.firstInstruction() > 19_000 && batch.firstInstruction() < 31_000) {
          analysis.accept(batch);
          position = batch.firstInstruction();
        }
      }
    }
    assertThat(position).isGreaterThan(30_011);
    assertThat(analysis.result().windows().get(0)).isEqualTo(timeOne(window));
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65, 100, 1000})
  void batchesMayBeCutAnywhere(int most) {
    TimingWindow window = new TimingWindow(100, 7000, 40_000);
    List<Batch> cut = RUN.batches().stream().flatMap(batch -> recut(batch, most).stream()).toList();
    assertThat(only(analysis(RUN.blocks(), window), cut)).isEqualTo(timeOne(window));
  }

  @Test
  void functionalWarmingComesNearToFullTiming() {
    WindowResult warmed = timeOne(new TimingWindow(0, 40_000, 50_000));
    WindowResult cold = timeOne(new TimingWindow(40_000, 40_000, 50_000));
    long whole = window(0, 50_000).cycles();
    long before = window(0, 40_000).cycles();
    double truth = (whole - before) / 10_000.0;
    assertThat(warmed.cpi()).isBetween(truth * 0.97, truth * 1.03);
    assertThat(cold.cpi()).isGreaterThan(truth * 1.1);
  }

  @Test
  void predictorsNeedOnlyTheLastPartOfTheWarming() {
    TimingWindow window = new TimingWindow(0, 40_000, 50_000);
    WindowResult all = warmed(40_000, window);
    WindowResult last = warmed(20_000, window);
    WindowResult none = warmed(TimingAnalysis.DETAILED_WARMING, window);
    assertThat(last.counts().memory()).isEqualTo(all.counts().memory());
    assertThat(last.cpi()).isBetween(all.cpi() * 0.99, all.cpi() * 1.01);
    assertThat(none.counts().branches().mispredictedDirections())
        .isGreaterThan(all.counts().branches().mispredictedDirections());
  }

  private static WindowResult warmed(long predictorWarming, TimingWindow window) {
    return only(analysis(predictorWarming, RUN.blocks(), window), RUN.batches());
  }

  @Test
  void runThatEndsEarlyLeavesShortAndEmptyWindows() {
    long end = RUN.instructions();
    List<WindowResult> results =
        time(
            new TimingWindow(end - 100, end - 50, end + 50),
            new TimingWindow(end + 60, end + 70, end + 80));
    assertThat(results.get(0).counts().instructions()).isEqualTo(50);
    assertThat(results.get(1).counts().instructions()).isZero();
    assertThat(results.get(1).counts().cycles()).isZero();
    assertThat(results.get(1).cpi()).isNaN();
  }

  @Test
  void twoRunsAreAlike() {
    TimingWindow window = new TimingWindow(0, 1000, Long.MAX_VALUE);
    assertThat(time(window)).isEqualTo(time(window));
  }

  @Test
  void batchesOfOtherThreadsAreLeftOut() {
    TimingAnalysis analysis = analysis(RUN.blocks(), new TimingWindow(0, 0, Long.MAX_VALUE));
    Batch other = batch(0, EventWord.execution(0, 0, 1));
    other.reset(1, 0, 1);
    assertThat(only(analysis, List.of(other)).counts().instructions()).isZero();
  }

  @Test
  void overlappingWindowsAreRefused() {
    assertThatThrownBy(() -> time(new TimingWindow(0, 10, 20), new TimingWindow(19, 30, 40)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("windows must ascend and not overlap: ");
    assertThatThrownBy(() -> new TimingWindow(5, 4, 6))
        .hasMessage("a window must have 0 <= warmFrom <= from < until: 5, 4, 6");
  }

  // Outcomes of branches: a block that ends in a conditional branch, the two blocks that it may go
  // to, and a signal handler.

  private static final List<DecodedBlock> BRANCHES =
      List.of(
          TestCode.block(0, 0x1000, TestCode.nop(), TestCode.branchIf(0x2000)),
          TestCode.block(1, 0x1008, TestCode.nop()),
          TestCode.block(2, 0x2000, TestCode.nop()),
          TestCode.block(3, 0x3000, TestCode.nop(), TestCode.branch(BranchKind.RETURN, 0)));

  private static final long BRANCH = EventWord.execution(0, 0, 2);
  private static final long FALLEN_THROUGH = EventWord.execution(1, 0, 1);
  private static final long TAKEN = EventWord.execution(2, 0, 1);
  private static final long HANDLER = EventWord.execution(3, 0, 2);

  private static CoreCounts counts(Batch... batches) {
    return only(analysis(BRANCHES, new TimingWindow(0, 0, Long.MAX_VALUE)), List.of(batches))
        .counts();
  }

  private static CoreCounts counts(long... words) {
    return counts(batch(0, words));
  }

  @Test
  void nextExecutionSaysWhetherABranchWasTaken() {
    assertThat(counts(BRANCH, FALLEN_THROUGH).branches().taken()).isZero();
    assertThat(counts(BRANCH, TAKEN).branches().taken()).isEqualTo(1);
  }

  @Test
  void outcomeIsKnownAcrossBatches() {
    CoreCounts counts = counts(batch(0, BRANCH), batch(2, TAKEN));
    assertThat(counts.branches().taken()).isEqualTo(1);
    assertThat(counts.instructions()).isEqualTo(3);
  }

  @Test
  void outcomeOfTheLastBranchIsNotGuessed() {
    CoreCounts counts = counts(BRANCH);
    assertThat(counts.branches().branches()).isZero();
    assertThat(counts.instructions()).isEqualTo(2);
  }

  @Test
  void gapInTheStreamHidesTheOutcome() {
    assertThat(counts(batch(0, BRANCH), batch(100, TAKEN)).branches().branches()).isZero();
  }

  @Test
  void signalBehindABranchDoesNotHideWhereItWent() {
    CoreCounts counts = counts(BRANCH, EventWord.interrupt(0x1008, 11), HANDLER);
    assertThat(counts.branches().taken()).isZero();
    assertThat(counts.branches().conditional()).isEqualTo(1);
  }

  @Test
  void interruptAtTheEndOfABatchCountsForTheNext() {
    CoreCounts counts =
        counts(batch(0, BRANCH), batch(2, EventWord.interrupt(0x2000, 11), HANDLER));
    assertThat(counts.branches().taken()).isEqualTo(1);
  }

  @Test
  void blockLeftHalfWayHasNoBranch() {
    CoreCounts counts =
        counts(EventWord.execution(0, 0, 1), EventWord.interrupt(0x1004, 11), HANDLER);
    assertThat(counts.branches().branches()).isZero();
    assertThat(counts.instructions()).isEqualTo(3);
  }

  @Test
  void blockLeftBeforeItsFirstInstructionOnlySaysWhereTheLastOneWent() {
    long left = EventWord.execution(2, 0, 0);
    CoreCounts counts = counts(BRANCH, left, EventWord.interrupt(0x2000, 11), HANDLER);
    assertThat(counts.branches().taken()).isEqualTo(1);
    assertThat(counts.instructions()).isEqualTo(4);
  }

  @Test
  void blockEnteredInTheMiddleCountsFromThere() {
    CoreCounts counts = counts(EventWord.execution(0, 1, 2), TAKEN);
    assertThat(counts.instructions()).isEqualTo(2);
    assertThat(counts.branches().taken()).isEqualTo(1);
  }

  private static long accesses() {
    long accesses = 0;
    for (Batch batch : RUN.batches()) {
      for (int i = 0; i < batch.length(); i++) {
        accesses += EventWord.kind(batch.words()[i]) == EventWord.ACCESS ? 1 : 0;
      }
    }
    return accesses;
  }

  /// {@return the same words in batches of about `most`}
  private static List<Batch> recut(Batch batch, int most) {
    List<Batch> parts = new ArrayList<>();
    long position = batch.firstInstruction();
    int start = 0;
    long first = position;
    for (int i = 0; i < batch.length(); i++) {
      long word = batch.words()[i];
      if (EventWord.kind(word) == EventWord.EXECUTION) {
        if (i - start >= most) {
          parts.add(batch(first, Arrays.copyOfRange(batch.words(), start, i)));
          start = i;
          first = position;
        }
        position += EventWord.end(word) - EventWord.first(word);
      }
    }
    parts.add(batch(first, Arrays.copyOfRange(batch.words(), start, batch.length())));
    return parts;
  }
}
