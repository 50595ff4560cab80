package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.GuestCommand;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A program that is restored from a checkpoint must execute what the uninterrupted run executes
/// from there on, every instruction, write what it writes and end as it ends.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class CheckpointRestoreTest {
  private static final int SIGUSR1 = 10;
  private static final int SPREAD = 5;
  private static final int SYSTEM_CALLS = 4;

  @TempDir private Path folder;

  private static boolean isDynamicLinker(Mapping mapping) {
    return String.valueOf(mapping.file()).contains("ld-linux")
        && (mapping.protection() & Mapping.EXECUTE) != 0;
  }

  /// {@return places: the ends, spread over the run, and in front of and behind system calls}
  private static NavigableSet<Integer> places(WholeRun whole, SplittableRandom random) {
    TreeSet<Integer> places = new TreeSet<>(List.of(0, 1, whole.instructions() - 1));
    for (int i = 1; i <= SPREAD; i++) {
      places.add((int) ((long) i * whole.instructions() / (SPREAD + 1)));
    }
    for (int i = 0; i < SYSTEM_CALLS; i++) {
      int behind = any(whole.behindCalls(), random);
      places.addAll(List.of(behind - 1, behind, Math.min(behind + 1, whole.instructions() - 1)));
    }
    return places;
  }

  private static int any(List<Integer> of, SplittableRandom random) {
    return of.get(random.nextInt(of.size()));
  }

  @ParameterizedTest
  @EnumSource
  void goesOnAsIfNothingHadHappened(DebianProgram program) throws Exception {
    CheckpointTrial trial = new CheckpointTrial(folder, program.alikeEachTime(folder));
    WholeRun whole = trial.whole();
    assertThat(whole.status()).isZero();
    int last = whole.instructions() - 1;
    SplittableRandom random = new SplittableRandom(program.name().length());
    NavigableSet<Integer> places = places(whole, random);
    Path end = trial.take("end", Set.of(last)).resolve("at-" + last);
    try (Checkpoint opened = Checkpoint.open(end)) {
      long memcpy = CheckpointTrial.memcpy(opened);
      List<Integer> copies = whole.positionsIn(memcpy, memcpy + 4);
      places.addAll(List.of(any(copies, random), any(copies, random) + 2));
      Mapping linker =
          opened.process().mappings().stream()
              .filter(CheckpointRestoreTest::isDynamicLinker)
              .findFirst()
              .orElseThrow();
      List<Integer> linking = whole.positionsIn(linker.start(), linker.end());
      places.addAll(List.of(any(linking, random), any(linking, random), linking.getLast()));
    }
    places.removeIf(whole::hasSocket); // in SQLite, which asks for a home folder
    Path kept = trial.take("store", places);
    assertThat(CheckpointStore.names(kept)).hasSizeGreaterThanOrEqualTo(20);
    trial.requireTheSame(whole, kept);
  }

  /// {@return the first instruction of the handler of a signal, something in it, and the places
  /// around its return}
  private static Set<Integer> handlerPlaces(WholeRun whole, Path then, int signal)
      throws Exception {
    TreeSet<Integer> places = new TreeSet<>();
    try (Checkpoint opened = Checkpoint.open(then)) {
      for (SignalState.Action action : opened.process().signals().actions()) {
        if (action.signal() == signal) {
          List<Integer> entries = whole.positionsIn(action.handler(), action.handler() + 4);
          assertThat(entries).hasSizeGreaterThan(1);
          places.addAll(List.of(entries.getFirst(), entries.getLast(), entries.getLast() + 5));
        }
      }
    }
    int behind = whole.behindCalls("rt_sigreturn").getFirst();
    places.addAll(List.of(behind - 1, behind, behind + 1));
    return places;
  }

  private void requireTheSameInHandlers(GuestCommand command, int status, int places)
      throws Exception {
    CheckpointTrial trial = new CheckpointTrial(folder, command);
    WholeRun whole = trial.whole();
    assertThat(whole.status()).isEqualTo(status);
    int handled = whole.behindCalls("rt_sigreturn").getFirst();
    Path then = trial.take("then", Set.of(handled)).resolve("at-" + handled);
    Set<Integer> all = handlerPlaces(whole, then, SIGUSR1);
    all.addAll(places(whole, new SplittableRandom(status)).headSet(places));
    trial.requireTheSame(whole, trial.take("store", all));
  }

  @Test
  void goesOnInAHandlerOfPerls() throws Exception {
    String text = "$SIG{USR1} = sub { $n++ }; kill USR1 => $$ for 1 .. 3; print \"$n\\n\"; exit 7";
    GuestCommand perl = TestGuests.dynamicCommand(DebianProgram.PERL.path(), "-e", text);
    requireTheSameInHandlers(
        TestGuests.in(folder, perl, Map.of()).inheriting(DebianProgram.PERL.variables()), 7, 1);
  }

  /// Handlers on their own stack, masks, descriptors, pipes, protections, the heap.
  @Test
  void goesOnInAHandlerOnItsOwnStack() throws Exception {
    GuestCommand command =
        TestGuests.command(
            copied(TestGuests.program("resumes")), DebianProgram.input(folder, 60).toString());
    requireTheSameInHandlers(
        TestGuests.in(folder, command, Map.of()).inheriting(Map.of()), 7, Integer.MAX_VALUE);
  }

  /// Stacks that are switched and left by `longjmp`, code that changes, faults that are handled.
  @ParameterizedTest
  @ValueSource(strings = {"stacks", "rewrites", "faults"})
  void goesOnInStrangeCode(String name) throws Exception {
    GuestCommand command =
        TestGuests.in(folder, TestGuests.command(TestGuests.program(name)), Map.of())
            .inheriting(Map.of());
    CheckpointTrial trial = new CheckpointTrial(folder, command);
    WholeRun whole = trial.whole();
    Set<Integer> places = new TreeSet<>();
    for (int i = 1; i < SPREAD; i++) {
      places.add((int) ((long) i * whole.instructions() / SPREAD));
    }
    trial.requireTheSame(whole, trial.take("store", places));
  }

  /// A static program asks at its start for its own path, which after a restore is that of the
  /// executable that restored it: the two get names of the same length.
  private Path copied(Path program) throws Exception {
    return Files.copy(program, folder.resolve("resuming"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  /// The witness is the log of QEMU itself, an instruction a block, of the program and of the
  /// executable that goes on with it.
  @Test
  void executesWhatTheLogOfQemuShows() throws Exception {
    GuestCommand command =
        DebianProgram.ZSTD.alikeEachTime(folder).withExactly(List.of("PATH=/bin"));
    CheckpointTrial trial = new CheckpointTrial(folder, command);
    WholeRun whole = trial.whole();
    int middle = whole.instructions() / 2;
    int call = whole.behindCalls("read").getLast();
    Path kept = trial.take("store", Set.of(0, middle, call - 1, call));
    List<String> logged = trial.logged(command.plainCommandLine());
    assertThat(logged).hasSize(whole.instructions());
    for (String name : CheckpointStore.names(kept)) {
      Path elf = folder.resolve("restored");
      long before;
      int position;
      try (Checkpoint opened = Checkpoint.open(kept.resolve(name))) {
        position = Math.toIntExact(opened.process().instructions());
        before = SelfRestoringElf.write(elf, opened.process(), opened);
      }
      List<String> rest = trial.logged(trial.restored(elf).plainCommandLine());
      for (int i = position; i < logged.size(); i++) {
        String found = before < rest.size() ? rest.get((int) before++) : "the end";
        assertThat(found).as("%s, %d behind it", name, i - position).isEqualTo(logged.get(i));
      }
      assertThat(rest).as(name).hasSize((int) before);
    }
  }
}
