package dev.cairn.profile.stat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.BlockDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BlockStoreTest {
  /// Longer than several segments, with odd lengths and instructions of all sizes.
  @Test
  void givesBackEachBlockAsItCame() {
    SplittableRandom random = new SplittableRandom(5);
    BlockStore store = new BlockStore();
    List<BlockDefinition> blocks = new ArrayList<>();
    for (int id = 0; id < 3000; id++) {
      byte[] sizes = new byte[random.nextInt(id % 100 == 0 ? 512 : 60) + 1];
      int length = 0;
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = (byte) (1 + random.nextInt(id % 100 == 0 ? 16 : 6));
        length += sizes[i];
      }
      byte[] code = new byte[length];
      random.nextBytes(code);
      BlockDefinition block = new BlockDefinition(id, random.nextLong(), code, sizes);
      blocks.add(block);
      store.add(block);
    }
    assertThat(store.size()).isEqualTo(blocks.size());
    for (BlockDefinition block : blocks) {
      assertThat(store.block(block.id())).isEqualTo(block);
    }
  }
}
