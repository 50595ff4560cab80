package dev.cairn.capture;

/// How a guest's run ended.
public sealed interface GuestEnd {
  /// The guest exited by itself.
  record Exited(int status) implements GuestEnd {}

  /// A signal killed the guest.
  ///
  /// @param signal its number
  /// @param thread the thread that it took
  /// @param pc the virtual address of the instruction that would have executed next
  record Killed(int signal, int thread, long pc) implements GuestEnd {}

  /// The guest put another program in its place with `execve`, which ran on uninstrumented.
  record Replaced(String path, int status) implements GuestEnd {}

  /// The capture ended the guest, as all that was asked for had been seen, or as it was told to.
  record Stopped() implements GuestEnd {}

  /// QEMU itself was killed, or ended without the probe's farewell: the newest events are missing.
  ///
  /// @param status QEMU's exit status, 128 and the signal if one killed it
  record Lost(int status) implements GuestEnd {}
}
