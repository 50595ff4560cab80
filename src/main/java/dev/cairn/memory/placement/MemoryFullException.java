package dev.cairn.memory.placement;

/// A program touches more memory than there is.
public final class MemoryFullException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  MemoryFullException(Placement placement) {
    super(
        "the program touches more than the physical memory there is (%s): give more with --memory"
            .formatted(placement.text()));
  }
}
