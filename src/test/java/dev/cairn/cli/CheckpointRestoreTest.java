package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.Trigger;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.event.Analysis;
import dev.cairn.profile.syscall.MemoryPlan;
import dev.cairn.profile.syscall.SystemCallAnalysis;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import dev.cairn.study.checkpoint.CheckpointRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A program that is restored from a checkpoint must execute what the uninterrupted run executes
/// from there on, instruction by instruction, write what it writes and end as it ends.
@Tag("qemu")
final class CheckpointRestoreTest {
  private static final int RANDOM_PLACES = 4;

  /// Programs of which two runs are never alike to the instruction: Lua seeds its hash by the
  /// clock, and gawk's runs differ by some instructions. Of these only output and status can be
  /// compared.
  private static final Set<DebianProgram> NEVER_ALIKE =
      Set.of(DebianProgram.LUA, DebianProgram.GAWK);

  @TempDir private Path folder;

  /// What a run without interruption does.
  ///
  /// @param before system calls by the instructions that were executed before them
  private record Whole(long instructions, int status, byte[] output, Set<Long> before) {}

  private GuestCommand resumes() throws IOException {
    String input = DebianProgram.input(folder, 1500).toString();
    GuestCommand command = TestGuests.command(copied(TestGuests.program("resumes")), input);
    return TestGuests.in(folder, command, Map.of()).inheriting(DebianProgram.XZ.variables());
  }

  /// A static program asks at its start for its own path, which after a restore is that of the
  /// executable that restored it: the two get names of the same length.
  private Path copied(Path program) throws IOException {
    return Files.copy(program, folder.resolve("resuming"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private CaptureResult capture(GuestCommand command, Path output, Observation observation)
      throws Exception {
    StandardStreams streams =
        new StandardStreams(
            Path.of("/dev/null"),
            new StandardStreams.Output.ToFile(output),
            new StandardStreams.Output.Inherited());
    return new Capture(command, streams).run(observation, RunObserver.NONE);
  }

  private static int status(CaptureResult result) {
    return result.end() instanceof GuestEnd.Exited(int status) ? status : -1;
  }

  private Whole whole(GuestCommand command) throws Exception {
    SystemCallTable table = SystemCallTable.aarch64Linux();
    TreeSet<Long> before = new TreeSet<>();
    SystemCallAnalysis calls =
        new SystemCallAnalysis(
            table, new MemoryPlan(table), made -> before.add(made.instructions()));
    Path output = folder.resolve("whole");
    CaptureResult result =
        capture(
            command,
            output,
            new Observation.Streaming(
                List.of(calls),
                0,
                List.of(),
                new StreamContents(false, false, true, new MemoryPlan(table).fetches())));
    return new Whole(result.instructions(), status(result), Files.readAllBytes(output), before);
  }

  /// {@return places: the ends, around system calls, and somewhere}
  private static Set<Long> places(Whole whole, long seed) {
    TreeSet<Long> places = new TreeSet<>(List.of(0L, 1L, whole.instructions() - 1));
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> calls = List.copyOf(whole.before());
    for (int i = 0; i < RANDOM_PLACES; i++) {
      places.add(random.nextLong(whole.instructions()));
      long call = calls.get(random.nextInt(calls.size()));
      places.add(Math.max(0, call - 1));
      places.add(call);
      places.add(Math.min(whole.instructions() - 1, call + 1));
    }
    return places;
  }

  private Path checkpoints(GuestCommand command, Set<Long> places, List<Trigger> triggers)
      throws Exception {
    Path kept = folder.resolve("store");
    TreeSet<Long> stops = new TreeSet<>(places);
    stops.add(0L);
    try (CheckpointStore store = CheckpointStore.create(kept)) {
      List<String> line =
          Stream.concat(Stream.of(command.program()), command.arguments().stream()).toList();
      try (CheckpointRun run =
          new CheckpointRun(
              new ProcessFollower.Guest(
                  line, Path.of(command.program()), command.cpu(), command.sysroot()),
              store,
              places)) {
        capture(
            command,
            folder.resolve("interrupted"),
            new Observation.Stopping(run, List.copyOf(stops), triggers, ProcessFollower.fetches()));
        assertThat(run.countsLeft()).isEmpty();
        assertThat(run.taken()).isNotEmpty();
      }
    }
    return kept;
  }

  private void requireTheSame(GuestCommand command, Whole whole, Path kept, boolean alike)
      throws Exception {
    TreeMap<String, ExecutedAddresses> expected = new TreeMap<>();
    for (String name : CheckpointStore.names(kept)) {
      expected.put(name, ExecutedAddresses.from(Long.parseLong(name.substring(3))));
    }
    List<Analysis<?>> analyses = new ArrayList<>(expected.values());
    capture(
        command,
        folder.resolve("again"),
        new Observation.Streaming(analyses, 0, List.of(), StreamContents.NOTHING));
    for (Map.Entry<String, ExecutedAddresses> each : expected.entrySet()) {
      requireTheSame(command, whole, kept.resolve(each.getKey()), alike ? each.getValue() : null);
    }
  }

  private void requireTheSame(
      GuestCommand command, Whole whole, Path checkpoint, @Nullable ExecutedAddresses expected)
      throws Exception {
    Path elf = folder.resolve("restored");
    ProcessState process;
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      process = opened.process();
      SelfRestoringElf.write(elf, process, opened);
    }
    ExecutedAddresses found = ExecutedAddresses.behind(ElfImage.open(elf).entry());
    Path output = folder.resolve("rest");
    GuestCommand restored =
        TestGuests.in(
            Path.of("/"),
            new GuestCommand(
                command.qemu(),
                command.probe(),
                command.cpu(),
                command.sysroot(),
                Map.of(),
                null,
                elf.toString(),
                List.of()),
            Map.of());
    CaptureResult result =
        capture(
            restored,
            output,
            new Observation.Streaming(List.of(found), 0, List.of(), StreamContents.NOTHING));
    assertThat(status(result)).as(checkpoint.toString()).isEqualTo(whole.status());
    if (expected != null) {
      assertThat(found.result()).as(checkpoint.toString()).isEqualTo(expected.result());
      assertThat(found.result().instructions())
          .as(checkpoint.toString())
          .isEqualTo(whole.instructions() - process.instructions());
    }
    String all = new String(whole.output(), StandardCharsets.ISO_8859_1);
    assertThat(all)
        .as(checkpoint.toString())
        .endsWith(Files.readString(output, StandardCharsets.ISO_8859_1));
    assertThat(plain(elf, command)).as("under a QEMU without the probe").isEqualTo(whole.status());
    assertThat(folder.resolve("plain")).hasSameBinaryContentAs(output);
  }

  /// Runs the executable under Debian's own QEMU, which is another version and knows no plugin, in
  /// the layout that it chooses.
  private int plain(Path elf, GuestCommand command) throws Exception {
    String qemu = TestGuests.checkpointReader("qemu-aarch64").toString();
    List<String> line = new ArrayList<>(List.of(qemu, "-cpu", command.cpu()));
    if (command.sysroot() != null) {
      line.addAll(List.of("-L", command.sysroot().toString()));
    }
    line.add(elf.toString());
    return new ProcessBuilder(line)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(folder.resolve("plain").toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
        .waitFor();
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAsIfNothingHadHappened(DebianProgram program) throws Exception {
    GuestCommand command = program.command(folder);
    Whole whole = whole(command);
    assertThat(whole.status()).isZero();
    Set<Long> places = places(whole, program.ordinal());
    boolean alike = !NEVER_ALIKE.contains(program);
    places.removeIf(place ->
        (!alike && place > whole.instructions() - 10_000)
            // SQLite asks nscd by a socket
            || (program == DebianProgram.SQLITE && place > 1_500_000 && place < 1_600_000));
    Path kept = checkpoints(command, places, List.of());
    assertThat(folder.resolve("interrupted")).hasBinaryContent(whole.output());
    requireTheSame(command, whole, kept, alike);
  }

  /// Signal handlers on their own stack, masks, descriptors, pipes, protections, the heap.
  @Test
  void carriesAllThatAProcessHas() throws Exception {
    GuestCommand command = resumes();
    Whole whole = whole(command);
    assertThat(whole.status()).isEqualTo(7);
    List<Trigger> triggers = new ArrayList<>();
    for (ElfSymbol symbol : ElfImage.open(Path.of(command.program())).readSymbols()) {
      if (List.of("handler", "middle", "say", "memset").contains(symbol.name())) {
        triggers.add(
            new Trigger(Trigger.Action.STOP, Trigger.Base.ABSOLUTE, symbol.address(), "", 2));
      }
    }
    assertThat(triggers).hasSizeGreaterThanOrEqualTo(3);
    Path kept = checkpoints(command, places(whole, 5), triggers);
    assertThat(CheckpointStore.names(kept)).hasSizeGreaterThan(12);
    requireTheSame(command, whole, kept, true);
  }
}
