package dev.cairn.bench;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.Observation;
import dev.cairn.capture.Window;
import dev.cairn.timing.WarmingBias;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Which warm-up a program needs: prints the bias of several against a long one.
///
/// Run as [TimingBench] is, with what `./test` sets in the environment: `FROM,FROM,… PROGRAM
/// ARGUMENTS`, the positions of windows of 1 M instructions in millions, 60 apart at least.
public final class WarmingBench {
  private static final long MILLION = 1_000_000;

  private WarmingBench() {}

  public static void main(String[] arguments) throws IOException, CaptureException {
    long[] positions =
        Arrays.stream(arguments[0].split(",", -1))
            .mapToLong(text -> Long.parseLong(text) * MILLION)
            .toArray();
    WarmingBias bias = new WarmingBias(MILLION, positions);
    List<Window> windows =
        Arrays.stream(positions)
            .mapToObj(from -> new Window(from - WarmingBias.REFERENCE, from + MILLION))
            .toList();
    RecordedRun.run(
        Stream.of(arguments).skip(1).toList(),
        new Observation.Streaming(List.of(bias), 0, windows));
    System.out.print(bias.result());
  }
}
