package dev.cairn.cli.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.verify.ProcessDifference;
import dev.cairn.study.guest.GuestRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `verify` says of checkpoints as they were taken, and of some that were then changed.
@Tag("qemu")
final class CheckpointVerificationTest {
  private static final GuestRunner RUNNER =
      (command, streams, observation, observer) ->
          new Capture(command, streams).run(observation, observer);

  @TempDir private Path folder;

  private GuestCommand bzip2() throws Exception {
    String input = Files.writeString(folder.resolve("input"), "line\n".repeat(3000)).toString();
    return TestGuests.in(
        folder,
        TestGuests.dynamicCommand(TestGuests.debian("bzip2"), "-1", "-k", "-c", input),
        Map.of());
  }

  private Path taken(GuestCommand command, long... counts) throws Exception {
    Path kept = folder.resolve("store");
    try (CheckpointStore store = CheckpointStore.create(kept)) {
      List<String> line =
          Stream.concat(Stream.of(command.program()), command.arguments().stream()).toList();
      TreeMap<Long, LooksAt.Look> looks = new TreeMap<>();
      for (long count : counts) {
        looks.put(count, (state, memory, _) -> store.add("at-" + count, state, memory));
      }
      List<Long> stops = Stream.concat(Stream.of(0L), looks.keySet().stream()).distinct().toList();
      LooksAt listener =
          new LooksAt(
              new ProcessFollower.Guest(
                  line, Path.of(command.program()), command.cpu(), command.sysroot()),
              looks);
      StandardStreams streams =
          new StandardStreams(
              Path.of("/dev/null"),
              new StandardStreams.Output.ToFile(folder.resolve("output")),
              new StandardStreams.Output.Inherited());
      try {
        new Capture(command, streams)
            .run(
                new Observation.Stopping(listener, stops, List.of(), ProcessFollower.fetches()),
                RunObserver.NONE);
      } catch (LooksAt.Done done) {
        assertThat(CheckpointStore.names(kept)).hasSize(counts.length);
      }
    }
    return kept;
  }

  private static Verification verify(Path checkpoint, long length) throws Exception {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      return CheckpointVerification.of(RUNNER, opened, length);
    }
  }

  /// Keeps a checkpoint again with something changed.
  private static Path changed(
      Path checkpoint, UnaryOperator<ProcessState> state, UnaryOperator<MemoryContents> memory)
      throws Exception {
    Path kept = Objects.requireNonNull(checkpoint.getParent());
    try (CheckpointStore store = CheckpointStore.create(kept);
        Checkpoint opened = Checkpoint.open(checkpoint)) {
      store.add("changed", state.apply(opened.process()), memory.apply(opened));
    }
    return kept.resolve("changed");
  }

  private static ProcessState with(ProcessState of, A64Registers registers, List<OpenFile> files) {
    return new ProcessState(
        of.instructions(),
        of.cpu(),
        of.sysroot(),
        of.program(),
        registers,
        of.mappings(),
        of.mappedFiles(),
        of.heapStart(),
        of.heapEnd(),
        files,
        of.workingDirectory(),
        of.umask(),
        of.name(),
        of.signals(),
        of.clearChildTid(),
        of.robustList(),
        of.robustListBytes(),
        of.rseq(),
        of.limits(),
        of.start(),
        of.ignored());
  }

  @Test
  void findsARestoredProgramEqual() throws Exception {
    Path kept = taken(bzip2(), 0, 1, 110_000, 400_000);
    for (String name : CheckpointStore.names(kept)) {
      Verification found = verify(kept.resolve(name), 50_000);
      assertThat(found.difference()).as(name).isNull();
      assertThat(found.verdict()).isEqualTo(Verification.Verdict.EQUAL);
      assertThat(found.instructions()).isEqualTo(50_000);
      assertThat(found.runValues()).isLessThan(20);
      assertThat(found.ended()).isFalse();
    }
    Verification whole = verify(kept.resolve("at-400000"), 1_000_000_000);
    assertThat(whole.difference()).isNull();
    assertThat(whole.ended()).isTrue();
    assertThat(whole.instructions()).isGreaterThan(100_000);
  }

  @Test
  void namesWhatWasChanged() throws Exception {
    Path checkpoint = taken(bzip2(), 400_000).resolve("at-400000");
    Path word =
        changed(
            checkpoint,
            state -> state,
            memory ->
                (mapping, consumer) ->
                    memory.forEachPage(
                        mapping,
                        (address, bytes) -> {
                          byte[] page = bytes.clone();
                          if (address == mapping.start()
                              && mapping.protectionText().equals("r-x")) {
                            page[100] ^= 4;
                          }
                          consumer.accept(address, page);
                        }));
    assertThat(verify(word, 1000).verdict()).isEqualTo(Verification.Verdict.DIFFERENT);
    assertThat(what(verify(word, 1000))).startsWith("the word at 0x").contains("064");
  }

  @Test
  void namesTheRegisterThatWasChanged() throws Exception {
    Path checkpoint = taken(bzip2(), 400_000).resolve("at-400000");
    Path register =
        changed(
            checkpoint,
            state -> {
              A64Registers of = state.registers();
              long[] x = of.x().clone();
              x[19] ^= 8;
              return with(
                  state,
                  new A64Registers(
                      x, of.sp(), of.pc(), of.pstate(), of.fpsr(), of.fpcr(), of.tpidr(), of.v()),
                  state.files());
            },
            memory -> memory);
    Verification found = verify(register, 1000);
    assertThat(found.verdict()).isEqualTo(Verification.Verdict.DIFFERENT);
    assertThat(what(found)).isEqualTo("register x19 at the checkpoint");
  }

  @Test
  void namesTheFileThatWasChanged() throws Exception {
    Path checkpoint = taken(bzip2(), 400_000).resolve("at-400000");
    Path file =
        changed(
            checkpoint,
            state ->
                with(
                    state,
                    state.registers(),
                    state.files().stream()
                        .filter(each -> each.kind() == OpenFile.Kind.STREAM)
                        .toList()),
            memory -> memory);
    Verification found = verify(file, 1000);
    assertThat(found.verdict()).isEqualTo(Verification.Verdict.DIFFERENT);
    assertThat(what(found)).isEqualTo("the open files");
  }

  private static String what(Verification found) {
    ProcessDifference difference = Objects.requireNonNull(found.difference());
    return difference.what();
  }
}
