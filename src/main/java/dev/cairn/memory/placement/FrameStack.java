package dev.cairn.memory.placement;

import java.util.Arrays;

/// Frames that were given back, the last one on top.
final class FrameStack {
  private long[] frames = new long[16];
  private int size;

  void push(long frame) {
    if (size == frames.length) {
      frames = Arrays.copyOf(frames, 2 * size);
    }
    frames[size++] = frame;
  }

  /// {@return the frame given back last, or [FrameSource#NONE]}
  long pop() {
    return size == 0 ? FrameSource.NONE : frames[--size];
  }
}
