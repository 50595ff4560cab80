package dev.cairn.timing.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.bench.SyntheticRun;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.EventWord;
import dev.cairn.memory.MemoryCounts;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.AArch64;
import dev.cairn.timing.CoreFiles;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The cheap warming: what it takes of a run of executions, and that it leaves the caches as the
/// exact one does.
final class MemoryWarmingTest {
  private static CoreModel core(List<DecodedBlock> blocks, String changes) {
    CoreModel core = CoreFiles.with(changes).create(new AArch64());
    blocks.forEach(core::define);
    return core;
  }

  private static ExecutionRun run(long wanted, long... words) {
    ExecutionRun run = new ExecutionRun();
    run.set(words, 0, words.length, wanted);
    return run;
  }

  private static void forEachExecution(Batch batch, Consumer<Execution> action) {
    BatchCursor cursor = new BatchCursor();
    Execution execution = new Execution();
    cursor.wrap(batch);
    while (cursor.next()) {
      execution.set(
          cursor.block(),
          cursor.first(),
          cursor.end(),
          batch.words(),
          cursor.firstAccess(),
          cursor.endAccess());
      action.accept(execution);
    }
  }

  /// {@return what the caches do when a batch is executed}
  private static MemoryCounts execute(CoreModel core, Batch batch) {
    core.clearCounts();
    forEachExecution(batch, core::execute);
    return core.counts().memory();
  }

  @ParameterizedTest(name = "{0}, {1} % far")
  @CsvSource({"plru, 0", "plru, 3", "plru, 30", "lru, 3", "fifo, 3", "random, 3"})
  void cachesAreLeftAsTheExactWarmingLeavesThem(String replacement, int missPercent) {
    SyntheticRun run = new SyntheticRun(6, 1 << 13, missPercent);
    String changes =
        """
        memory:
          l1d: {replacement: %1$s}
          l1i: {replacement: %1$s}
          l2: {replacement: %1$s}
        """
            .formatted(replacement);
    CoreModel cheap = core(run.blocks(), changes);
    CoreModel exact = core(run.blocks(), changes);
    for (Batch batch : run.batches().subList(0, 5)) {
      ExecutionRun words = new ExecutionRun();
      words.set(batch.words(), 0, batch.length(), Long.MAX_VALUE);
      cheap.warmMemory(words);
      assertThat(words.position()).isEqualTo(batch.length());
      forEachExecution(batch, exact::warm);
    }
    MemoryCounts counts = execute(cheap, run.batches().get(5));
    MemoryCounts expected = execute(exact, run.batches().get(5));
    assertThat(counts.l1d()).isEqualTo(expected.l1d());
    assertThat(counts.l1i()).isEqualTo(expected.l1i());
    assertThat(counts.l2()).isEqualTo(expected.l2());
    assertThat(counts.l3()).isEqualTo(expected.l3());
    assertThat(counts.tlb().walks()).isCloseTo(expected.tlb().walks(), within(10));
  }

  private static org.assertj.core.data.Offset<Long> within(long most) {
    return org.assertj.core.data.Offset.offset(most);
  }

  // Two blocks, of three instructions and of one.

  private static final List<DecodedBlock> BLOCKS =
      List.of(
          TestCode.block(0, 0x1000, TestCode.nop(), TestCode.load(0, 1), TestCode.nop()),
          TestCode.block(1, 0x2000, TestCode.nop()));

  @Test
  void takesWholeExecutionsOnly() {
    long three = EventWord.execution(0, 0, 3);
    long access = EventWord.access(0x5000, 1, 8, false);
    long one = EventWord.execution(1, 0, 1);
    ExecutionRun run = run(6, three, access, one, three, access, one);
    core(BLOCKS, "").warmMemory(run);
    assertThat(run.position()).as("the second execution of three is one too long").isEqualTo(3);
    assertThat(run.wanted()).isEqualTo(2);
  }

  @Test
  void takesTheAccessesOfTheLastExecution() {
    ExecutionRun run =
        run(
            3,
            EventWord.execution(0, 0, 3),
            EventWord.access(0x5000, 1, 8, false),
            EventWord.access(0x6000, 1, 8, false),
            EventWord.execution(1, 0, 1));
    core(BLOCKS, "").warmMemory(run);
    assertThat(run.position()).isEqualTo(3);
    assertThat(run.wanted()).isZero();
  }

  @Test
  void takesInterruptsAndExecutionsLeftHalfWay() {
    ExecutionRun run =
        run(
            100,
            EventWord.execution(0, 0, 2),
            EventWord.access(0x5000, 1, 8, true),
            EventWord.interrupt(0x1008, 11),
            EventWord.execution(1, 0, 0),
            EventWord.execution(0, 2, 3),
            EventWord.interrupt(0x2000, 11),
            EventWord.interrupt(0x3000, 11),
            EventWord.execution(1, 0, 1));
    CoreModel core = core(BLOCKS, "");
    core.warmMemory(run);
    assertThat(run.position()).isEqualTo(8);
    assertThat(run.wanted()).isEqualTo(96);
    Execution execution = new Execution();
    execution.set(0, 1, 2, new long[] {EventWord.access(0x5000, 1, 8, false)}, 0, 1);
    core.execute(execution);
    assertThat(core.counts().memory().l1d().misses()).isZero();
    assertThat(core.counts().memory().l1i().misses()).isZero();
  }
}
