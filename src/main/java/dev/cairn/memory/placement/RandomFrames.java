package dev.cairn.memory.placement;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Frames in random order: a shuffle (Fisher and Yates) of which only the frames that were moved
/// are kept. The free ones stand in front.
final class RandomFrames implements FrameSource {
  private final SplittableRandom random;

  /// By place, the frame that stands there; where none is told, the frame of the place's number.
  private final Map<Long, Long> moved = new HashMap<>();

  private long free;

  /// @param frames how many there are
  RandomFrames(long frames, long seed) {
    free = frames;
    random = new SplittableRandom(seed);
  }

  @Override
  public long take(long page) {
    if (free == 0) {
      return NONE;
    }
    long place = random.nextLong(free);
    free--;
    Long last = moved.remove(free);
    long lastFrame = last == null ? free : last;
    if (place == free) {
      return lastFrame;
    }
    Long taken = moved.put(place, lastFrame);
    return taken == null ? place : taken;
  }

  @Override
  public void give(long frame) {
    moved.put(free++, frame);
  }
}
