package dev.cairn.memory.placement;

/// The free frames of physical memory, and which one a page gets.
interface FrameSource {
  /// Stands for no frame.
  long NONE = -1;

  /// Takes a frame.
  ///
  /// @param page for which it is, its number
  /// @return its number; [#NONE] if there is none left
  long take(long page);

  /// Gives a frame back, which may then be taken again.
  void give(long frame);
}
