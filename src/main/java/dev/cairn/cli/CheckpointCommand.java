package dev.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.Trigger;
import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.Uncarried;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.checkpoint.CheckpointExportCommand;
import dev.cairn.cli.checkpoint.CheckpointGcCommand;
import dev.cairn.cli.checkpoint.CheckpointImportCommand;
import dev.cairn.cli.checkpoint.CheckpointInfoCommand;
import dev.cairn.cli.checkpoint.CheckpointLsCommand;
import dev.cairn.cli.checkpoint.CheckpointVerifyCommand;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.PositionConverter;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.run.Interruption;
import dev.cairn.cli.scope.GuestScope;
import dev.cairn.report.GuestEndText;
import dev.cairn.report.Json;
import dev.cairn.study.StudyPlaces;
import dev.cairn.study.checkpoint.CheckpointRun;
import dev.cairn.study.directory.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Keeps what a program is at places of its run.
final class CheckpointCommand implements Callable<Integer> {
  private final GuestOptions guest = new GuestOptions();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec at =
      OptionSpec.builder("--at")
          .paramLabel("PLACE")
          .type(List.class)
          .auxiliaryTypes(Position.class)
          .converters(new PositionConverter())
          .description(
              "Take a checkpoint here: behind N instructions, or at the n-th call of a function"
                  + " (FUNCTION[:n]), or where an address is reached (0xADDRESS[:n]); may be"
                  + " repeated.")
          .build();

  private final OptionSpec between =
      OptionSpec.builder("--between")
          .paramLabel("MARKER[:n]")
          .type(String.class)
          .converters((ITypeConverter<String>) ScopeOptions::region)
          .description(
              "Take a checkpoint where a region begins that the program names so, see"
                  + " docs/markers.md: each one, or the n-th.")
          .build();

  private final OptionSpec atRegions =
      OptionSpec.builder("--at-regions")
          .paramLabel("STUDY")
          .type(Path.class)
          .converters(new PathConverter())
          .description(
              "Take a checkpoint before each region of a study of the program, where its warm-up"
                  + " begins.")
          .build();

  private final OptionSpec folder =
      OptionSpec.builder("-o", "--output")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The folder of checkpoints; it is made, or they are added to it.")
          .build();

  private final OptionSpec ignore =
      OptionSpec.builder("--ignore")
          .paramLabel("NAME")
          .type(List.class)
          .auxiliaryTypes(Uncarried.class)
          .converters((ITypeConverter<Uncarried>) CheckpointCommand::ignorable)
          .description(
              "Leave out what can't be carried, instead of ending there: "
                  + names()
                  + "; may be"
                  + " repeated.")
          .build();

  private final OptionSpec embedFiles =
      OptionSpec.builder("--embed-files")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Keep the contents of the files that the program has open, too, so that none has to be"
                  + " there, or be as it was, at a restore.")
          .build();

  private static String names() {
    return Stream.of(Uncarried.values()).map(Uncarried::text).collect(Collectors.joining(", "));
  }

  private static Uncarried ignorable(String text) {
    for (Uncarried each : Uncarried.values()) {
      if (each.text().equals(text)) {
        return each;
      }
    }
    throw new TypeConversionException("'" + text + "' is none of " + names());
  }

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .customSynopsis(
            "cairn checkpoint --at PLACE [--at PLACE ...] [OPTIONS] -o DIR -- PROG ARGS",
            "       cairn checkpoint --between MARKER | --at-regions STUDY [OPTIONS] -o DIR -- PROG ARGS",
            "       cairn checkpoint --restore CKPT --at PLACE [OPTIONS] -o DIR",
            "       cairn checkpoint info|ls|gc|verify|export|import [OPTIONS] ...")
        .description(
            "Runs a program and keeps all that it is at places of its run, each before the next"
                + " instruction executes: registers, memory, open files, signal handlers. The"
                + " program goes on behind each.",
            "")
        .commandListHeading("%nWhat is done with checkpoints:%n")
        .footer(
            "",
            "A checkpoint is called at-N, by its instructions. Equal pages of all checkpoints in the"
                + " folder are kept once. What can't be carried (sockets, pipes, other threads or"
                + " processes, pending signals, and more) is named, and the run ends there.",
            "",
            "Examples:",
            "  cairn checkpoint --at 1M --at 5M -o ckpt -- ./program input",
            "  cairn checkpoint --at solve:3 --at 0x400b24:2 -o ckpt -- ./program input",
            "  cairn checkpoint --between solve -o ckpt -- ./program input",
            "  cairn checkpoint --at 5M --embed-files -o ckpt -- ./program input",
            "  cairn checkpoint --at-regions program-study -o ckpt -- ./program input",
            "  cairn checkpoint --restore ckpt/at-5000000 --at 9M -o ckpt",
            "  cairn restore ckpt/at-1000000",
            "  cairn checkpoint export --elf later ckpt/at-5000000",
            "",
            ExitStatus.help("docs/checkpoint.md"));
    spec.addOption(at)
        .addOption(between)
        .addOption(atRegions)
        .addOption(folder)
        .addOption(embedFiles)
        .addOption(ignore);
    guest.addOptionalTo(spec);
    output.addTo(spec);
    spec.addSubcommand("info", new CheckpointInfoCommand().spec());
    spec.addSubcommand("ls", new CheckpointLsCommand().spec());
    spec.addSubcommand("gc", new CheckpointGcCommand().spec());
    spec.addSubcommand("verify", new CheckpointVerifyCommand(GuestRun::of).spec());
    spec.addSubcommand("export", new CheckpointExportCommand(GuestRun::of).spec());
    spec.addSubcommand("import", new CheckpointImportCommand().spec());
    return spec;
  }

  /// A place with a trigger.
  private record Triggered(String place, Trigger trigger) {}

  /// Adds where the regions begin that `--between` names.
  ///
  /// @return the how-manyth is wanted; 0 for all
  private long addRegions(List<Triggered> triggered) throws IOException {
    String marker = between.getValue();
    if (marker == null) {
      return 0;
    }
    Scope.Regions regions = ScopeOptions.regions(0, marker);
    ScopeWindow window = GuestScope.of(regions, guest, output.commandLine());
    if (window == null) {
      throw new IllegalStateException("no regions: " + marker);
    }
    for (Trigger trigger : window.triggers()) {
      if (trigger.action() == Trigger.Action.BEGIN) {
        triggered.add(new Triggered("", stop(trigger, 0)));
      }
    }
    return regions.number();
  }

  @Override
  public Integer call() throws CaptureException, IOException, StudyException {
    @Nullable List<Position> given = at.getValue();
    List<Position> places = given == null ? List.of() : given;
    Path study = atRegions.getValue();
    if (places.isEmpty() && between.getValue() == null && study == null) {
      throw wrong(
          "--at PLACE is missing: where to take a checkpoint; or --between MARKER, --at-regions"
              + " STUDY");
    }
    if (guest.program().isEmpty()) {
      throw wrong("a program to run is missing");
    }
    Path path = folder.getValue();
    if (path == null) {
      throw wrong("-o DIR is missing: where to keep the checkpoints");
    }
    output.check();
    TreeSet<Long> counts = new TreeSet<>();
    List<Triggered> triggered = new ArrayList<>();
    GuestCommand command = guest.command();
    if (study != null) {
      StudyPlaces found = StudyPlaces.of(study, guest.file().path());
      command = command.inheriting(found.environment());
      for (long count : found.counts()) {
        requireAhead(count);
        requireNew(path, count);
        counts.add(count);
      }
    }
    for (Position place : places) {
      if (place instanceof Position.Count(long instructions)) {
        requireAhead(instructions);
        requireNew(path, instructions);
        counts.add(instructions);
      } else {
        triggered.add(new Triggered(place.toString(), trigger(place)));
      }
    }
    int regions = triggered.size();
    long number = addRegions(triggered);
    output.makeFolder("-o", path);
    try (CheckpointStore store = CheckpointStore.create(path);
        CheckpointRun run = new CheckpointRun(started(command), store, counts)) {
      run.regionsFrom(regions, number);
      CaptureResult result = run(command, run, counts, triggered);
      report(run, path);
      return status(result, run, triggered);
    }
  }

  private void requireAhead(long instructions) throws IOException {
    if (instructions < guest.executed()) {
      throw wrong(
          String.format(
              Locale.ROOT,
              "--at %,d lies before the checkpoint, which is behind %,d instructions of the run",
              instructions,
              guest.executed()));
    }
  }

  private void requireNew(Path path, long instructions) {
    Path checkpoint = path.resolve(CheckpointRun.name(instructions));
    if (Files.exists(checkpoint)) {
      throw wrong(checkpoint + " exists already");
    }
  }

  private ProcessFollower.Guest started(GuestCommand command) throws IOException {
    @Nullable List<Uncarried> given = ignore.getValue();
    List<Uncarried> ignored = given == null ? List.of() : given;
    Path checkpoint = guest.checkpoint();
    if (checkpoint != null) {
      return restored(checkpoint, command, ignored);
    }
    return new ProcessFollower.Guest(
        Stream.concat(Stream.of(command.program()), command.arguments().stream()).toList(),
        guest.file().path(),
        command.cpu(),
        command.sysroot(),
        ignored,
        embedFiles.<Boolean>getValue(),
        null);
  }

  /// {@return the guest that goes on from a checkpoint, whose files it keeps if that does}
  private ProcessFollower.Guest restored(
      Path checkpoint, GuestCommand command, List<Uncarried> ignored) throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      ProcessState process = opened.process();
      boolean keepsFiles = process.files().stream().anyMatch(OpenFile::kept);
      return new ProcessFollower.Guest(
          process.program(),
          Path.of(command.program()),
          process.cpu(),
          command.sysroot(),
          Stream.concat(process.ignored().stream(), ignored.stream()).toList(),
          keepsFiles || embedFiles.<Boolean>getValue(),
          process);
    }
  }

  /// {@return what stops the program at a place that is no count}
  private Trigger trigger(Position place) throws IOException {
    ScopeWindow window = GuestScope.of(new Scope.Span(0, place, null), guest, output.commandLine());
    if (window == null) {
      throw new IllegalStateException("no place: " + place);
    }
    Trigger opens = window.triggers().getFirst();
    return stop(opens, opens.count());
  }

  private static Trigger stop(Trigger at, long count) {
    return new Trigger(Trigger.Action.STOP, at.base(), at.value(), at.name(), count);
  }

  private CaptureResult run(
      GuestCommand command, CheckpointRun run, Set<Long> counts, List<Triggered> triggered)
      throws CaptureException, IOException {
    TreeSet<Long> stops = new TreeSet<>(counts);
    stops.add(command.executed());
    Observation stopping =
        new Observation.Stopping(
            run,
            List.copyOf(stops),
            triggered.stream().map(Triggered::trigger).toList(),
            ProcessFollower.fetches());
    try (ProgressLine progress = output.progress(0)) {
      return GuestRun.of(command, StandardStreams.INHERITED, stopping, progress);
    }
  }

  private void report(CheckpointRun run, Path path) throws IOException {
    ObjectNode root = Json.object();
    ArrayNode all = root.put("folder", path.toString()).putArray("checkpoints");
    run.taken()
        .forEach((name, bytes) -> {
          output
              .errors()
              .print(
                  String.format(Locale.ROOT, " %s  (%,d bytes more)%n", path.resolve(name), bytes));
          all.addObject().put("name", name).put("bytesAdded", bytes);
        });
    output.errors().flush();
    output.write(root);
  }

  /// {@return the exit status, after a line for each place that was not reached}
  private int status(CaptureResult result, CheckpointRun run, List<Triggered> triggered)
      throws IOException {
    List<String> missed = new ArrayList<>();
    run.countsLeft().forEach(count -> missed.add("--at " + count));
    for (int i = 0; i < triggered.size(); i++) {
      boolean region = triggered.get(i).place().isEmpty();
      String place =
          (region ? "--between " + between.getValue() : "--at " + triggered.get(i).place());
      if (!run.reached(i) && !missed.contains(place)) {
        missed.add(place);
      }
    }
    for (String place : missed) {
      output
          .errors()
          .println(
              "cairn: %s was not reached: %s"
                  .formatted(
                      place, guest.program().getFirst() + " " + GuestEndText.of(result, null)));
    }
    output.errors().flush();
    if (Interruption.seen()) {
      return ExitStatus.INTERRUPTED;
    }
    return missed.isEmpty() ? ExitStatus.of(result.end()) : ExitStatus.FAILED;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(output.commandLine(), what);
  }
}
