package dev.cairn.profile.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.Functions;
import dev.cairn.program.isa.BranchKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Loops of made-up runs: blocks of one function, walked through by activations.
final class LoopAnalysisTest {
  private final LoopAnalysis analysis = new LoopAnalysis();
  private final List<FlowBlock> blocks = new ArrayList<>();
  private long instructions;

  /// Defines a block of four-byte instructions.
  private int block(long pc, int length) {
    FlowBlock block =
        new FlowBlock(
            blocks.size(), pc, pc + 4L * length, 4, length, BranchKind.CONDITIONAL, 0, null);
    blocks.add(block);
    analysis.defined(block);
    return block.id();
  }

  /// Calls the function, walks through some blocks, and returns.
  private void run(int... path) {
    FlowWalk walk = new FlowWalk(analysis, blocks, 0, 0);
    instructions = walk.run(instructions, path);
  }

  private LoopProfile result() {
    Functions functions = new Functions();
    functions.of("/program", 0);
    return analysis.result(functions);
  }

  private static String text(LoopProfile profile) {
    StringBuilder text = new StringBuilder();
    for (Loop loop : profile.loops()) {
      text.append(
          "%x depth %d parent %d%s: %d entries, %d iterations, %d instructions, %s%n"
              .formatted(
                  loop.head(),
                  loop.depth(),
                  loop.parent(),
                  loop.reducible() ? "" : " irreducible",
                  loop.entries(),
                  loop.iterations(),
                  loop.instructions(),
                  ranges(loop)));
      assertThat(loop.unplaced()).isZero();
    }
    return text.toString();
  }

  private static String ranges(Loop loop) {
    return loop.histogram().stream()
        .map(range ->
            (range.from() == range.to() ? "" : range.from() + "-")
                + range.to()
                + " x "
                + range.entries())
        .toList()
        .toString();
  }

  @Test
  void countsABlockThatRunsInACircle() {
    int before = block(0x100, 2);
    int body = block(0x108, 3);
    int behind = block(0x114, 1);
    run(before, body, body, body, behind);
    run(before, body, behind);
    assertThat(text(result()))
        .isEqualToIgnoringNewLines(
            "108 depth 1 parent -1: 2 entries, 4 iterations, 12 instructions, [1 x 1, 3 x 1]");
  }

  /// QEMU's first block runs on into the loop's header.
  @Test
  void countsTheFirstIterationInTheBlockThatLeadsIn() {
    int before = block(0x100, 5);
    int body = block(0x108, 3);
    int behind = block(0x114, 1);
    run(before, body, body, behind);
    assertThat(text(result()))
        .isEqualToIgnoringNewLines(
            "108 depth 1 parent -1: 1 entries, 3 iterations, 9 instructions, [3 x 1]");
  }

  @Test
  void countsNestedLoops() {
    int start = block(0x100, 1);
    int outer = block(0x104, 1);
    int inner = block(0x108, 2);
    int latch = block(0x110, 1);
    int end = block(0x114, 1);
    run(start, outer, inner, inner, latch, outer, inner, latch, end);
    assertThat(text(result()))
        .isEqualToIgnoringNewLines(
            "104 depth 1 parent -1: 1 entries, 2 iterations, 10 instructions, [2 x 1]%n".formatted()
                + "108 depth 2 parent 0: 2 entries, 3 iterations, 6 instructions, [1 x 1, 2 x 1]");
  }

  @Test
  void endsALoopThatAReturnLeaves() {
    int start = block(0x100, 1);
    int body = block(0x104, 2);
    run(start, body, body);
    assertThat(text(result()))
        .isEqualToIgnoringNewLines(
            "104 depth 1 parent -1: 1 entries, 2 iterations, 4 instructions, [2 x 1]");
  }

  @Test
  void countsALoopThatBeginsTheFunction() {
    int body = block(0x100, 2);
    int end = block(0x108, 1);
    run(body, body, body, end);
    run(body, end);
    assertThat(text(result()))
        .isEqualToIgnoringNewLines(
            "100 depth 1 parent -1: 2 entries, 4 iterations, 8 instructions, [1 x 1, 3 x 1]");
  }

  @Test
  void keepsActivationsOfOneFunctionApart() {
    int start = block(0x100, 1);
    int body = block(0x104, 2);
    int end = block(0x10c, 1);
    FlowWalk outer = new FlowWalk(analysis, blocks, 0, 0);
    FlowWalk inner = new FlowWalk(analysis, blocks, 1, 0);
    instructions = outer.begin(instructions, start);
    instructions = outer.step(instructions, body);
    instructions = inner.run(instructions, new int[] {start, body, body, body, end});
    instructions = outer.step(instructions, body);
    instructions = outer.step(instructions, end);
    outer.end(instructions);
    assertThat(text(result()))
        .isEqualToIgnoringNewLines(
            "104 depth 1 parent -1: 2 entries, 5 iterations, 12 instructions, [2 x 1, 3 x 1]");
  }

  @Test
  void goesOnBehindAFullLog() {
    int start = block(0x100, 1);
    int body = block(0x104, 1);
    int end = block(0x108, 1);
    int[] path = new int[FunctionLoops.LOG_LENGTH * 3];
    Arrays.fill(path, body);
    path[0] = start;
    path[path.length - 1] = end;
    run(path);
    run(start, body, body, end);
    Loop loop = result().loops().getFirst();
    assertThat(loop.entries()).isEqualTo(2);
    assertThat(loop.iterations()).isEqualTo(path.length);
    assertThat(loop.instructions()).isEqualTo(path.length);
    assertThat(loop.unplaced()).isZero();
  }

  @Test
  void placesALoopThatIsFoundLate() {
    int start = block(0x100, 1);
    int outer = block(0x104, 1);
    int body = block(0x108, 1);
    int end = block(0x10c, 1);
    FlowWalk walk = new FlowWalk(analysis, blocks, 0, 0);
    instructions = walk.begin(instructions, start);
    instructions = walk.step(instructions, outer);
    for (int i = 0; i < FunctionLoops.LOG_LENGTH; i++) {
      instructions = walk.step(instructions, body);
    }
    instructions = walk.step(instructions, outer); // the first sign of the outer loop
    instructions = walk.step(instructions, body);
    instructions = walk.step(instructions, end);
    walk.end(instructions);
    LoopProfile profile = result();
    assertThat(profile.loops()).hasSize(2);
    Loop around = profile.loops().get(0);
    assertThat(around.entries()).isEqualTo(1);
    assertThat(around.iterations()).isEqualTo(2);
    assertThat(around.unplaced()).isZero();
    assertThat(around.instructions()).isEqualTo(FunctionLoops.LOG_LENGTH + 3L);
    assertThat(around.histogram()).containsExactly(new Loop.Range(2, 2, 1));
    Loop inside = profile.loops().get(1);
    assertThat(inside.entries()).isEqualTo(2);
    assertThat(inside.iterations()).isEqualTo(FunctionLoops.LOG_LENGTH + 1L);
    assertThat(inside.unplaced()).isZero();
  }

  /// An activation seems to leave a loop by a way that turns out to lead back: it goes on in it.
  @Test
  void goesOnWithALoopThatItSeemedToLeave() {
    int start = block(0x100, 1);
    int head = block(0x104, 1);
    int late = block(0x108, 2);
    int later = block(0x110, 3);
    int end = block(0x11c, 1);
    FlowWalk walk = new FlowWalk(analysis, blocks, 0, 0);
    instructions = walk.begin(instructions, start);
    for (int i = 0; i < FunctionLoops.LOG_LENGTH; i++) {
      instructions = walk.step(instructions, head);
    }
    for (int block : new int[] {late, head, late, later, late, head, head, end}) {
      instructions = walk.step(instructions, block);
    }
    walk.end(instructions);
    Loop around = result().loops().getFirst();
    assertThat(around.entries()).isEqualTo(1);
    assertThat(around.iterations()).isEqualTo(FunctionLoops.LOG_LENGTH + 3L);
    assertThat(around.unplaced()).isZero();
    assertThat(around.instructions()).isEqualTo(instructions - 2);
    assertThat(around.histogram()).hasSize(1);
    assertThat(around.histogram().getFirst().entries()).isEqualTo(1);
  }

  /// Behind a full log, loops grow by what random walks find. What comes later was not known to
  /// walks that had ended, but nothing is counted twice.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void countsNoEntryTwiceWhileLoopsGrow(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int nodes = random.nextInt(4, 12);
    List<int[]> walks = new ArrayList<>();
    int[][] ways = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      block(0x1000 + 8L * n, 2);
      ways[n] = random.ints(random.nextInt(1, 4), 0, nodes).toArray();
    }
    int[] full = new int[FunctionLoops.LOG_LENGTH + 2];
    Arrays.fill(full, block(0x800, 1));
    walks.add(full);
    for (int walk = 0; walk < 8; walk++) {
      int[] path = new int[random.nextInt(1, 200)];
      for (int i = 1; i < path.length; i++) {
        int[] next = ways[path[i - 1]];
        path[i] = next[Math.min(random.nextInt(next.length), random.nextInt(3))];
      }
      walks.add(path);
    }
    walks.forEach(this::run);
    Map<Long, NaiveLoops.Totals> expected = NaiveLoops.of(blocks, walks);
    List<Loop> loops = result().loops();
    assertThat(loops).hasSize(expected.size());
    for (Loop loop : loops) {
      NaiveLoops.Totals naive = Objects.requireNonNull(expected.get(loop.head()));
      assertThat(loop.entries()).isEqualTo(naive.entries());
      assertThat(loop.iterations()).isEqualTo(naive.iterations());
      assertThat(loop.instructions()).isLessThanOrEqualTo(instructions);
      assertThat(loop.unplaced()).isNotNegative();
    }
  }

  /// Random walks, in which blocks overlap; the naive twin has the whole walk and the final graph.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void agreesWithANaiveTwin(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int nodes = random.nextInt(3, 10);
    int[][] ways = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      // A block begins at its node and may run on over the next ones.
      int length = random.nextInt(4) == 0 ? random.nextInt(1, nodes - n + 1) : 1;
      block(0x1000 + 8L * n, 2 * length);
      ways[n] = random.ints(random.nextInt(1, 3), 0, nodes).toArray();
    }
    List<int[]> walks = new ArrayList<>();
    for (int walk = 0; walk < 60; walk++) {
      int[] path = new int[random.nextInt(1, 40)];
      for (int i = 1; i < path.length; i++) {
        int[] next = ways[path[i - 1]];
        path[i] = next[random.nextInt(next.length)];
      }
      walks.add(path);
      run(path);
    }
    LoopProfile profile = result();
    Map<Long, NaiveLoops.Totals> expected = NaiveLoops.of(blocks, walks);
    Map<Long, NaiveLoops.Totals> found = new TreeMap<>();
    for (Loop loop : profile.loops()) {
      assertThat(loop.unplaced()).isZero();
      found.put(
          loop.head(),
          new NaiveLoops.Totals(
              loop.entries(), loop.iterations(), loop.instructions(), ranges(loop)));
    }
    assertThat(found).isEqualTo(expected);
  }
}
