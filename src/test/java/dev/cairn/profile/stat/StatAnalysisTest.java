package dev.cairn.profile.stat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.IntervalCounts;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.InstructionClass;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class StatAnalysisTest {
  private static final int ADD = 0x91000400; // add x0, x0, #1
  private static final int LOAD = 0xf9400020; // ldr x0, [x1]
  private static final int STORE = 0xf9000020; // str x0, [x1]
  private static final int ATOMIC = 0xf8200041; // ldadd x0, x1, [x2]
  private static final int BRANCH_IF_NOT_EQUAL = 0x54000001;
  private static final int CALL = 0x94000000;
  private static final int RETURN = 0xd65f03c0;
  private static final int SYSTEM_CALL = 0xd4000001;

  private final StatAnalysis analysis = new StatAnalysis(new AArch64());
  private int blocks;

  private int block(long pc, int... code) {
    BlockDefinition definition = definition(blocks, pc, code);
    analysis.define(definition);
    return blocks++;
  }

  private static BlockDefinition definition(int id, long pc, int... code) {
    ByteBuffer bytes = ByteBuffer.allocate(code.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int instruction : code) {
      bytes.putInt(instruction);
    }
    byte[] sizes = new byte[code.length];
    Arrays.fill(sizes, (byte) 4);
    return new BlockDefinition(id, pc, bytes.array(), sizes);
  }

  private void batch(int thread, long... words) {
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(thread, 0, words.length);
    analysis.accept(batch);
  }

  private static long run(int block, int end) {
    return EventWord.execution(block, 0, end);
  }

  private StreamStatistics stream() {
    return Objects.requireNonNull(analysis.result().stream());
  }

  @Test
  void countsInstructionsByClassAndBranchKind() {
    int work = block(0x1000, ADD, LOAD, STORE, ATOMIC, CALL);
    int end = block(0x2000, ADD, RETURN);
    batch(0, run(work, 5), run(end, 2), run(work, 5));
    Statistics result = analysis.result();
    assertThat(result.instructions()).isEqualTo(12);
    assertThat(result.blocks()).isEqualTo(3);
    assertThat(result.count(InstructionClass.INTEGER)).isEqualTo(3);
    assertThat(result.count(InstructionClass.LOAD)).isEqualTo(2);
    assertThat(result.count(InstructionClass.ATOMIC)).isEqualTo(2);
    assertThat(result.count(BranchKind.CALL)).isEqualTo(2);
    assertThat(result.count(BranchKind.RETURN)).isEqualTo(1);
    assertThat(result.branchInstructions()).isEqualTo(3);
    assertThat(result.loadInstructions()).as("an atomic loads").isEqualTo(4);
    assertThat(result.storeInstructions()).as("and stores").isEqualTo(4);
  }

  @Test
  void takesABranchForTakenWhenTheNextBlockIsNotTheNextAddress() {
    int loop = block(0x1000, ADD, BRANCH_IF_NOT_EQUAL);
    int behind = block(0x1008, ADD, SYSTEM_CALL);
    batch(0, run(loop, 2), run(loop, 2), run(loop, 2), run(behind, 2));
    assertThat(stream().taken()).isEqualTo(2);
    assertThat(stream().notTaken()).isEqualTo(1);
    assertThat(analysis.result().count(BranchKind.CONDITIONAL)).isEqualTo(3);
  }

  @Test
  void holdsABranchFromOneBatchToTheNextOfTheSameThread() {
    int loop = block(0x1000, BRANCH_IF_NOT_EQUAL);
    int behind = block(0x1004, SYSTEM_CALL);
    batch(0, run(loop, 1));
    batch(1, run(behind, 1));
    batch(0, run(behind, 1));
    assertThat(stream().taken()).isZero();
    assertThat(stream().notTaken()).isEqualTo(1);
  }

  @Test
  void leavesTheLastBranchOfAThreadUndecided() {
    int loop = block(0x1000, BRANCH_IF_NOT_EQUAL);
    batch(0, run(loop, 1), run(loop, 1));
    assertThat(stream().taken()).isEqualTo(1);
    assertThat(stream().notTaken()).isZero();
    assertThat(analysis.result().count(BranchKind.CONDITIONAL)).isEqualTo(2);
  }

  @Test
  void decidesABranchBeforeASignalByWhereTheThreadWouldHaveGoneOn() {
    int loop = block(0x1000, BRANCH_IF_NOT_EQUAL);
    int handler = block(0x5000, ADD, RETURN);
    batch(
        0,
        run(loop, 1),
        EventWord.interrupt(0x1004, 11),
        run(handler, 2),
        run(loop, 1),
        EventWord.interrupt(0x1000, 11),
        run(handler, 2));
    assertThat(stream().taken()).isEqualTo(1);
    assertThat(stream().notTaken()).isEqualTo(1);
    assertThat(stream().cutBlocks()).isZero();
  }

  @Test
  void countsABlockThatContinuesInAnotherTranslationOnce() {
    int first = block(0x0ff8, ADD, ADD); // up to the page's end
    int second = block(0x1000, ADD, RETURN);
    batch(0, run(first, 2), run(second, 2));
    assertThat(analysis.result().blocks()).isEqualTo(1);
    assertThat(stream().cutBlocks()).isZero();
  }

  @Test
  void countsWhatExecutedOfABlockThatFaulted() {
    int faulting = block(0x1000, ADD, LOAD, RETURN);
    int handler = block(0x5000, RETURN);
    int resumed = block(0x1004, LOAD, RETURN);
    batch(0, run(faulting, 1), EventWord.interrupt(0x1004, 11), run(handler, 1), run(resumed, 2));
    Statistics result = analysis.result();
    assertThat(result.instructions()).isEqualTo(4);
    assertThat(result.count(InstructionClass.LOAD)).isEqualTo(1);
    assertThat(result.blocks()).isEqualTo(2);
    assertThat(stream().cutBlocks()).isEqualTo(1);
  }

  @Test
  void doesNotCountABlockWhoseFirstInstructionFaulted() {
    int faulting = block(0x1000, LOAD, RETURN);
    int handler = block(0x5000, RETURN);
    batch(0, run(faulting, 0), EventWord.interrupt(0x1000, 11), run(handler, 1));
    assertThat(analysis.result().instructions()).isEqualTo(1);
    assertThat(stream().cutBlocks()).isZero();
  }

  @Test
  void cutsTheBlockThatAFaultingTranslationContinues() {
    int first = block(0x0ffc, ADD);
    int second = block(0x1000, LOAD, RETURN);
    int handler = block(0x5000, RETURN);
    batch(0, run(first, 1), run(second, 0), EventWord.interrupt(0x1000, 11), run(handler, 1));
    assertThat(stream().cutBlocks()).isEqualTo(1);
  }

  /// QEMU leaves a block at an atomic access and does that one again alone.
  @Test
  void doesNotCutABlockThatGoesOnWhereItWasLeft() {
    int block = block(0x1000, ADD, ATOMIC, RETURN);
    int alone = block(0x1004, ATOMIC);
    int rest = block(0x1008, RETURN);
    batch(0, run(block, 1), run(alone, 1), run(rest, 1));
    assertThat(analysis.result().instructions()).isEqualTo(3);
    assertThat(analysis.result().blocks()).isEqualTo(1);
    assertThat(stream().cutBlocks()).isZero();
  }

  @Test
  void cutsTheBlockThatAThreadEndsIn() {
    int block = block(0x1000, ADD, ADD);
    batch(0, run(block, 2));
    batch(1, run(block, 1));
    assertThat(stream().cutBlocks()).isEqualTo(2);
  }

  @Test
  void countsAccessesTheirBytesAndTheLinesTheyTouch() {
    int block = block(0x1000, LOAD, STORE, RETURN);
    batch(
        0,
        run(block, 3),
        EventWord.access(0x8000, 0, 8, false),
        EventWord.access(0x8040, 1, 16, true),
        run(block, 3),
        EventWord.access(0x8038, 0, 8, false),
        EventWord.access(0x8ffc, 1, 8, true)); // over the end of line and page
    StreamStatistics stream = stream();
    assertThat(stream.loads()).isEqualTo(new AccessCounts(2, 16));
    assertThat(stream.stores()).isEqualTo(new AccessCounts(2, 24));
    assertThat(stream.data()).isEqualTo(new Touched(4 * 64, 4, 2, true));
  }

  @Test
  void touchesEachInstructionsBytesOnceHoweverBlocksOverlap() {
    int whole = block(0x1000, ADD, ADD, ADD, RETURN);
    int tail = block(0x1008, ADD, RETURN);
    int other = block(0x103c, ADD, RETURN); // over the end of a line
    block(0x9000, RETURN); // never executed
    batch(0, run(whole, 4), run(tail, 2), run(other, 2));
    assertThat(analysis.result().code()).isEqualTo(new Touched(24, 2, 1, true));
  }

  @Test
  void doesNotTouchInstructionsBehindTheOneThatFaulted() {
    int block = block(0x1000, ADD, LOAD, RETURN);
    batch(0, run(block, 1), run(block, 1));
    assertThat(analysis.result().code().bytes()).isEqualTo(4);
  }

  @Test
  void countsTheSameFromEntriesAlone() {
    CountedStatAnalysis counted = new CountedStatAnalysis(new AArch64());
    counted.define(definition(0, 0x1000, ADD, LOAD, BRANCH_IF_NOT_EQUAL));
    counted.define(definition(1, 0x100c, STORE, RETURN));
    IntervalCounts interval = new IntervalCounts();
    interval.begin(0, 0);
    interval.add(0, 3);
    interval.add(1, 2);
    counted.leftHalfWay(0, 0, 1);
    interval.end(11, -1, 0, true);
    counted.accept(interval);

    int first = block(0x1000, ADD, LOAD, BRANCH_IF_NOT_EQUAL);
    int second = block(0x100c, STORE, RETURN);
    batch(0, run(first, 3), run(second, 2), run(first, 1), run(first, 3), run(second, 2));

    Statistics left = counted.result();
    Statistics right = analysis.result();
    assertThat(left.stream()).isNull();
    assertThat(left).usingRecursiveComparison().ignoringFields("stream").isEqualTo(right);
    assertThat(left.instructions()).isEqualTo(11);
  }

  @Test
  void growsWithTheNumberOfBlocks() {
    for (int i = 0; i < 5000; i++) {
      int block = block(0x10000 + i * 8L, ADD, RETURN);
      batch(0, run(block, 2));
    }
    assertThat(analysis.result().instructions()).isEqualTo(10_000);
    assertThat(analysis.result().code().bytes()).isEqualTo(40_000);
  }
}
