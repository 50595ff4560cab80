package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.event.Analysis;
import dev.cairn.profile.syscall.KernelWritePlan;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.trace.TraceContents;
import dev.cairn.trace.TraceEnd;
import dev.cairn.trace.TraceFile;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.TraceWriter;
import dev.cairn.trace.value.ValueCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Replaying a trace's stores over what it says of memory gives each loaded value.
@Tag("qemu")
@Timeout(value = 400, unit = TimeUnit.SECONDS)
final class ValueReplayTest {
  private static final long CHUNK = 100_000;

  @TempDir private Path folder;

  private GuestCommand program(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1500; i++) {
      text.append("line ").append(i * 7919L % 10_007).append(" of the input\n");
    }
    String in = Files.writeString(folder.resolve("input"), text).toString();
    GuestCommand command =
        switch (name) {
          case "xz" -> debian("xz", "-1", "-k", "-c", "-T1", in);
          case "bzip2" -> debian("bzip2", "-1", "-k", "-c", in);
          case "gzip" -> debian("gzip", "-1", "-c", in);
          case "zstd" -> debian("zstd", "-1", "--single-thread", "--no-asyncio", "-q", "-c", in);
          case "lua" ->
              debian(
                  "lua5.4",
                  "-e",
                  "local n = 0 for l in io.lines('" + in + "') do n = n + #l print(n) end");
          case "sqlite" ->
              debian(
                  "sqlite3",
                  ":memory:",
                  "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2); SELECT sum(a) FROM t;");
          case "perl" -> debian("perl", "-ne", "$n += length; print \"$n\\n\"", in);
          case "gawk" -> debian("gawk", "{ n += length($0); print n }", in);
          default -> TestGuests.command(TestGuests.program(name));
        };
    return TestGuests.in(folder, command, Map.of())
        .inheriting(Map.of("PERL_HASH_SEED", "0", "PATH", "/usr/bin"));
  }

  private static GuestCommand debian(String program, String... arguments) {
    return TestGuests.dynamicCommand(TestGuests.debian(program), arguments);
  }

  private CaptureResult capture(GuestCommand command, Observation observation) throws Exception {
    return new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(observation, RunObserver.NONE);
  }

  /// Records a trace with values.
  private CaptureResult record(GuestCommand command, Path path) throws Exception {
    TraceContents contents = new TraceContents(true, true, true, true, "");
    TraceManifest manifest =
        new TraceManifest(
            "1", List.of("x"), "aarch64", "y", contents, CHUNK, 0, Long.MAX_VALUE, -1);
    try (TraceFile file = TraceFile.create(path, manifest)) {
      TraceWriter writer = new TraceWriter(file, CHUNK, contents, _ -> null, null, _ -> List.of());
      CaptureResult run =
          capture(
              command,
              new Observation.Streaming(
                  List.of(writer),
                  0,
                  List.of(),
                  new StreamContents(
                      true,
                      true,
                      true,
                      List.of(),
                      KernelWritePlan.of(SystemCallTable.aarch64Linux()))));
      writer.result();
      file.complete(new TraceEnd("over", 0, true, List.of()));
      return run;
    }
  }

  private static ValueCheck replay(Path path, long until) throws IOException {
    ValueCheck check = new ValueCheck();
    try (TraceReader reader = TraceReader.open(path)) {
      reader.giveValues();
      List<Analysis<?>> analyses = List.of(check);
      reader.replay(0, until, TraceManifest.ALL_THREADS, analyses);
    }
    return check;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xz",
        "bzip2",
        "gzip",
        "zstd",
        "lua",
        "sqlite",
        "perl",
        "gawk",
        "values",
        "signals",
        "faults",
        "rewrites",
        "stacks",
        "resumes",
        "dies"
      })
  void givesEachLoadedValue(String name) throws Exception {
    GuestCommand command = program(name);
    Path path = folder.resolve("a.trace");
    record(command, path);
    ValueCheck.Result all = replay(path, Long.MAX_VALUE).result();
    assertThat(all.firstDifference()).isNull();
    assertThat(all.differing()).isZero();
    assertThat(all.first()).isZero();
    assertThat(all.loads()).isGreaterThan(1000);
  }

  /// Random bytes and times differ from run to run, and so do not what is said of one.
  @Test
  void knowsWhatDiffersFromRunToRun() throws Exception {
    Path path = folder.resolve("a.trace");
    GuestCommand command = TestGuests.command(TestGuests.program("values"), "differing");
    record(command, path);
    ValueCheck.Result all = replay(path, Long.MAX_VALUE).result();
    assertThat(all.firstDifference()).isNull();
    assertThat(all.first()).isZero();
  }
}
