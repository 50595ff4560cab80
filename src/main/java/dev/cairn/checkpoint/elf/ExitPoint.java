package dev.cairn.checkpoint.elf;

/// Where an executable that restores a process ends it, before the instruction executes.
///
/// @param pc address of an instruction
/// @param times the how-manyth time that it is reached, from 1
public record ExitPoint(long pc, long times) {
  public ExitPoint {
    if (times < 1 || pc % 4 != 0) {
      throw new IllegalArgumentException("no place to exit at: 0x%x:%d".formatted(pc, times));
    }
  }
}
