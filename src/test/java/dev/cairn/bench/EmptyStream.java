package dev.cairn.bench;

import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Streams every block and address of a guest into an analysis that only adds up lengths: what the
/// way from the guest to Java costs by itself.
///
/// Run by `bench/stream`, as `EmptyStream FILE SYSROOT PROGRAM ARGUMENTS…`; the instructions and
/// words that came are written to the file.
public final class EmptyStream {
  private EmptyStream() {}

  public static void main(String[] arguments) throws CaptureException, IOException {
    GuestCommand command =
        new GuestCommand(
            Path.of(System.getenv("CAIRN_QEMU_RESOLVED")),
            Path.of(System.getenv("CAIRN_PROBE")),
            "neoverse-n1",
            Path.of(arguments[1]),
            Map.of(),
            null,
            arguments[2],
            List.of(Arrays.copyOfRange(arguments, 3, arguments.length)));
    Length length = new Length();
    CaptureResult run =
        new Capture(command, StandardStreams.INHERITED)
            .run(Observation.Streaming.everything(length), RunObserver.NONE);
    if (!run.end().equals(new GuestEnd.Exited(0))) {
      throw new IllegalStateException("the guest did not exit with 0: " + run.end());
    }
    Files.writeString(
        Path.of(arguments[0]), run.instructions() + " " + length.result() + System.lineSeparator());
  }

  private static final class Length implements Analysis<Long> {
    private long words;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      words += batch.length();
    }

    @Override
    public Long result() {
      return words;
    }
  }
}
