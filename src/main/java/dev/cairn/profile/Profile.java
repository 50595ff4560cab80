package dev.cairn.profile;

import dev.cairn.profile.block.BasicBlock;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run executed: its true basic blocks and each thread's vectors.
///
/// @param intervalInstructions the length of an interval; the last one of a thread may be shorter
/// @param blocks by id, which is the index plus 1
/// @param locations where each block's code comes from, in the same order; null if no file was
///   mapped there
/// @param threads by number; only those that executed anything
public record Profile(
    long intervalInstructions,
    List<BasicBlock> blocks,
    List<@Nullable CodeLocation> locations,
    List<ThreadProfile> threads) {
  public Profile {
    blocks = List.copyOf(blocks);
    locations = Collections.unmodifiableList(new ArrayList<>(locations));
    threads = List.copyOf(threads);
  }

  /// {@return instructions of all threads}
  public long instructions() {
    return threads.stream().mapToLong(thread -> thread.vectors().totalInstructions()).sum();
  }
}
