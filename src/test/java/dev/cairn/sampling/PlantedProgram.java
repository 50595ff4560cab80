package dev.cairn.sampling;

import dev.cairn.profile.BasicBlockVectors;
import java.util.SplittableRandom;

/// A made-up program with known phases: each has blocks of its own, mixed a little differently in
/// each interval; it stays in a phase for some intervals, and the last interval is short.
///
/// @param vectors what a profile of it would hold
/// @param phases the phase of each interval
record PlantedProgram(BasicBlockVectors vectors, int[] phases) {
  static final long INTERVAL = 1_000_000;
  static final long LAST_INTERVAL = 370_000;

  static PlantedProgram of(int intervals, int phaseCount, double noise, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BasicBlockVectors.Builder builder = BasicBlockVectors.builder();
    int[] phases = new int[intervals];
    int phase = 0;
    int left = 0;
    for (int i = 0; i < intervals; i++) {
      if (left-- == 0) {
        phase = i < phaseCount * 5 ? i / 5 : random.nextInt(phaseCount);
        left = 4 + (i < phaseCount * 5 ? 0 : random.nextInt(40));
      }
      phases[i] = phase;
      long length = i == intervals - 1 ? LAST_INTERVAL : INTERVAL;
      long rest = length;
      for (int b = 0; b < 20; b++) {
        long weight = (long) (length / 25.0 * (1 + noise * (random.nextDouble() - 0.5)));
        builder.add(10 + phase * 20 + b, weight);
        rest -= weight;
      }
      builder.add(1, rest).endInterval();
    }
    return new PlantedProgram(builder.build(), phases);
  }
}
