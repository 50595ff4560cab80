package dev.cairn.profile.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.loop.LoopAnalysis;
import dev.cairn.profile.loop.LoopProfile;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.AArch64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stretches that are taken at once, beside the same run in batches too short for any.
final class StretchesTest {
  private static final int NOP = 0xd503201f;
  private static final int IF_EQUAL = 0x54000000;
  private static final int CALL = 0x94000000;
  private static final int RETURN = 0xd65f03c0;
  private static final int ALLOCATE = 0xd10043ff;
  private static final int FREE = 0x910043ff;
  private static final int[][] CODE = {
    {ALLOCATE, IF_EQUAL},
    {NOP, IF_EQUAL},
    {NOP, NOP, IF_EQUAL},
    {NOP, IF_EQUAL},
    {NOP, NOP, NOP, IF_EQUAL},
    {NOP, CALL},
    {NOP, IF_EQUAL},
    {CALL},
    {IF_EQUAL},
    {NOP, NOP, IF_EQUAL},
    {FREE, RETURN},
    {NOP, RETURN},
    {NOP, CALL},
    {NOP, IF_EQUAL}
  };

  /// Where the blocks lie: those of the function that goes round, one that it calls, and one that
  /// calls it.
  private static final long[] PCS = {
    0x1000, 0x1040, 0x1080, 0x10c0, 0x1100, 0x1140, 0x1148, 0x1180, 0x1184, 0x11c0, 0x1200, 0x3000,
    0x4000, 0x4008
  };

  private static final int WORDS = 150_000;

  /// From here on there are ways that have not been gone before.
  private static final int LATE = 80_000;

  private static final int[] LATE_BLOCKS = {1, 2, 3, 4, 6, 9};
  private static final int DEEPEST = 3;
  private static final int WHOLE = 4000;
  private static final int TOO_SHORT = 3;

  /// Counts the stretches of the loops that it tells.
  private static final class Counting implements MoveListener {
    private final LoopAnalysis loops;
    private long stretches;

    Counting(LoopAnalysis loops) {
      this.loops = loops;
    }

    @Override
    public void defined(FlowBlock block) {
      loops.defined(block);
    }

    @Override
    public void entered(Activation activation, int block, long instructions) {
      loops.entered(activation, block, instructions);
    }

    @Override
    public void left(Activation activation, long instructions) {
      loops.left(activation, instructions);
    }

    @Override
    public void resumed(Activation activation, long instructions) {
      loops.resumed(activation, instructions);
    }

    @Override
    public void moved(Activation activation, int from, int to, long instructions) {
      loops.moved(activation, from, to, instructions);
    }

    @Override
    public void executed(Activation activation, int block, int count, long instructions) {
      loops.executed(activation, block, count, instructions);
    }

    @Override
    public boolean takesRepeats(int function, boolean live) {
      return loops.takesRepeats(function, live);
    }

    @Override
    public void beginRepeats(long times) {
      loops.beginRepeats(times);
    }

    @Override
    public void endRepeats() {
      loops.endRepeats();
    }

    @Override
    public void settleBy(IntConsumer settle) {
      loops.settleBy(settle);
    }

    @Override
    public void passed(int function, int block, long instructions) {
      loops.passed(function, block, instructions);
    }

    @Override
    public boolean takesStretches() {
      return true;
    }

    @Override
    public @Nullable MoveStretch stretch(
        int function, int from, int[] blocks, int[] before, long own) {
      MoveStretch made = loops.stretch(function, from, blocks, before, own);
      return made == null ? null : new Counted(made);
    }

    private final class Counted implements MoveStretch {
      private final MoveStretch made;

      Counted(MoveStretch made) {
        this.made = made;
      }

      @Override
      public boolean fits(Activation activation) {
        return made.fits(activation);
      }

      @Override
      public void went(Activation activation, long times, long length, long instructions) {
        made.went(activation, times, length, instructions);
        stretches += times;
      }

      @Override
      public void tell(long times) {
        made.tell(times);
      }
    }
  }

  /// Goes round in loops in loops, and calls itself and another function there.
  private static final class Program {
    private final SplittableRandom random;
    private final List<Long> words = new ArrayList<>();

    Program(long seed) {
      random = new SplittableRandom(seed);
      words.add(EventWord.note(EventWord.NOTE_STACK, 0, 0x7000_0000));
      while (words.size() < WORDS) {
        go(12);
        function(0);
        go(13);
      }
    }

    private void go(int... blocks) {
      for (int block : blocks) {
        words.add(EventWord.execution(block, 0, CODE[block].length));
      }
    }

    private void function(int depth) {
      go(0);
      int outer = random.nextInt(1, 30);
      for (int i = 0; i < outer; i++) {
        go(1);
        int inner = random.nextInt(5);
        for (int j = 0; j < inner; j++) {
          go(2);
          if (random.nextInt(4) == 0) {
            go(3);
          }
        }
        for (int j = random.nextInt(3); j > 0; j--) {
          go(4);
        }
        call(depth);
        late();
      }
      go(10);
    }

    private void call(int depth) {
      if (random.nextInt(3) == 0) {
        go(5, 11, 6);
      }
      if (depth < DEEPEST && random.nextInt(40) == 0) {
        go(7);
        function(depth + 1);
        go(8);
      }
    }

    /// Goes ways that may show loops to be larger, which may have been left before.
    private void late() {
      if (words.size() > LATE && random.nextInt(300) == 0) {
        go(LATE_BLOCKS[random.nextInt(6)], LATE_BLOCKS[random.nextInt(6)]);
      }
      if (random.nextInt(1000) == 0) {
        words.add(EventWord.execution(2, 0, 1 + random.nextInt(2))); // left half-way
      }
    }
  }

  private record Followed(CallProfile calls, LoopProfile loops) {}

  private static CodeLocation place(long pc) {
    long start = pc < 0x3000 ? 0x1000 : pc & -0x1000;
    return new CodeLocation("program", pc, "f" + start, pc - start);
  }

  private static BlockDefinition block(int id) {
    ByteBuffer code = ByteBuffer.allocate(4 * CODE[id].length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(CODE[id]).forEach(code::putInt);
    byte[] sizes = new byte[CODE[id].length];
    Arrays.fill(sizes, (byte) 4);
    return new BlockDefinition(id, PCS[id], code.array(), sizes);
  }

  private static Followed follow(
      List<Long> words, int batchWords, LoopAnalysis loops, FlowListener... listeners) {
    CallAnalysis calls = new CallAnalysis(new AArch64(), StretchesTest::place, listeners);
    for (int id = 0; id < CODE.length; id++) {
      calls.define(block(id));
    }
    Batch batch = new Batch(batchWords);
    long instructions = 0;
    for (int first = 0; first < words.size(); first += batchWords) {
      int length = Math.min(batchWords, words.size() - first);
      for (int i = 0; i < length; i++) {
        batch.words()[i] = words.get(first + i);
      }
      batch.reset(0, instructions, length);
      calls.accept(batch);
      instructions += batch.instructions();
    }
    return new Followed(calls.result(), loops.result(calls.functions()));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void takenAtOnceAreTheSameCallsAndLoops(long seed) {
    List<Long> words = new Program(seed).words;
    Counting atOnce = new Counting(new LoopAnalysis());
    Counting oneByOne = new Counting(new LoopAnalysis());
    Followed expected = follow(words, TOO_SHORT, oneByOne.loops, oneByOne);
    assertThat(follow(words, WHOLE, atOnce.loops, atOnce)).isEqualTo(expected);
    assertThat(oneByOne.stretches).isZero();
    assertThat(atOnce.stretches).isGreaterThan(WORDS / 50L);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void takenAtOnceAreTheSameCalls(long seed) {
    List<Long> words = new Program(seed).words;
    LoopAnalysis none = new LoopAnalysis();
    assertThat(follow(words, WHOLE, none)).isEqualTo(follow(words, TOO_SHORT, none));
  }

  @ParameterizedTest(name = "seed {0}, stripped {1}")
  @CsvSource({"1, false", "2, false", "3, true", "4, true"})
  void takenAtOnceAreTheSameOfRandomCalls(long seed, boolean stripped) {
    RandomCalls program = new RandomCalls(seed, WORDS, true);
    assertThat(follow(program, stripped, WHOLE)).isEqualTo(follow(program, stripped, TOO_SHORT));
  }

  private static Followed follow(RandomCalls program, boolean stripped, int batchWords) {
    LoopAnalysis loops = new LoopAnalysis();
    CallAnalysis calls =
        new CallAnalysis(new AArch64(), pc -> RandomCalls.locate(pc, stripped), loops);
    program.blocks.forEach(calls::define);
    Batch batch = new Batch(batchWords);
    long instructions = 0;
    for (int first = 0; first < program.words.size(); first += batchWords) {
      int length = Math.min(batchWords, program.words.size() - first);
      for (int i = 0; i < length; i++) {
        batch.words()[i] = program.words.get(first + i);
      }
      batch.reset(0, instructions, length);
      calls.accept(batch);
      instructions += batch.instructions();
    }
    return new Followed(calls.result(), loops.result(calls.functions()));
  }
}
