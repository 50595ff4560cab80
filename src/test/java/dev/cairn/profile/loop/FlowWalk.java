package dev.cairn.profile.loop;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.Activations;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.MoveListener;
import java.util.List;

/// One activation that goes from block to block, told to a listener as a run would.
final class FlowWalk {
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
    for (int i = 1; i < path.length; i++) {
      count = step(count, path[i]);
    }
    end(count);
    return count;
  }

  private long execute(long instructions, int block) {
    last = block;
    int length = blocks.get(block).instructions();
    listener.executed(activation, block, length, instructions);
    return instructions + length;
  }
}
