package dev.cairn.cli.checkpoint;

import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.stop.Stop;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.study.checkpoint.FollowedRun;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/// Looks at what a process is at some counts of instructions, and ends its run behind the last.
final class LooksAt implements FollowedRun {
  /// All has been seen.
  static final class Done extends IOException {
    private static final long serialVersionUID = 1;

    Done() {
      super("all has been seen");
    }
  }

  /// What looks at a process.
  interface Look {
    /// Looks while the process waits.
    ///
    /// @param number of the process on the host
    void at(ProcessState state, MemoryContents memory, int number) throws IOException;
  }

  private final ProcessFollower follower;
  private final TreeMap<Long, Look> looks;
  private boolean begun;

  /// @param looks by the instructions
  LooksAt(ProcessFollower.Guest guest, Map<Long, Look> looks) {
    follower = new ProcessFollower(guest, GuestCommand.HOST_BASE, GuestCommand.GUEST_BYTES);
    this.looks = new TreeMap<>(looks);
  }

  @Override
  public void stopped(Stop stop, int number) throws IOException {
    A64Registers registers = A64Registers.of(stop.pc(), stop.registers());
    if (!begun) {
      begun = true;
      follower.begin(number, registers);
    }
    Look look = looks.remove(stop.instructions());
    if (look != null) {
      follower.take(
          stop.instructions(),
          registers,
          number,
          (state, memory) -> look.at(state, memory, number));
    }
    if (looks.isEmpty()) {
      throw new Done();
    }
  }

  @Override
  public ProcessFollower follower() {
    return follower;
  }
}
