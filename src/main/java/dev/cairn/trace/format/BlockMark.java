package dev.cairn.trace.format;

/// A mark of the program's author at an instruction of a block.
///
/// @param instruction its index in the block
/// @param begins whether a region begins here; else the innermost one ends
/// @param name of the region; empty where one ends
public record BlockMark(int instruction, boolean begins, String name) {
  public BlockMark {
    if (instruction < 0) {
      throw new IllegalArgumentException("instruction must not be negative: " + instruction);
    }
  }
}
