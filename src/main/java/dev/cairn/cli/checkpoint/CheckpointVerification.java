package dev.cairn.cli.checkpoint;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.Window;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.MappedFile;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.verify.ExecutedPath;
import dev.cairn.checkpoint.verify.MemoryComparison;
import dev.cairn.checkpoint.verify.PathRecorder;
import dev.cairn.checkpoint.verify.ProcessDifference;
import dev.cairn.checkpoint.verify.RepeatedRun;
import dev.cairn.checkpoint.verify.RunValues;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeLocation;
import dev.cairn.report.GuestEndText;
import dev.cairn.study.guest.GuestRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs a program to a checkpoint and on from there, and restored from the checkpoint as far, each
/// once to see what executes and once to look at the process, and compares.
final class CheckpointVerification {
  /// More pairs of words than a process differs in for what the kernel has told it.
  private static final int MOST_RUN_VALUES = 100;

  private static final long LONGEST_RUN_SECONDS = 24 * 60 * 60;
  private static final long YEAR_2000 = 946_684_800;

  private static final int STREAMS = 3;

  private static final String BEHIND = "behind";

  private final GuestRunner runner;
  private final Path folder;
  private final Checkpoint checkpoint;
  private final ProcessState process;
  private final long length;
  private final RunValues excused = new RunValues();

  /// The first difference that was found, of those that are looked for one after the other.
  private @Nullable ProcessDifference found;

  private boolean ended;
  private final long begun = System.currentTimeMillis() / 1000;
  private int originalNumber;

  /// The second run of the original behind all, compared with the first one.
  private @Nullable RepeatedRun again;

  private int runs;

  /// A run that can be repeated.
  private record Subject(GuestCommand command, ProcessFollower.Guest guest, long from) {}

  /// What executed, and how it ended.
  private record Seen(ExecutedPath path, CaptureResult result) {}

  private CheckpointVerification(
      GuestRunner runner, Path folder, Checkpoint checkpoint, long length) {
    this.runner = runner;
    this.folder = folder;
    this.checkpoint = checkpoint;
    process = checkpoint.process();
    this.length = length;
  }

  /// Compares.
  ///
  /// @param length instructions behind the checkpoint
  /// @throws CheckpointException if the program can't be started again as it was, or ends before
  ///   the checkpoint
  static Verification of(GuestRunner runner, Checkpoint checkpoint, long length)
      throws CaptureException, IOException {
    Path folder = Files.createTempDirectory("cairn-verify-");
    try {
      Path elf = folder.resolve("restored");
      long before = SelfRestoringElf.write(elf, checkpoint.process(), checkpoint);
      return new CheckpointVerification(runner, folder, checkpoint, length).compare(elf, before);
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
  }

  private Verification compare(Path elf, long before) throws CaptureException, IOException {
    Subject original = original();
    Seen first = executed(original);
    long all = first.path().instructions();
    if (all == 0) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "the checkpoint lies behind %,d instructions, and now the program %s",
              process.instructions(),
              GuestEndText.of(first.result(), null)));
    }
    ended = all < length;
    long last = ended ? all - 1 : all; // of an ended process there is nothing to be seen
    try (CheckpointStore store = CheckpointStore.create(folder.resolve("store"))) {
      Verification.Verdict verdict = lookAtOriginal(original, last, store);
      if (verdict != Verification.Verdict.EQUAL) {
        return verification(verdict, 0, 0);
      }
      Subject restored = restored(elf, before);
      Seen second = executed(restored);
      return compare(first, second, lookAtRestored(restored, last));
    }
  }

  /// Compares the process with the checkpoint, and keeps what it is behind.
  ///
  /// @return what was found
  private Verification.Verdict lookAtOriginal(Subject original, long last, CheckpointStore store)
      throws CaptureException, IOException {
    List<RepeatedRun> both = new ArrayList<>();
    look(
        original,
        last,
        (state, memory, number) -> {
          originalNumber = number;
          both.add(RepeatedRun.of(state, memory, process, checkpoint));
        },
        (state, memory, _) -> store.add(BEHIND, state, memory));
    try (Checkpoint there = Checkpoint.open(folder.resolve("store").resolve(BEHIND))) {
      look(
          original,
          last,
          (state, memory, _) -> both.add(RepeatedRun.of(state, memory, process, checkpoint)),
          (state, memory, _) -> again = RepeatedRun.of(state, memory, there.process(), there));
    }
    RepeatedRun first = both.get(0);
    RepeatedRun second = both.get(1);
    found = RepeatedRun.otherwise(first.state(), process);
    boolean alike = RepeatedRun.otherwise(first.state(), second.state()) == null;
    if (found == null && alike) {
      excuseDevices();
      long taken = Files.getLastModifiedTime(checkpoint.folder()).toMillis() / 1000;
      long now = System.currentTimeMillis() / 1000;
      // A file that was read had another time of access before.
      excused.excuseTimes(taken - LONGEST_RUN_SECONDS, now, YEAR_2000, taken);
      found = first.wrong(second, excused);
    }
    if (found != null && alike) {
      return Verification.Verdict.DIFFERENT;
    }
    if (excused.size() > MOST_RUN_VALUES) {
      found =
          new ProcessDifference(
              "the memory at the checkpoint", excused.size() + " other values", "others");
    }
    return found == null ? Verification.Verdict.EQUAL : Verification.Verdict.NOT_REPEATABLE;
  }

  /// The outputs of the runs lie on another device than the program's did, which it may have asked.
  private void excuseDevices() throws IOException {
    long here = device(folder);
    for (String stream : process.start().streams()) {
      if (stream.startsWith("/") && Files.exists(Path.of(stream))) {
        excused.add(here, device(Path.of(stream)));
      }
    }
  }

  private static long device(Path path) throws IOException {
    return ((Number) Files.getAttribute(path, "unix:dev")).longValue();
  }

  /// {@return the first difference behind all that executed; null if there is none}
  private @Nullable ProcessDifference lookAtRestored(Subject restored, long last)
      throws CaptureException, IOException {
    List<ProcessDifference> behind = new ArrayList<>();
    LooksAt.Look rebuilt =
        (state, live, _) -> {
          MemoryContents memory = whole(live);
          found = ProcessDifference.first(process, state, new RunValues());
          if (found == null) {
            found =
                new MemoryComparison(process.mappings(), checkpoint, memory).first(new RunValues());
          }
        };
    try (Checkpoint there = Checkpoint.open(folder.resolve("store").resolve(BEHIND))) {
      look(
          restored,
          last,
          rebuilt,
          (state, live, number) -> {
            MemoryContents memory = whole(live);
            excused.add(originalNumber, number);
            long now = System.currentTimeMillis() / 1000;
            excused.excuseTimes(begun, now, begun, now);
            MemoryComparison pages =
                new MemoryComparison(there.process().mappings(), there, memory);
            if (again != null) {
              again.learn(there.process(), state, pages.differences(), excused);
            }
            ProcessDifference difference = ProcessDifference.first(there.process(), state, excused);
            difference = difference != null ? difference : pages.first(excused);
            if (difference != null) {
              behind.add(difference);
            }
          });
    }
    return behind.isEmpty() ? null : behind.getFirst();
  }

  /// {@return memory that is read though it is a view of a file where the other one's is not}
  private static MemoryContents whole(MemoryContents memory) {
    return (mapping, consumer) ->
        memory.forEachPage(
            new Mapping(
                mapping.start(),
                mapping.end(),
                mapping.protection(),
                Mapping.Kind.FILE,
                "restored",
                0),
            consumer);
  }

  private Verification compare(Seen first, Seen second, @Nullable ProcessDifference behind)
      throws IOException {
    long all = first.path().instructions();
    try (Checkpoint there = Checkpoint.open(folder.resolve("store").resolve(BEHIND))) {
      if (found != null) {
        return verification(Verification.Verdict.DIFFERENT, 0, checkpoint.pages());
      }
      ExecutedPath.Parting parting = first.path().parting(second.path());
      if (parting != null) {
        found = difference(parting, there.process());
        return verification(Verification.Verdict.DIFFERENT, parting.instructions(), 0);
      }
      if (ended && !first.result().end().equals(second.result().end())) {
        found =
            new ProcessDifference(
                "the end",
                GuestEndText.of(first.result(), null),
                GuestEndText.of(second.result(), null));
        return verification(Verification.Verdict.DIFFERENT, all, 0);
      }
      found = behind;
      return verification(
          behind == null ? Verification.Verdict.EQUAL : Verification.Verdict.DIFFERENT,
          all,
          there.pages());
    }
  }

  private Verification verification(Verification.Verdict verdict, long instructions, long pages) {
    return new Verification(verdict, instructions, pages, excused.size(), ended, found);
  }

  /// {@return the two ways behind the last instruction that is alike, with their functions}
  private ProcessDifference difference(ExecutedPath.Parting parting, ProcessState at) {
    AddressSpace addresses =
        new AddressSpace(process.sysroot() == null ? null : Path.of(process.sysroot()));
    for (Mapping each : at.mappings()) {
      String file = each.file();
      if (file != null && (each.protection() & Mapping.EXECUTE) != 0) {
        addresses.map(each.start(), each.bytes(), each.fileOffset(), file);
      }
    }
    return new ProcessDifference(
        String.format(
            Locale.ROOT,
            "what executes after %,d instructions, behind %s",
            parting.instructions(),
            place(addresses, parting.last())),
        place(addresses, parting.one()),
        place(addresses, parting.other()));
  }

  private static String place(AddressSpace addresses, long pc) {
    if (pc == -1) {
      return "nothing";
    }
    CodeLocation location = addresses.locate(pc);
    return "0x" + Long.toHexString(pc) + (location == null ? "" : " (" + location + ")");
  }

  private Subject original() throws CaptureException, IOException {
    ProcessStart start = process.start();
    String program = process.program().getFirst();
    String began = start.workingDirectory();
    if (began == null || start.streams().size() < STREAMS) {
      throw new CheckpointException(
          "it was imported, so there is no run of the program to compare with");
    }
    for (OpenFile file : process.files()) {
      if (file.description() == 0 && file.kind() == OpenFile.Kind.FILE && !file.readsOnly()) {
        throw new CheckpointException(
            file.path()
                + ": was its standard input to be written too, which no other run of it is given");
      }
    }
    Path where = Path.of(began);
    if (!Files.isDirectory(where)) {
      throw new CheckpointException(where + ": the program began in this folder, which is missing");
    }
    if (!Files.exists(where.resolve(program))) {
      throw new CheckpointException(
          where.resolve(program) + ": is missing, and it must be run to be compared with");
    }
    for (MappedFile each : process.mappedFiles()) {
      String change = each.change();
      if (change != null) {
        throw new CheckpointException(
            each.path()
                + ": "
                + change
                + ", so the program does not run as it did, and there is nothing to compare with");
      }
    }
    GuestCommand command =
        new GuestCommand(
                GuestOptions.qemu(),
                GuestOptions.probe(),
                process.cpu(),
                sysroot(),
                Map.of(),
                where,
                program,
                process.program().subList(1, process.program().size()))
            .withExactly(start.environment());
    return new Subject(
        command,
        new ProcessFollower.Guest(
            process.program(),
            Path.of(start.executable()),
            process.cpu(),
            sysroot(),
            process.ignored()),
        process.instructions());
  }

  private Subject restored(Path elf, long before) throws CaptureException {
    GuestCommand command =
        new GuestCommand(
            GuestOptions.qemu(),
            GuestOptions.probe(),
            process.cpu(),
            sysroot(),
            Map.of(),
            null,
            elf.toString(),
            List.of());
    return new Subject(
        command,
        new ProcessFollower.Guest(
            List.of(elf.toString()), elf, process.cpu(), sysroot(), process.ignored()),
        before);
  }

  private @Nullable Path sysroot() {
    return process.sysroot() == null ? null : Path.of(process.sysroot());
  }

  private Seen executed(Subject subject) throws CaptureException, IOException {
    long until = subject.from() + length;
    PathRecorder recorder = new PathRecorder(subject.from(), until);
    CaptureResult result =
        run(
            subject,
            new Observation.Streaming(
                List.of(recorder),
                0,
                List.of(new Window(subject.from(), until)),
                StreamContents.NOTHING));
    return new Seen(recorder.result(), result);
  }

  /// Looks at the process at the checkpoint and so many instructions behind it.
  private void look(Subject subject, long last, LooksAt.Look at, LooksAt.Look behind)
      throws CaptureException, IOException {
    long from = subject.from();
    Map<Long, LooksAt.Look> looks =
        last == 0
            ? Map.of(
                from,
                (state, memory, number) -> {
                  at.at(state, memory, number);
                  behind.at(state, memory, number);
                })
            : Map.of(from, at, from + last, behind);
    TreeSet<Long> stops = new TreeSet<>(looks.keySet());
    stops.add(0L);
    LooksAt listener = new LooksAt(subject.guest(), looks);
    try {
      run(
          subject,
          new Observation.Stopping(
              listener, List.copyOf(stops), List.of(), ProcessFollower.fetches()));
    } catch (LooksAt.Done done) {
      return; // and the process is gone
    }
    throw new CheckpointException(
        "the program does not come to all places again that it came to before");
  }

  private CaptureResult run(Subject subject, Observation observation)
      throws CaptureException, IOException {
    runs++; // so that the outputs are other files each time
    StandardStreams streams =
        new StandardStreams(input(), output(1, "stdout"), output(2, "stderr"));
    return runner.run(subject.command(), streams, observation, RunObserver.NONE);
  }

  /// {@return what the program read at first, if that can be read again}
  private Path input() {
    String was = process.start().streams().getFirst();
    Path file = Path.of(was);
    return was.startsWith("/") && Files.isRegularFile(file) ? file : Path.of("/dev/null");
  }

  /// {@return an output of the kind that it was, as what a program executes can depend on it}
  private StandardStreams.Output output(int stream, String name) {
    String was = process.start().streams().get(stream);
    if (was.startsWith("pipe:")) {
      return new StandardStreams.Output.Piped(null);
    }
    return was.isEmpty() || was.startsWith("/dev/") || !was.startsWith("/")
        ? new StandardStreams.Output.Discarded()
        : new StandardStreams.Output.ToFile(folder.resolve(name + "-" + runs));
  }
}
