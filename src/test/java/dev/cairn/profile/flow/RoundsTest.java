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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rounds that are taken all at once, beside the same run in batches too short for it.
final class RoundsTest {
  private static final int NOP = 0xd503201f;
  private static final int IF_EQUAL = 0x54000000;
  private static final int ALLOCATE = 0xd10043ff;
  private static final int FREE = 0x910043ff;
  private static final int[][] CODE = {
    {NOP, IF_EQUAL},
    {NOP, NOP, IF_EQUAL},
    {NOP, IF_EQUAL},
    {NOP, NOP, NOP, IF_EQUAL},
    {ALLOCATE, IF_EQUAL},
    {FREE, IF_EQUAL},
    {IF_EQUAL}
  };

  /// Rounds of one function's blocks: an allocating one, and one in which nothing changes that does
  /// not look so, among them.
  private static final int[][] ROUNDS = {{2}, {2, 3}, {2, 3, 2}, {1, 2, 3, 6}, {4}, {4, 2, 5}, {5}};

  private static final int OUTER = 400;
  private static final int MOST_ROUNDS = 200;
  private static final int WHOLE = 4000;
  private static final int TOO_SHORT = 16;

  /// Counts the moves, and how many rounds it was told of at once.
  private static final class Moves implements MoveListener {
    private final Map<String, Long> moves = new TreeMap<>();
    private long lastAt;
    private long rounds;

    @Override
    public void defined(FlowBlock block) {}

    @Override
    public void entered(Activation activation, int block, long instructions) {}

    @Override
    public void left(Activation activation, long instructions) {}

    @Override
    public void resumed(Activation activation, long instructions) {}

    @Override
    public void moved(Activation activation, int from, int to, long instructions) {
      assertThat(instructions).isGreaterThan(lastAt);
      lastAt = instructions;
      moves.merge(from + " to " + to, 1L, Long::sum);
    }

    @Override
    public void executed(Activation activation, int block, int count, long instructions) {
      moves.merge(block + " x " + count, 1L, Long::sum);
    }

    @Override
    public void wentRound(
        Activation activation, long[] words, int first, int until, long rounds, long instructions) {
      this.rounds += rounds;
      MoveListener.super.wentRound(activation, words, first, until, rounds, instructions);
    }
  }

  private record Followed(CallProfile calls, LoopProfile loops, Map<String, Long> moves) {}

  private static List<Long> words(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> words = new ArrayList<>(List.of(word(0)));
    for (int i = 0; i < OUTER; i++) {
      words.add(word(1));
      int[] round = ROUNDS[random.nextInt(ROUNDS.length)];
      int times = random.nextInt(MOST_ROUNDS);
      for (int time = 0; time < times; time++) {
        for (int block : round) {
          words.add(word(block));
          if (random.nextInt(2000) == 0) {
            words.add(EventWord.execution(3, 0, 2)); // left half-way
          }
        }
      }
    }
    words.add(word(6));
    return words;
  }

  private static long word(int block) {
    return EventWord.execution(block, 0, CODE[block].length);
  }

  private static BlockDefinition block(int id) {
    ByteBuffer code = ByteBuffer.allocate(4 * CODE[id].length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(CODE[id]).forEach(code::putInt);
    byte[] sizes = new byte[CODE[id].length];
    Arrays.fill(sizes, (byte) 4);
    return new BlockDefinition(id, 0x1000 + 0x40L * id, code.array(), sizes);
  }

  private static Followed follow(List<Long> words, int batchWords, Moves moves, boolean withMoves) {
    LoopAnalysis loops = new LoopAnalysis();
    FlowListener[] listeners = withMoves ? new FlowListener[] {loops, moves} : new FlowListener[0];
    CallAnalysis calls =
        new CallAnalysis(
            new AArch64(), pc -> new CodeLocation("program", pc, "f", pc - 0x1000), listeners);
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
    CallProfile profile = calls.result();
    return new Followed(profile, loops.result(calls.functions()), moves.moves);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void takenAtOnceAreTheSameMovesAndLoops(long seed) {
    List<Long> words = words(seed);
    Moves atOnce = new Moves();
    Moves oneByOne = new Moves();
    assertThat(follow(words, WHOLE, atOnce, true))
        .isEqualTo(follow(words, TOO_SHORT, oneByOne, true));
    assertThat(oneByOne.rounds).isZero();
    assertThat(atOnce.rounds).isGreaterThan((long) OUTER * MOST_ROUNDS / 8);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void takenAtOnceAreTheSameCalls(long seed) {
    List<Long> words = words(seed);
    assertThat(follow(words, WHOLE, new Moves(), false))
        .isEqualTo(follow(words, TOO_SHORT, new Moves(), false));
  }
}
