package dev.cairn.profile.stat;

import dev.cairn.event.BlockDefinition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// All blocks of a run by id, without an object each: a program that makes its code as it runs may
/// have millions.
///
/// ```text
/// u16 instructions · u16 code bytes · sizes · code        in segments of 1 MiB, not across them
/// ```
final class BlockStore {
  private static final int SEGMENT_BYTES = 1 << 20;

  /// Blocks begin at multiples of this, so that an int reaches 8 GiB.
  private static final int PLACE_BYTES = 4;

  private static final int SEGMENT_PLACES = SEGMENT_BYTES / PLACE_BYTES;

  private final List<ByteBuffer> segments = new ArrayList<>();
  private long[] pcs = new long[1 << 10];
  private int[] places = new int[1 << 10];
  private int size;

  void add(BlockDefinition block) {
    if (block.id() != size) {
      throw new IllegalStateException("blocks come in order: " + block.id() + " after " + size);
    }
    if (size == pcs.length) {
      pcs = Arrays.copyOf(pcs, size * 2);
      places = Arrays.copyOf(places, size * 2);
    }
    int bytes = 4 + block.sizes().length + block.code().length;
    if (segments.isEmpty() || segments.getLast().remaining() < bytes) {
      segments.add(ByteBuffer.allocate(SEGMENT_BYTES));
    }
    ByteBuffer segment = segments.getLast();
    pcs[size] = block.pc();
    places[size++] = (segments.size() - 1) * SEGMENT_PLACES + segment.position() / PLACE_BYTES;
    segment
        .putShort((short) block.instructions())
        .putShort((short) block.code().length)
        .put(block.sizes())
        .put(block.code());
    segment.position(Math.min(segment.position() + 3 & -PLACE_BYTES, segment.limit()));
  }

  int size() {
    return size;
  }

  BlockDefinition block(int id) {
    int place = places[id];
    ByteBuffer segment = segments.get(place / SEGMENT_PLACES);
    int at = place % SEGMENT_PLACES * PLACE_BYTES;
    byte[] sizes = new byte[segment.getShort(at)];
    byte[] code = new byte[segment.getShort(at + 2)];
    segment.get(at + 4, sizes);
    segment.get(at + 4 + sizes.length, code);
    return new BlockDefinition(id, pcs[id], code, sizes);
  }
}
