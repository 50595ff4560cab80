package dev.cairn.capture;

/// How a guest's run ended.
public sealed interface GuestEnd {
  /// The guest exited by itself.
  record Exited(int status) implements GuestEnd {}

  /// A signal killed the guest.
  ///
  /// @param signal its number
  /// @param thread the thread that it took
  /// @param pc a virtual address
  /// @param stands where the thread stood, seen from there
  record Killed(int signal, int thread, long pc, Stands stands) implements GuestEnd {}

  /// What an address says of a killed thread. From QEMU 10.1 on a plugin can't read registers at a
  /// guest's end, and what the thread did last may leave it open where it stood.
  enum Stands {
    /// It is the instruction that would have executed next.
    AT_PC,
    /// It is the start of the translation block that executed last, to its end.
    BEHIND_BLOCK,
    /// It is the start of the translation block that was entered last. All its instructions are
    /// counted, and one or more may not have executed.
    IN_BLOCK
  }

  /// The guest put another program in its place with `execve`, which ran on uninstrumented.
  record Replaced(String path, int status) implements GuestEnd {}

  /// The capture ended the guest behind the last window: all that was asked for had been seen.
  record Left() implements GuestEnd {}

  /// The capture ended the guest, as it was told to.
  record Stopped() implements GuestEnd {}

  /// QEMU itself was killed, or ended without the probe's farewell: the newest events are missing.
  ///
  /// @param status QEMU's exit status, 128 and the signal if one killed it
  record Lost(int status) implements GuestEnd {}
}
