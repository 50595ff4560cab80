package dev.cairn.profile.block;

import dev.cairn.program.CodeLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is known of a true basic block's executions.
///
/// @param block where it is, how long, how often it executed
/// @param location where its code comes from; null if no file was mapped there
/// @param departures where it was left half-way, by instruction, then by reason
/// @param steps where inside it the number of executions changes, as it was left half-way or gone
///   on with; mostly empty
/// @param circles how many times in a row it executed each time that control came into it, if it
///   was seen to lead to itself; else empty. Ranges ascend
public record BlockStatistics(
    BasicBlock block,
    @Nullable CodeLocation location,
    List<Departure> departures,
    List<Step> steps,
    List<Circle> circles) {
  /// Times that a block was left half-way.
  ///
  /// @param after how many of its instructions executed
  /// @param pc the virtual address of the instruction at which it was left
  /// @param signal that took the thread away; 0 if it ended there
  /// @param count how often
  public record Departure(int after, long pc, int signal, long count) {}

  /// From which instruction on another number of executions holds.
  ///
  /// @param instruction its index in the block, from 1
  /// @param pc its virtual address
  /// @param executions of it and what follows
  public record Step(int instruction, long pc, long executions) {}

  /// How often a block executed a number of times in a row.
  ///
  /// @param iterations the times in a row, or of a range the lowest
  /// @param upTo the highest
  /// @param count how often control came in for so many
  public record Circle(long iterations, long upTo, long count) {}

  public BlockStatistics {
    departures = List.copyOf(departures);
    steps = List.copyOf(steps);
    circles = List.copyOf(circles);
  }

  /// {@return how often one of its instructions executed}
  ///
  /// @param index from 0
  public long executions(int index) {
    long executions = block.executions();
    for (Step step : steps) {
      executions = step.instruction <= index ? step.executions : executions;
    }
    return executions;
  }

  /// {@return how often it was left half-way}
  public long partial() {
    return departures.stream().mapToLong(Departure::count).sum();
  }
}
