package dev.cairn.capture.stop;

/// Where a thread waits, before an instruction that it has not executed.
///
/// @param thread 0 the first, then in order of creation
/// @param instructions that it has executed
/// @param pc of the instruction that comes next
/// @param trigger that it came to, by its index; [#BY_COUNT] if the count is why it stopped
/// @param registers as the probe's `struct cairn_registers` has them, a number a word; not copied
public record Stop(int thread, long instructions, long pc, int trigger, long[] registers) {
  /// Stands for no trigger.
  public static final int BY_COUNT = -1;
}
