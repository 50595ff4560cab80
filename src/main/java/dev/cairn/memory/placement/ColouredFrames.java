package dev.cairn.memory.placement;

/// Frames by colour, their number modulo the number of colours, each colour ascending; those given
/// back come first. A page whose colour has run out gets the next colour's.
final class ColouredFrames implements FrameSource {
  private final int colours;
  private final long frames;
  private final FrameStack[] returned;

  /// By colour, the lowest frame that was never taken.
  private final long[] next;

  /// @param frames how many there are
  /// @param colours a power of two
  ColouredFrames(long frames, int colours) {
    this.colours = colours;
    this.frames = frames;
    returned = new FrameStack[colours];
    next = new long[colours];
    for (int colour = 0; colour < colours; colour++) {
      returned[colour] = new FrameStack();
      next[colour] = colour;
    }
  }

  @Override
  public long take(long page) {
    for (int i = 0; i < colours; i++) {
      int colour = (int) (page + i) & colours - 1;
      long again = returned[colour].pop();
      if (again != NONE) {
        return again;
      }
      if (next[colour] < frames) {
        long frame = next[colour];
        next[colour] += colours;
        return frame;
      }
    }
    return NONE;
  }

  @Override
  public void give(long frame) {
    returned[(int) frame & colours - 1].push(frame);
  }
}
