package dev.cairn.sampling;

import dev.cairn.profile.CodePosition;
import org.jspecify.annotations.Nullable;

/// A part of a run to be measured: one interval of the profile, and what goes before it.
///
/// @param label the cluster that the interval belongs to, from 0
/// @param interval which interval, from 0
/// @param startInstruction how many instructions execute before it
/// @param instructions its length
/// @param warmupInstructions how many of those just before it are to be simulated unmeasured; at
///   most `startInstruction`
/// @param weight the share of the run's instructions that the region stands for
/// @param start the same place in the code, or null if the profile does not know
/// @param end the place in the code where the next interval starts, or null if the profile does not
///   know or the program ends there
public record Region(
    int label,
    int interval,
    long startInstruction,
    long instructions,
    long warmupInstructions,
    double weight,
    @Nullable CodePosition start,
    @Nullable CodePosition end) {
  public Region {
    if (label < 0) {
      throw new IllegalArgumentException("label must not be negative: " + label);
    }
    if (interval < 0) {
      throw new IllegalArgumentException("interval must not be negative: " + interval);
    }
    if (startInstruction < 0) {
      throw new IllegalArgumentException(
          "startInstruction must not be negative: " + startInstruction);
    }
    if (instructions < 1 || startInstruction + instructions < 0) {
      throw new IllegalArgumentException(
          "instructions must be at least 1 and end below 2^63: " + instructions);
    }
    if (warmupInstructions < 0 || warmupInstructions > startInstruction) {
      throw new IllegalArgumentException(
          "warmupInstructions must be between 0 and startInstruction: " + warmupInstructions);
    }
    if (!(weight > 0 && weight <= 1 + 1e-9)) {
      throw new IllegalArgumentException("weight must be above 0 and at most 1: " + weight);
    }
  }
}
