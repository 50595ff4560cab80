package dev.cairn.bench;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Window;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A stretch of a real program's run kept in a file, so that a measurement of an analysis can be
/// repeated on the same words without QEMU.
///
/// The file is for the machine and the day: nothing but this class reads it.
///
/// @param blocks all blocks defined up to the end of the stretch
/// @param batches of thread 0
/// @param first instructions executed before the stretch
public record RecordedRun(List<BlockDefinition> blocks, List<Batch> batches, long first) {
  private static final int BLOCK = 1;
  private static final int BATCH = 2;
  private static final int END = 0;

  /// Records a stretch of a guest's run.
  ///
  /// Run: `FILE FROM LENGTH PROGRAM ARGUMENTS`, with what `./test` sets in the environment.
  public static void main(String[] arguments) throws IOException, CaptureException {
    long from = Long.parseLong(arguments[1]);
    Window window = new Window(from, from + Long.parseLong(arguments[2]));
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[0])), 1 << 20))) {
      run(
          List.of(arguments).subList(3, arguments.length),
          new Observation.Streaming(List.of(new Writing(out)), 0, List.of(window)));
      out.writeByte(END);
    }
  }

  /// Runs a guest of the test sysroot, silently, up to the end of the last window, if there are
  /// any.
  static void run(List<String> command, Observation observation)
      throws IOException, CaptureException {
    GuestCommand guest =
        new GuestCommand(
            TestGuests.qemu(),
            TestGuests.probe(),
            "neoverse-n1",
            TestGuests.sysroot(),
            Map.of(),
            null,
            command.getFirst(),
            command.subList(1, command.size()));
    new Capture(guest, new StandardStreams(null, true)).run(observation, RunObserver.NONE);
  }

  static RecordedRun read(Path file) throws IOException {
    List<BlockDefinition> blocks = new ArrayList<>();
    List<Batch> batches = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      for (int kind = in.readByte(); kind != END; kind = in.readByte()) {
        if (kind == BLOCK) {
          long pc = in.readLong();
          byte[] code = in.readNBytes(in.readInt());
          byte[] sizes = in.readNBytes(in.readInt());
          blocks.add(new BlockDefinition(blocks.size(), pc, code, sizes));
        } else {
          long first = in.readLong();
          Batch batch = new Batch(in.readInt());
          for (int i = 0; i < batch.words().length; i++) {
            batch.words()[i] = in.readLong();
          }
          batch.reset(0, first, batch.words().length);
          batches.add(batch);
        }
      }
    }
    return new RecordedRun(blocks, batches, batches.getFirst().firstInstruction());
  }

  private record Writing(DataOutputStream out) implements Analysis<Void> {
    @Override
    public void define(BlockDefinition block) {
      try {
        out.writeByte(BLOCK);
        out.writeLong(block.pc());
        out.writeInt(block.code().length);
        out.write(block.code());
        out.writeInt(block.sizes().length);
        out.write(block.sizes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void accept(Batch batch) {
      if (batch.thread() != 0) {
        return;
      }
      try {
        out.writeByte(BATCH);
        out.writeLong(batch.firstInstruction());
        out.writeInt(batch.length());
        for (int i = 0; i < batch.length(); i++) {
          out.writeLong(batch.words()[i]);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    @SuppressWarnings("NullAway") // nothing is returned
    public Void result() {
      return null;
    }
  }
}
