package dev.cairn.memory.placement;

/// Frames in ascending order; those given back come first, the last one before the others, as a
/// kernel's lists of free pages do it.
final class AscendingFrames implements FrameSource {
  private final long frames;
  private final FrameStack returned = new FrameStack();
  private long next;

  /// @param frames how many there are
  AscendingFrames(long frames) {
    this.frames = frames;
  }

  @Override
  public long take(long page) {
    long again = returned.pop();
    if (again != NONE) {
      return again;
    }
    return next == frames ? NONE : next++;
  }

  @Override
  public void give(long frame) {
    returned.push(frame);
  }
}
