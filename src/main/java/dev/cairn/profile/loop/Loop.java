package dev.cairn.profile.loop;

import dev.cairn.profile.flow.Functions;
import dev.cairn.program.CodeLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A loop of a function, as a run went through it.
///
/// @param head the virtual address of its header's first instruction
/// @param function that it is a part of
/// @param location where the code of the header comes from; null if no file was mapped there
/// @param depth 1 for an outermost loop of its function
/// @param parent the index in the profile of the loop around it, or -1
/// @param reducible whether all ways into it led to its header; if not, the header is where control
///   came in first
/// @param entries how often control came into it from outside
/// @param iterations how often an iteration began: once at each entry, and at each return to the
///   header
/// @param instructions executed from its entries to its exits in all threads, with all that was
///   called; of a loop inside itself, by recursion, only the outer ones count
/// @param histogram how many entries made how many iterations; ranges ascend
/// @param unplaced entries that the histogram and the instructions leave out, as the loop's shape
///   became known only after they had begun
public record Loop(
    long head,
    Functions.Function function,
    @Nullable CodeLocation location,
    int depth,
    int parent,
    boolean reducible,
    long entries,
    long iterations,
    long instructions,
    List<Range> histogram,
    long unplaced) {
  /// A range of numbers of iterations, and how many entries made so many.
  public record Range(long from, long to, long entries) {}

  public Loop {
    histogram = List.copyOf(histogram);
  }
}
