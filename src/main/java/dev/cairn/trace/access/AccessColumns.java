package dev.cairn.trace.access;

import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The columns of a chunk that tell of its accesses, unpacked.
///
/// @param surprises [dev.cairn.trace.format.Column#ACCESS_SURPRISES]
/// @param slots [dev.cairn.trace.format.Column#ACCESS_SLOTS]
/// @param gaps [dev.cairn.trace.format.Column#ACCESS_GAPS]; empty if there is none
/// @param jumps [dev.cairn.trace.format.Column#ACCESS_JUMPS]; empty if there is none
/// @param listed [dev.cairn.trace.format.Column#ACCESS_LISTED]; null if there is none
/// @param planes [dev.cairn.trace.format.Column#ACCESS_PLANES] and those behind it, all of them
public record AccessColumns(
    ByteSource surprises,
    ByteSource slots,
    ByteSource gaps,
    ByteSource jumps,
    @Nullable ByteSource listed,
    List<ByteSource> planes) {
  public AccessColumns {
    planes = List.copyOf(planes);
    if (planes.size() != Long.BYTES) {
      throw new IllegalArgumentException("planes must be 8: " + planes.size());
    }
  }

  /// Makes sure that nothing is left of what is read at once.
  void finish() throws FormatException {
    slots.finish();
    gaps.finish();
    jumps.finish();
    for (ByteSource plane : planes) {
      plane.finish();
    }
  }
}
