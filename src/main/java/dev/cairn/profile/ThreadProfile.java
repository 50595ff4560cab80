package dev.cairn.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thread's run, interval by interval.
///
/// @param thread 0 the first, then in order of creation
/// @param vectors a row an interval; ids are those of [BasicBlock]
/// @param starts where in the code each interval starts, as many as there are intervals; the first
///   is null, as nothing was reached before
public record ThreadProfile(
    int thread, BasicBlockVectors vectors, List<@Nullable CodePosition> starts) {

  /// {@return where in the code an interval starts; null for the first and for the end of the run}
  public @Nullable CodePosition start(int interval) {
    return interval < starts.size() ? starts.get(interval) : null;
  }
}
