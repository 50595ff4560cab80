package dev.cairn.timing.core;

import dev.cairn.event.EventWord;
import dev.cairn.memory.MemoryHierarchy;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.Instruction;
import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.CoreFiles;
import dev.cairn.timing.branch.BranchUnit;
import java.util.ArrayList;
import java.util.List;

/// A core under test that executes straight pieces of code, its caches and predictors warmed with
/// them before unless told otherwise.
///
/// The core is the Cortex-A55-like preset without prefetchers, on a plain memory: what is in the
/// second level comes 10 cycles later than a hit, anything else 110; a page in no buffer 30 more.
final class Pipeline {
  static final int L2 = 10;
  static final int DRAM = 100;
  static final long CODE = 0x40_0000;

  private static final String PLAIN_MEMORY =
      """
      memory:
        l1i: {latencyCycles: 2, prefetcher: null}
        l1d: {latencyCycles: 2, prefetcher: null}
        l2: {latencyCycles: 10}
        l3: null
        dram: {latencyCycles: 100, cyclesPerLine: 0}
        l2tlb: {latencyCycles: 0}
        walkCycles: 30
      """;

  private final InOrderCore core;
  private final Execution execution = new Execution();
  private final List<Integer> lengths = new ArrayList<>();
  private final List<Long> accesses = new ArrayList<>();

  Pipeline() {
    this("");
  }

  /// @param changes in YAML, but for memory
  Pipeline(String changes) {
    CoreConfiguration configuration = CoreFiles.with(changes + PLAIN_MEMORY);
    core =
        new InOrderCore(
            configuration.pipeline(),
            new AArch64(),
            new BranchUnit(configuration.branch()),
            new MemoryHierarchy(configuration.memory(), 1));
  }

  /// Defines the next block.
  Pipeline block(long pc, Instruction... instructions) {
    core.define(TestCode.block(lengths.size(), pc, instructions));
    lengths.add(instructions.length);
    return this;
  }

  /// Adds an access to the next execution.
  Pipeline access(int instruction, long address, int bytes, boolean store) {
    accesses.add(EventWord.access(address, instruction, bytes, store));
    return this;
  }

  Pipeline load(int instruction, long address) {
    return access(instruction, address, 8, false);
  }

  Pipeline store(int instruction, long address) {
    return access(instruction, address, 8, true);
  }

  /// Warms with a block and the accesses added.
  Pipeline warm(int block) {
    set(block);
    core.warm(execution);
    return this;
  }

  /// Executes a block with the accesses added; where it goes is not known.
  Pipeline run(int block) {
    set(block);
    core.execute(execution);
    return this;
  }

  /// Executes a block that goes on to an address.
  Pipeline run(int block, long next) {
    set(block);
    execution.next(next, false);
    core.execute(execution);
    return this;
  }

  /// Executes a block behind which a signal takes the thread away.
  Pipeline interrupted(int block, long next) {
    set(block);
    execution.next(next, true);
    core.execute(execution);
    return this;
  }

  Pipeline clearCounts() {
    core.clearCounts();
    return this;
  }

  Pipeline reset() {
    core.reset();
    return this;
  }

  CoreCounts counts() {
    return core.counts();
  }

  long cycles() {
    return core.counts().cycles();
  }

  /// {@return how many cycles some instructions without accesses take, fetched from the cache}
  static long cyclesOf(Instruction... instructions) {
    return new Pipeline().block(CODE, instructions).warm(0).run(0).cycles();
  }

  private void set(int block) {
    long[] words = accesses.stream().mapToLong(Long::longValue).toArray();
    execution.set(block, 0, lengths.get(block), words, 0, words.length);
    accesses.clear();
  }
}
