package dev.cairn.study;

import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.RunObserver;
import dev.cairn.profile.BlockLocation;

/// Where the guest's code comes from, followed while it runs.
public final class MappedCode implements RunObserver {
  private final RunObserver next;

  /// @param next is told of everything as well
  public MappedCode(GuestCommand command, RunObserver next) {
    this.next = next;
  }

  /// {@return what lies at an address now}
  public BlockLocation locate(long pc) {
    return BlockLocation.UNKNOWN;
  }

  @Override
  public void progress(long instructions) {
    next.progress(instructions);
  }
}
