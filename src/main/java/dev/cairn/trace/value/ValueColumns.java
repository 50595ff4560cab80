package dev.cairn.trace.value;

import dev.cairn.trace.format.ByteSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The columns of a chunk that tell of values, unpacked.
///
/// @param runs [dev.cairn.trace.format.Column#VALUE_RUNS]
/// @param codes [dev.cairn.trace.format.Column#VALUE_CODES]
/// @param differences [dev.cairn.trace.format.Column#VALUE_DIFFERENCES]; empty if there is none
/// @param told [dev.cairn.trace.format.Column#VALUE_BYTES] and those behind it, by the log2 of the
///   size; empty where there is none
/// @param changes [dev.cairn.trace.format.Column#MEMORY]; null if there is none
public record ValueColumns(
    ByteSource runs,
    ByteSource codes,
    ByteSource differences,
    List<ByteSource> told,
    @Nullable ByteSource changes) {
  /// Sizes of units: 1, 2, 4 and 8 bytes.
  public static final int SIZES = 4;

  public ValueColumns {
    told = List.copyOf(told);
    if (told.size() != SIZES) {
      throw new IllegalArgumentException("there are 4 sizes: " + told.size());
    }
  }
}
