package dev.cairn.cli;

import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StreamContents;
import dev.cairn.profile.syscall.MadeCall;
import dev.cairn.profile.syscall.MemoryPlan;
import dev.cairn.profile.syscall.SystemCallAnalysis;
import dev.cairn.program.call.SystemCallTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A run of a program that nothing interrupts: what those that go on from a checkpoint have to do.
///
/// @param path the address of each instruction
/// @param status with which it ends
/// @param output what it writes to standard output
/// @param calls its system calls, in order
record WholeRun(long[] path, int status, byte[] output, List<MadeCall> calls) {
  private static final String WRITE = "write";
  private static final SystemCallTable TABLE = SystemCallTable.aarch64Linux();

  /// Runs a program.
  ///
  /// @param output where its standard output goes
  static WholeRun of(GuestCommand command, Path output) throws Exception {
    MemoryPlan plan = new MemoryPlan(TABLE);
    List<MadeCall> calls = new ArrayList<>();
    ExecutedAddresses addresses = ExecutedAddresses.all();
    CaptureResult result =
        CheckpointTrial.capture(
            command,
            output,
            new Observation.Streaming(
                List.of(new SystemCallAnalysis(TABLE, plan, calls::add), addresses),
                0,
                List.of(),
                StreamContents.NOTHING.withSystemCalls(plan.fetches())));
    long[] path = addresses.result();
    if (path.length != result.instructions()) {
      throw new IllegalStateException(path.length + " of " + result.instructions());
    }
    return new WholeRun(path, CheckpointTrial.status(result), Files.readAllBytes(output), calls);
  }

  int instructions() {
    return path.length;
  }

  /// {@return the positions behind each system call that has one of the names; with none, of all}
  List<Integer> behindCalls(String... names) {
    List<String> wanted = List.of(names);
    return calls.stream()
        .filter(made -> wanted.isEmpty() || wanted.contains(TABLE.name(made.call().number())))
        .map(made -> Math.toIntExact(made.instructions()))
        .toList();
  }

  /// {@return whether a socket is open at a position, as far as one can know: up to the next
  /// `close`}
  boolean hasSocket(int position) {
    boolean open = false;
    for (MadeCall made : calls) {
      String name = String.valueOf(TABLE.name(made.call().number()));
      if (made.instructions() > position) {
        return open;
      }
      open = name.equals("socket") || (open && !name.equals("close"));
    }
    return open;
  }

  /// {@return what is left to be written to standard output at a position}
  byte[] outputFrom(int position) {
    int written = 0;
    for (MadeCall made : calls) {
      boolean isOutput =
          WRITE.equals(TABLE.name(made.call().number())) && made.call().argument(0) == 1;
      if (isOutput && made.instructions() <= position && made.result() != null) {
        written += Math.toIntExact(made.result().value());
      }
    }
    return Arrays.copyOfRange(output, written, output.length);
  }

  /// {@return the positions in whose front an address lies in a range}
  List<Integer> positionsIn(long from, long until) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < path.length; i++) {
      if (path[i] >= from && path[i] < until) {
        positions.add(i);
      }
    }
    return positions;
  }
}
