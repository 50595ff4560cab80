package dev.cairn.timing.core;

import static dev.cairn.timing.core.Pipeline.CODE;
import static dev.cairn.timing.core.Pipeline.DRAM;
import static dev.cairn.timing.core.Pipeline.L2;
import static dev.cairn.timing.core.TestCode.add;
import static dev.cairn.timing.core.TestCode.load;
import static dev.cairn.timing.core.TestCode.loadAndMoveOn;
import static dev.cairn.timing.core.TestCode.op;
import static dev.cairn.timing.core.TestCode.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.isa.InstructionClass;
import org.junit.jupiter.api.Test;

/// What loads and stores cost.
final class LoadStoreTest {
  private static final long DATA = 0x80_0000;

  @Test
  void useOfALoadThatHitsIssuesTwoCyclesLater() {
    Pipeline pipeline = new Pipeline().block(CODE, load(1, 2), add(3, 1));
    pipeline.load(0, DATA).warm(0).load(0, DATA).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 2);
    assertThat(pipeline.counts().stack().loadUse()).isEqualTo(1);
  }

  @Test
  void useByAnotherClassSeesTheFullLatency() {
    Pipeline pipeline = new Pipeline().block(CODE, load(1, 2), op(InstructionClass.MULTIPLY, 3, 1));
    pipeline.load(0, DATA).warm(0).load(0, DATA).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 3);
  }

  @Test
  void loadedAddressGoesOnToTheNextLoad() {
    Pipeline pipeline = new Pipeline().block(CODE, load(1, 1), load(1, 1), add(2, 3));
    pipeline.load(0, DATA).load(1, DATA).warm(0).load(0, DATA).load(1, DATA).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 2);
  }

  @Test
  void secondRegisterOfAPairComesWithTheSecondHalf() {
    Pipeline pipeline = new Pipeline().block(CODE, load(new int[] {1, 4}, 2, 16), add(3, 4));
    pipeline.access(0, DATA, 16, false).warm(0).access(0, DATA, 16, false).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 3);
  }

  @Test
  void addressMovedOnIsThereInTheNextCycle() {
    Pipeline pipeline = new Pipeline().block(CODE, loadAndMoveOn(1, 2), add(3, 2), add(4, 5));
    pipeline.load(0, DATA).warm(0).load(0, DATA).run(0);
    assertThat(pipeline.cycles()).isEqualTo(2);
  }

  @Test
  void baseThatAPairOverwritesIsLoadedData() {
    Pipeline pipeline = new Pipeline().block(CODE, load(new int[] {1, 2}, 2, 16), add(3, 2));
    pipeline.access(0, DATA, 16, false).warm(0).access(0, DATA, 16, false).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 3);
  }

  @Test
  void missFreezesTheCoreAfterThreeCyclesOfIssue() {
    Pipeline pipeline =
        new Pipeline()
            .block(
                CODE, load(1, 2), add(3, 4), add(5, 3), add(6, 5), add(7, 6), add(8, 7), add(9, 8));
    pipeline.load(0, DATA + 8192).warm(0);
    pipeline.load(0, DATA + 8192 + 64).run(0);
    assertThat(pipeline.cycles()).as("six cycles of issue").isEqualTo(6 + L2 + DRAM);
    assertThat(pipeline.counts().stack().dataMiss()).isEqualTo(L2 + DRAM);
  }

  @Test
  void missesWithinThreeCyclesOverlap() {
    Pipeline pipeline =
        new Pipeline().block(CODE, load(1, 2), load(3, 4), load(5, 6), add(7, 8), add(9, 7));
    pipeline.load(0, DATA).warm(0);
    pipeline.load(0, DATA + 64).load(1, DATA + 128).load(2, DATA + 192).run(0);
    assertThat(pipeline.cycles()).isEqualTo(4 + L2 + DRAM);
    assertThat(pipeline.counts().memory().dramReads()).isEqualTo(3);
  }

  @Test
  void missStopsOnlyItsUsersWhereTheCoreGoesOnUnderMisses() {
    Pipeline pipeline = new Pipeline("pipeline: {issueCyclesUnderMiss: null}\n");
    pipeline.block(CODE, load(1, 2), add(3, 4), add(5, 3), add(6, 5), add(7, 6), add(8, 1));
    pipeline.load(0, DATA).warm(0);
    pipeline.load(0, DATA + 64).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + 2 + L2 + DRAM);
  }

  @Test
  void missingPageIsChargedToTranslation() {
    Pipeline pipeline = new Pipeline().block(CODE, load(1, 2), add(3, 1), add(4, 3));
    pipeline.load(0, DATA).warm(0);
    for (int i = 1; i <= 2048; i++) {
      pipeline.load(0, DATA + i * 4096L + 64).warm(0);
    }
    pipeline.clearCounts().load(0, DATA).run(0);
    assertThat(pipeline.counts().memory().tlb().walks()).isEqualTo(1);
    assertThat(pipeline.cycles()).isEqualTo(1 + 2 + 1 + 30);
    assertThat(pipeline.counts().stack().dataTranslation()).isEqualTo(30);
    assertThat(pipeline.counts().stack().loadUse()).isEqualTo(1);
  }

  @Test
  void storesWaitInTheBufferAndStopNothing() {
    Pipeline pipeline = new Pipeline().block(CODE, store(1, 2), add(3, 4), add(5, 3), add(6, 5));
    pipeline.store(0, DATA).warm(0);
    pipeline.store(0, DATA + 64).run(0);
    assertThat(pipeline.cycles()).isEqualTo(3);
  }

  @Test
  void storeFindingTheBufferFullWaits() {
    Pipeline pipeline =
        new Pipeline("pipeline: {storeBufferEntries: 2}\n")
            .block(CODE, store(1, 2), store(1, 2), store(1, 2));
    pipeline.store(0, DATA).warm(0);
    pipeline.store(0, DATA + 64).store(1, DATA + 128).store(2, DATA + 192).run(0);
    assertThat(pipeline.cycles())
        .as("the first leaves the buffer a cycle after its line came")
        .isEqualTo(1 + L2 + DRAM + 1);
    assertThat(pipeline.counts().stack().storeBuffer()).isEqualTo(L2 + DRAM + 1 - 2);
  }

  @Test
  void storesToTheSameLineShareAnEntry() {
    Pipeline pipeline =
        new Pipeline("pipeline: {storeBufferEntries: 1}\n")
            .block(CODE, store(1, 2), store(1, 2), store(1, 2));
    pipeline.store(0, DATA).warm(0);
    pipeline.store(0, DATA + 64).store(1, DATA + 72).store(2, DATA + 80).run(0);
    assertThat(pipeline.cycles()).isEqualTo(3);
  }

  @Test
  void barrierWaitsForTheStores() {
    Pipeline pipeline = new Pipeline().block(CODE, store(1, 2), op(InstructionClass.BARRIER, -1));
    pipeline.store(0, DATA).warm(0);
    pipeline.store(0, DATA + 64).run(0);
    assertThat(pipeline.cycles()).isEqualTo(1 + L2 + DRAM + 1);
    assertThat(pipeline.counts().stack().barrier()).isEqualTo(L2 + DRAM + 1 - 1);
  }
}
