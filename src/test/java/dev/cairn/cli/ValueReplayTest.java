package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.profile.syscall.KernelWritePlan;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.isa.AArch64;
import dev.cairn.trace.FlowCheck;
import dev.cairn.trace.TraceContents;
import dev.cairn.trace.TraceEnd;
import dev.cairn.trace.TraceFile;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.TraceWriter;
import dev.cairn.trace.value.ReplayedMemory;
import dev.cairn.trace.value.ValueCheck;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Replaying a trace's stores over what it says of memory gives each loaded value, and the memory
/// that the process has.
@Tag("qemu")
@Timeout(value = 400, unit = TimeUnit.SECONDS)
final class ValueReplayTest {
  private static final long CHUNK = 100_000;

  @TempDir private Path folder;

  /// Records a trace with values.
  private void record(GuestCommand command, Path path) throws Exception {
    record(command, new StandardStreams(Path.of("/dev/null"), true), path);
  }

  private void record(GuestCommand command, StandardStreams streams, Path path) throws Exception {
    TraceContents contents = new TraceContents(true, true, true, true, "");
    TraceManifest manifest =
        new TraceManifest(
            "1", List.of("x"), "aarch64", "y", contents, CHUNK, 0, Long.MAX_VALUE, -1);
    try (TraceFile file = TraceFile.create(path, manifest)) {
      TraceWriter writer = new TraceWriter(file, CHUNK, contents, _ -> null, null, _ -> List.of());
      new Capture(command, streams)
          .run(
              new Observation.Streaming(
                  List.of(writer),
                  0,
                  List.of(),
                  StreamContents.ACCESSES
                      .withStackPointer()
                      .withSystemCalls(List.of())
                      .withValues(KernelWritePlan.of(SystemCallTable.aarch64Linux()))),
              RunObserver.NONE);
      writer.result();
      file.complete(new TraceEnd("over", 0, true, List.of(), List.of()));
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
  @EnumSource
  void givesEachLoadedValue(DebianProgram program) throws Exception {
    requireEachLoadedValue(program.command(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "values",
        "signals",
        "together",
        "faults",
        "rewrites",
        "stacks",
        "resumes",
        "dies"
      })
  void givesEachLoadedValueOf(String name) throws Exception {
    requireEachLoadedValue(own(name));
  }

  private GuestCommand own(String name) {
    return TestGuests.in(folder, TestGuests.command(TestGuests.program(name)), Map.of())
        .inheriting(DebianProgram.XZ.variables());
  }

  private void requireEachLoadedValue(GuestCommand command) throws Exception {
    Path path = folder.resolve("a.trace");
    record(command, path);
    ValueCheck.Result all = replay(path, Long.MAX_VALUE).result();
    assertThat(all.firstDifference()).isNull();
    assertThat(all.differing()).isZero();
    assertThat(all.first()).isZero();
    assertThat(all.loads()).isGreaterThan(1000);
    try (TraceReader reader = TraceReader.open(path)) {
      reader.giveValues();
      FlowCheck flow = new FlowCheck(new AArch64()); // signals stand apart from what they lead to
      reader.replay(List.of(flow));
      assertThat(flow.result().breaks()).as("%s", flow.result().firstBreak()).isZero();
    }
  }

  /// Waits until a program has read all there is and wants more, and keeps its memory.
  private static final class Witness implements Runnable {
    private final GuestCommand command;
    private final RandomAccessFile input;
    final Map<Long, byte[]> pages = new HashMap<>();
    @Nullable IOException failed;

    Witness(GuestCommand command, RandomAccessFile input) {
      this.command = command;
      this.input = input;
    }

    @Override
    public void run() {
      try (input) {
        long process = waiting();
        List<String> line = command.plainCommandLine();
        long base = Long.decode(line.get(line.indexOf("-B") + 1));
        keep(process, base);
      } catch (IOException e) {
        failed = e;
      }
    }

    /// {@return the number of QEMU's process, which waits for its standard input: in a `read`, or a
    /// `ppoll` before it}
    private long waiting() throws IOException {
      String before = "";
      while (true) {
        LockSupport.parkNanos(100_000_000);
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
          String call = text(child.pid(), "syscall");
          boolean waits = call.startsWith("0 0x0 ") || call.startsWith("271 ");
          if (waits && (child.pid() + call).equals(before)) {
            return child.pid();
          }
          before = waits ? child.pid() + call : before;
        }
      }
    }

    private String text(long process, String file) {
      try {
        return Files.readString(Path.of("/proc/" + process + "/" + file));
      } catch (IOException e) {
        return ""; // it has ended
      }
    }

    private void keep(long process, long base) throws IOException {
      try (RandomAccessFile memory = new RandomAccessFile("/proc/" + process + "/mem", "r")) {
        for (String line : text(process, "maps").lines().toList()) {
          String[] fields = line.split("[- ]", -1);
          long begin = Long.parseUnsignedLong(fields[0], 16) - base;
          long end = Long.parseUnsignedLong(fields[1], 16) - base;
          if (begin < 0 || end > 1L << 40 || !fields[2].startsWith("r")) {
            continue;
          }
          for (long at = begin; at < end; at += ReplayedMemory.PAGE_BYTES) {
            byte[] page = new byte[ReplayedMemory.PAGE_BYTES];
            memory.seek(base + at);
            memory.readFully(page);
            pages.put(at, page);
          }
        }
      }
    }
  }

  /// Where a trace's program waits for the end of its standard input.
  private static final class EndOfInput implements Analysis<Long> {
    private static final int READ = 63;
    private static final int PPOLL = 73;

    private final Set<Long> polls = new HashSet<>();
    private long polled = -1;
    private final Set<Long> reads = new HashSet<>();
    private long ending = -1;
    private long found = -1;

    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void systemCall(SystemCall call) {
      if (call.number() == READ && call.arguments()[0] == 0) {
        reads.add(call.index());
      } else if (call.number() == PPOLL) {
        polls.add(call.index());
      }
    }

    @Override
    public void systemReturn(SystemReturn result) {
      if (ending < 0 && result.result() == 0 && reads.contains(result.index())) {
        ending = result.index();
      }
    }

    @Override
    public void accept(Batch batch) {
      long position = batch.firstInstruction();
      for (int i = 0; i < batch.length(); i++) {
        long word = batch.words()[i];
        if (EventWord.kind(word) == EventWord.EXECUTION) {
          position += EventWord.end(word) - EventWord.first(word);
        } else if (EventWord.kind(word) == EventWord.NOTE) {
          note(EventWord.note(word), EventWord.address(word), position);
        }
      }
    }

    private void note(int note, long index, long position) {
      if (note == EventWord.NOTE_CALL && polls.contains(index) && found < 0) {
        polled = position;
      } else if (note == EventWord.NOTE_RETURN && index == ending) {
        found = polled < 0 ? position : polled;
      }
    }

    @Override
    public Long result() {
      return found;
    }
  }

  private static String input(boolean asQueries) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 900; i++) {
      text.append(asQueries ? "SELECT " : "line ").append(i * 7919L % 10_007);
      text.append(asQueries ? " + length('of the input');\n" : " of the input\n");
    }
    return text.toString();
  }

  /// The witness is QEMU's process itself, while its guest waits for input that does not come.
  @ParameterizedTest
  @EnumSource
  void givesTheMemoryThatTheProcessHas(DebianProgram program) throws Exception {
    requireTheMemoryOf(program.readingCommand(folder), input(program == DebianProgram.SQLITE));
  }

  @Test
  void givesTheMemoryThatAProgramOfManyStoresHas() throws Exception {
    requireTheMemoryOf(own("values"), "");
  }

  private void requireTheMemoryOf(GuestCommand command, String written) throws Exception {
    Path fifo = folder.resolve("fifo");
    TestGuests.run(List.of("mkfifo", fifo.toString()));
    RandomAccessFile input = new RandomAccessFile(fifo.toFile(), "rw");
    input.writeBytes(written);
    Witness witness = new Witness(command, input);
    Thread thread = Thread.ofPlatform().daemon().start(witness);
    Path path = folder.resolve("a.trace");
    record(
        command,
        new StandardStreams(
            fifo, new StandardStreams.Output.Discarded(), new StandardStreams.Output.Discarded()),
        path);
    thread.join();
    assertThat(witness.failed).isNull();
    EndOfInput ending = new EndOfInput();
    try (TraceReader reader = TraceReader.open(path)) {
      List<Analysis<?>> analyses = List.of(ending);
      reader.replay(analyses);
    }
    assertThat(ending.result()).isPositive();
    ValueCheck check = replay(path, ending.result());
    assertThat(check.result().differing()).isZero();
    assertSameMemory(check.memory(), witness.pages);
  }

  /// Compares each byte that the replay knows.
  private static void assertSameMemory(ReplayedMemory replayed, Map<Long, byte[]> real) {
    long[] compared = new long[1];
    replayed.forEachPage((address, bytes, known) -> {
      assertThat(real).as("page at 0x%x", address).containsKey(address);
      byte[] there = Objects.requireNonNull(real.get(address));
      for (int i = 0; i < bytes.length; i++) {
        if ((known[i / Long.SIZE] >>> i & 1) != 0) {
          if (bytes[i] != there[i]) {
            assertThat(bytes[i]).as("byte at 0x%x", address + i).isEqualTo(there[i]);
          }
          compared[0]++;
        }
      }
    });
    assertThat(compared[0]).isGreaterThan(16L * ReplayedMemory.PAGE_BYTES);
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
