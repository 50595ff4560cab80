package dev.cairn.profile.loop;

import dev.cairn.event.EventWord;
import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.Activations;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.MoveListener;
import java.util.List;

/// One activation that goes from block to block, told to a listener as a run would.
final class FlowWalk {
  /// So many steps in turn are told as a run of blocks, and one by one.
  private static final int PIECE = 3;

  private final MoveListener listener;
  private final List<FlowBlock> blocks;
  private final Activation activation;
  private int last;

  FlowWalk(MoveListener listener, List<FlowBlock> blocks, int slot, int function) {
    this.listener = listener;
    this.blocks = blocks;
    activation = Activations.of(slot, function);
  }

  /// {@return the count of instructions behind the block}
  long begin(long instructions, int block) {
    listener.entered(activation, block, instructions);
    return execute(instructions, block);
  }

  long step(long instructions, int block) {
    listener.moved(activation, last, block, instructions);
    return execute(instructions, block);
  }

  void end(long instructions) {
    listener.left(activation, instructions);
  }

  long run(long instructions, int[] path) {
    long count = begin(instructions, path[0]);
    for (int i = 1; i < path.length; i += PIECE) {
      int until = Math.min(path.length, i + PIECE);
      count = i / PIECE % 2 == 0 ? ran(count, path, i, until) : steps(count, path, i, until);
    }
    end(count);
    return count;
  }

  private long steps(long instructions, int[] path, int first, int until) {
    long count = instructions;
    for (int i = first; i < until; i++) {
      count = step(count, path[i]);
    }
    return count;
  }

  private long ran(long instructions, int[] path, int first, int until) {
    long count = instructions;
    long[] words = new long[2 * (until - first)];
    for (int i = first; i < until; i++) {
      int length = blocks.get(path[i]).instructions();
      words[2 * (i - first)] = EventWord.execution(path[i], 0, length);
      words[2 * (i - first) + 1] = EventWord.access(i, 0, 1, false);
      count += length;
    }
    listener.ran(activation, last, words, 0, words.length, instructions);
    last = path[until - 1];
    return count;
  }

  private long execute(long instructions, int block) {
    last = block;
    int length = blocks.get(block).instructions();
    listener.executed(activation, block, length, instructions);
    return instructions + length;
  }
}
