package dev.cairn.profile.block;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.AArch64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Runs of blocks that tests make up.
final class FollowedBlocks {
  private FollowedBlocks() {}

  /// {@return what is found of a run}
  ///
  /// @param code the instructions of each block; one lies behind the other
  /// @param batchWords how many words a batch has at most
  static BlockFlow follow(int[][] code, long[] words, int batchWords) {
    BlockAnalysis analysis = new BlockAnalysis(new AArch64(), pc -> null);
    long pc = 0x1000;
    for (int id = 0; id < code.length; id++) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * code[id].length).order(ByteOrder.LITTLE_ENDIAN);
      byte[] sizes = new byte[code[id].length];
      for (int instruction : code[id]) {
        bytes.putInt(instruction);
      }
      Arrays.fill(sizes, (byte) 4);
      analysis.define(new BlockDefinition(id, pc, bytes.array(), sizes));
      pc += 4L * sizes.length;
    }
    Batch batch = new Batch(batchWords);
    long instructions = 0;
    for (int at = 0; at < words.length; at += batchWords) {
      int length = Math.min(batchWords, words.length - at);
      System.arraycopy(words, at, batch.words(), 0, length);
      batch.reset(0, instructions, length);
      analysis.accept(batch);
      instructions += batch.instructions();
    }
    return analysis.result();
  }
}
