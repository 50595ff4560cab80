package dev.cairn.profile.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.AArch64;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The follower beside random programs that keep account of their own calls.
final class CallFollowerOracleTest {
  /// Tells what it hears as the programs do, and checks that moves and executions fit.
  private static class Account implements FlowListener {
    final List<String> lines = new ArrayList<>();
    CallFollower follower;

    Account(boolean stripped) {
      follower = new CallFollower(new AArch64(), pc -> RandomCalls.locate(pc, stripped), this);
    }

    private void add(String sign, Activation activation, long instructions) {
      Functions.Function function = follower.functions().get(activation.function());
      lines.add(sign + RandomCalls.name(function) + " @" + instructions);
    }

    @Override
    public void defined(FlowBlock block) {}

    @Override
    public void entered(Activation activation, int block, long instructions) {
      add("+", activation, instructions);
    }

    @Override
    public void left(Activation activation, long instructions) {
      add("-", activation, instructions);
    }

    @Override
    public void resumed(Activation activation, long instructions) {
      add("=", activation, instructions);
    }
  }

  /// The same, told of moves, too.
  private static final class MovingAccount extends Account implements MoveListener {
    private int executed = -1;
    private long instructions;

    MovingAccount(boolean stripped) {
      super(stripped);
    }

    @Override
    public void moved(Activation activation, int from, int to, long instructions) {
      assertThat(executed).isNotNegative();
      assertThat(instructions).isEqualTo(this.instructions);
    }

    @Override
    public void executed(Activation activation, int block, int count, long instructions) {
      assertThat(instructions).isEqualTo(this.instructions);
      executed = block;
      this.instructions += count;
    }
  }

  private static void follow(RandomCalls program, Account account, int batchWords) {
    for (BlockDefinition block : program.blocks) {
      account.follower.define(block);
    }
    Batch batch = new Batch(batchWords);
    long instructions = 0;
    int length = 0;
    for (long word : program.words) {
      if (length == batchWords) {
        batch.reset(0, instructions, length);
        account.follower.accept(batch);
        instructions += batch.instructions();
        length = 0;
      }
      batch.words()[length++] = word;
    }
    batch.reset(0, instructions, length);
    account.follower.accept(batch);
    account.follower.finish();
  }

  /// {@return the first line that differs, with those before it; empty if none does}
  private static String difference(List<String> heard, List<String> done) {
    for (int i = 0; i < Math.max(heard.size(), done.size()); i++) {
      String line = i < heard.size() ? heard.get(i) : "nothing";
      String expected = i < done.size() ? done.get(i) : "nothing";
      if (!line.equals(expected)) {
        return line + ", not " + expected + " behind " + done.subList(Math.max(0, i - 20), i);
      }
    }
    return "";
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void hearsWhatRandomProgramsDo(long seed) {
    RandomCalls program = new RandomCalls(seed, 4000);
    assertThat(program.account).anyMatch(line -> line.startsWith("=")).hasSizeGreaterThan(2000);
    Account plain = new Account(false);
    follow(program, plain, 1 << 16);
    assertThat(difference(plain.lines, program.account)).as("plain").isEmpty();
    MovingAccount moving = new MovingAccount(false);
    follow(program, moving, 7);
    assertThat(difference(moving.lines, program.account)).as("moving").isEmpty();
    Account stripped = new Account(true);
    follow(program, stripped, 1 << 16);
    assertThat(difference(stripped.lines, program.account)).as("stripped").isEmpty();
  }
}
