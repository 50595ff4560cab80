package dev.cairn.bench;

import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.profile.call.CallAnalysis;
import dev.cairn.profile.call.CallEdge;
import dev.cairn.profile.call.CallProfile;
import dev.cairn.profile.call.FunctionProfile;
import dev.cairn.profile.loop.LoopAnalysis;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Follows a guest's functions, library calls and, if asked to, its loops in one run.
///
/// Run by `bench/calls`, as `FunctionsAndLoops FILE SYSROOT LOOPS PROGRAM ARGUMENTS…`, where LOOPS
/// is `true` or `false`; the instructions, calls and library calls are written to the file.
public final class FunctionsAndLoops {
  private FunctionsAndLoops() {}

  public static void main(String[] arguments) throws CaptureException, IOException {
    Path sysroot = Path.of(arguments[1]);
    boolean withLoops = Boolean.parseBoolean(arguments[2]);
    String program = arguments[3];
    GuestCommand command =
        new GuestCommand(
            Path.of(System.getenv("CAIRN_QEMU_RESOLVED")),
            Path.of(System.getenv("CAIRN_PROBE")),
            "neoverse-n1",
            sysroot,
            Map.of(),
            null,
            program,
            List.of(Arrays.copyOfRange(arguments, 4, arguments.length)));
    GuestMap map =
        new GuestMap(
            GuestProgram.find(program, sysroot, Map.of(), null, Path.of("")), RunObserver.NONE);
    AArch64 isa = new AArch64();
    CallAnalysis calls =
        withLoops
            ? new CallAnalysis(isa, map.addresses()::locate, new LoopAnalysis())
            : new CallAnalysis(isa, map.addresses()::locate);
    CaptureResult run =
        new Capture(command, StandardStreams.INHERITED)
            .run(
                new Observation.Streaming(List.of(calls), 0, List.of(), StreamContents.STACK), map);
    if (!run.end().equals(new GuestEnd.Exited(0))) {
      throw new IllegalStateException("the guest did not exit with 0: " + run.end());
    }
    CallProfile profile = calls.result();
    long all = profile.functions().stream().mapToLong(FunctionProfile::calls).sum();
    long library =
        profile.calls().stream().filter(CallEdge::library).mapToLong(CallEdge::calls).sum();
    Files.writeString(
        Path.of(arguments[0]),
        profile.instructions() + " " + all + " " + library + System.lineSeparator());
  }
}
