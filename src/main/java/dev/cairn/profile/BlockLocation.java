package dev.cairn.profile;

import org.jspecify.annotations.Nullable;

/// Where a block's code comes from.
///
/// @param file the path of the file mapped there, or null if none was
/// @param function the function that holds the block's first instruction, or null if none is known
public record BlockLocation(@Nullable String file, @Nullable String function) {
  /// Nothing is known.
  public static final BlockLocation UNKNOWN = new BlockLocation(null, null);
}
