package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.CoreOption;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.SamplingOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.WarmupOption;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.run.Interruption;
import dev.cairn.cli.scope.GuestScope;
import dev.cairn.cli.scope.ReusedScope;
import dev.cairn.cli.scope.ScopeEnd;
import dev.cairn.report.StudyReport;
import dev.cairn.study.CutStudyException;
import dev.cairn.study.MissedScopeException;
import dev.cairn.study.Study;
import dev.cairn.study.StudyListener;
import dev.cairn.study.StudyResult;
import dev.cairn.study.directory.Manifest;
import dev.cairn.study.directory.ManifestBuilder;
import dev.cairn.study.directory.ReusedStudy;
import dev.cairn.study.directory.StudyDirectory;
import dev.cairn.study.directory.StudyException;
import dev.cairn.study.directory.StudyOptions;
import dev.cairn.study.guest.GuestInput;
import dev.cairn.study.guest.GuestOutput;
import dev.cairn.study.guest.InheritedEnvironment;
import dev.cairn.study.scope.StudyScope;
import dev.cairn.timing.CoreConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The whole chain, from a program to an estimate with its error.
final class StudyCommand implements Callable<Integer> {
  private static final int MOST_NAMES = 8;

  /// What goes with `--reuse`; all else is as in the study that is used.
  private static final Set<String> WITH_REUSE =
      Set.of(
          "--reuse",
          "--output",
          "--core",
          "--jobs",
          "--force",
          "--json",
          "--progress",
          "--no-progress",
          "--stacktrace",
          "--sysroot");

  /// With less than this, it is the disk that a file could not be written to.
  private static final long FULL_DISK_BYTES = 1 << 20;

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final CoreOption core = new CoreOption();

  private final OptionSpec folder =
      OptionSpec.builder("-o", "--output")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The study's folder (default: the program's name and -study).")
          .build();

  private final OptionSpec interval =
      OptionSpec.builder("--interval")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description("Instructions in an interval (default: 1M, more for very long programs).")
          .build();

  private final SamplingOptions sampling = new SamplingOptions();
  private final WarmupOption warmup = new WarmupOption();

  private final OptionSpec full =
      OptionSpec.builder("--full")
          .type(Boolean.class)
          .initialValue(false)
          .description("Also time every instruction, to know the true error.")
          .build();

  private final OptionSpec jobs =
      OptionSpec.builder("--jobs")
          .paramLabel("N")
          .type(Integer.class)
          .description(
              "Guests that run at a time while measuring (default: half the number of cores).")
          .build();

  private final OptionSpec checkpoints =
      OptionSpec.builder("--checkpoints")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Keep checkpoints before the regions in the study's folder, and measure from them.")
          .build();

  private final OptionSpec reuse =
      OptionSpec.builder("--reuse")
          .paramLabel("STUDY")
          .type(Path.class)
          .converters(new PathConverter())
          .description(
              "In place of a program: measure the regions of a study from its checkpoints, on"
                  + " another core.")
          .build();

  private final OptionSpec force =
      OptionSpec.builder("--force")
          .type(Boolean.class)
          .initialValue(false)
          .description("Start afresh, whatever the folder's study was of.")
          .build();

  /// The stage that runs or comes next; empty before that is known.
  private volatile String stage = "";

  private boolean told;

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Estimates a program's cycles per instruction on a core from a few regions of its run.",
            "",
            "The program runs once to count its blocks, interval by interval; again, once for each job, "
                + "to time the chosen intervals, going fast between them; and, with --full, once more to "
                + "time every instruction. A program too short for that is timed whole. All results are "
                + "kept in a folder. A study that was cut goes on where it was when the same command is "
                + "given again.",
            "",
            "A study of a part of the run is one of a program that executes nothing else, but that "
                + "what comes before a region may warm the core up for it.",
            "")
        .footerHeading("%nExamples:%n")
        .footer(
            "  cairn study -- ./program input         an estimate within minutes",
            "  cairn study --full -- ./program input  and the true error beside it",
            "  cairn study -o a --core my.yaml -- ./program   another core, its own folder",
            "  cairn study --checkpoints -o a -- ./program    keep where the regions begin",
            "  cairn study --reuse a -o b --core my.yaml      another core, without running to them",
            "  cairn study --between solve -- ./program       of the regions that the program calls so",
            "",
            "The exit status is the program's own; Cairn's own are 1 failed, 2 usage, 3 bad input file,",
            "4 the program could not run.");
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    core.addTo(spec);
    spec.addOption(folder).addOption(interval);
    sampling.addTo(spec);
    warmup.addTo(spec);
    spec.addOption(full).addOption(jobs).addOption(checkpoints).addOption(reuse);
    spec.addOption(force);
    return spec;
  }

  @Override
  public Integer call() throws Exception {
    output.check();
    Interruption.whenIdle(this::tellInterruption);
    Path reused = reuse.getValue();
    if (reused != null) {
      return reuse(reused);
    }
    Scope asked = scope.scope(guest.executed(), scope.length());
    checkOptions();
    CoreConfiguration configuration = core.open();
    GuestCommand command = guest.command();
    ScopeWindow window = GuestScope.of(asked, guest, output.commandLine());
    Path name = Path.of(command.name()).getFileName();
    Path given = folder.getValue();
    Path place = given != null ? given : Path.of(name + "-study");
    StudyOptions options = options(new StudyScope(asked, window), place);
    GuestInput input = input(place);
    Map<String, String> inherited =
        guest.restores() ? Map.of() : InheritedEnvironment.of(System.getenv());
    Manifest manifest =
        ManifestBuilder.of(Version.number(), command, inherited, input, configuration, options);
    return conclude(
        asked,
        command,
        place,
        manifest,
        directory -> {
          Map<String, String> variables = directory.manifest().inheritedEnvironment();
          tellDifferences(place, InheritedEnvironment.differences(variables, inherited));
          return new Study(
              directory,
              options,
              GuestRun::of,
              command.inheriting(variables),
              guest.known(),
              configuration,
              GuestOutput.shown(input.copied() ? input.file() : null, System.out, System.err),
              input.file(),
              new Progress());
        });
  }

  /// What is done in a study's folder.
  private interface Start {
    Study in(StudyDirectory directory) throws IOException;
  }

  private int conclude(
      Scope asked, GuestCommand command, Path place, Manifest manifest, Start start)
      throws Exception {
    try (StudyDirectory directory =
        StudyDirectory.open(place, manifest, force.<Boolean>getValue())) {
      Study study = start.in(directory);
      StudyResult result = study.run();
      output
          .errors()
          .print(
              StudyReport.text(command.name(), place.toString(), result, study.times().seconds()));
      output.errors().flush();
      output.write(StudyReport.json(result, study.times().seconds()));
      return status(asked, result);
    } catch (MissedScopeException e) {
      output.errors().println("cairn: nothing was studied: " + ScopeEnd.complaint(asked, e.seen()));
      output.errors().flush();
      return ExitStatus.FAILED;
    } catch (CutStudyException e) {
      return cut(command, e);
    } catch (CaptureException | StudyException | IOException e) {
      if (Interruption.seen()) {
        tellInterruption();
        return ExitStatus.INTERRUPTED;
      }
      if (e instanceof IOException && isFull(place)) {
        throw new IOException(e.getMessage() + "; the same command goes on when there is room", e);
      }
      throw e;
    }
  }

  /// {@return the program's, or that the scope's end was not reached, which then is said}
  private int status(Scope asked, StudyResult result) {
    StudyResult.ScopeResult found = result.scope();
    String complaint =
        found == null || (scope.length() != null && result.instructions() > 0)
            ? null
            : ScopeEnd.complaint(
                asked,
                new ScopeCut.Seen(found.startInstruction(), result.instructions(), found.ended()));
    if (complaint == null) {
      return result.guestStatus();
    }
    output.errors().println("cairn: " + complaint);
    output.errors().flush();
    return ExitStatus.FAILED;
  }

  private static boolean isFull(Path place) {
    try {
      return Files.getFileStore(place).getUsableSpace() < FULL_DISK_BYTES;
    } catch (IOException e) {
      return false; // gone
    }
  }

  private void tellDifferences(Path place, Set<String> names) {
    if (!names.isEmpty()) {
      int more = names.size() - MOST_NAMES;
      output
          .errors()
          .printf(
              "cairn: %s goes on with the environment that it was begun with; here differ: %s%s"
                  + " (for this one choose another folder with -o, or start afresh with --force)%n",
              place,
              names.stream().limit(MOST_NAMES).collect(Collectors.joining(", ")),
              more > 0 ? " and " + more + " more" : "");
    }
  }

  private void tellInterruption() {
    tellInterruption(goesOn());
  }

  private String goesOn() {
    return "; the same command goes on"
        + (stage.isEmpty() ? "" : " with the stage '" + stage + "'");
  }

  /// Says so once, by the thread that comes first: the one that runs the study, or the one that
  /// ends the program if no guest runs.
  private synchronized void tellInterruption(String how) {
    if (!told) {
      told = true;
      output.errors().println("cairn: interrupted" + how);
      output.errors().flush();
    }
  }

  /// Makes another study of what one has kept.
  private int reuse(Path from) throws Exception {
    for (OptionSpec each : output.commandLine().getParseResult().matchedOptions()) {
      if (!WITH_REUSE.contains(each.longestName())) {
        throw wrong(each.longestName() + " does not go with --reuse: it is as in that study");
      }
    }
    if (guest.isGiven()) {
      throw wrong("--reuse goes without a program: the study's checkpoints are in its place");
    }
    ReusedStudy reused = ReusedStudy.open(from);
    CoreConfiguration configuration = core.open();
    GuestCommand command =
        reused.command(GuestOptions.qemu(), GuestOptions.probe(), guest.sysroot());
    Path given = folder.getValue();
    Path place =
        given != null
            ? given
            : Path.of(from.toAbsolutePath().normalize().getFileName() + "-" + configuration.name());
    if (Files.exists(place) && Files.isSameFile(place, from)) {
      throw wrong("-o must be another folder than the study's: " + place);
    }
    Scope asked = ReusedScope.of(reused.scope());
    StudyOptions options = reused.options(jobs(), ReusedScope.studied(asked));
    return conclude(
        asked,
        command,
        place,
        reused.with(Version.number(), command, configuration),
        directory -> {
          reused.copyTo(directory);
          return new Study(
              directory,
              options,
              GuestRun::of,
              command,
              null,
              configuration,
              StandardStreams.INHERITED,
              null,
              new Progress());
        });
  }

  private int jobs() {
    Integer guests = jobs.getValue();
    return guests == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : guests;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(output.commandLine(), what);
  }

  private void checkOptions() {
    sampling.check();
    Long instructions = interval.getValue();
    if (instructions != null
        && (instructions < 1 || instructions > Observation.Counting.LONGEST_INTERVAL)) {
      throw new ParameterException(
          output.commandLine(),
          "--interval must be between 1 and %d: %d"
              .formatted(Observation.Counting.LONGEST_INTERVAL, instructions));
    }
    Integer guests = jobs.getValue();
    if (guests != null && guests < 1) {
      throw new ParameterException(output.commandLine(), "--jobs must be at least 1: " + guests);
    }
  }

  private StudyOptions options(StudyScope scope, Path place) {
    Long instructions = interval.getValue();
    return new StudyOptions(
        instructions == null ? 0 : instructions,
        sampling.maxRegions(),
        warmup.instructions(),
        full.<Boolean>getValue(),
        jobs(),
        sampling.seed(),
        scope,
        checkpoints.<Boolean>getValue() ? ReusedStudy.checkpoints(place) : null);
  }

  /// A pipe's contents are kept beside the study's folder until the folder is known to be ours.
  private GuestInput input(Path place) throws IOException {
    if (Files.exists(place) && !Files.isDirectory(place)) {
      throw new ParameterException(output.commandLine(), "-o " + place + ": is not a folder");
    }
    Path parent = place.toAbsolutePath().getParent();
    if (parent != null) {
      output.makeFolder("-o", parent);
    }
    return GuestInput.of(place.resolveSibling(place.getFileName() + ".input"));
  }

  private int cut(GuestCommand command, CutStudyException e) {
    Path profile = e.profile();
    String kept = profile == null ? "" : "; the profile of what it executed is in " + profile;
    if (Interruption.seen()) {
      String executed =
          String.format(Locale.ROOT, " after %,d instructions", e.run().instructions());
      tellInterruption((profile == null ? "" : executed) + goesOn() + kept);
      return ExitStatus.INTERRUPTED;
    }
    String end = GuestRun.endIn(e.addresses(), command, e.run());
    output.errors().println(end + (profile == null ? goesOn() : kept));
    output.errors().flush();
    return ExitStatus.of(e.run().end());
  }

  private final class Progress implements StudyListener {
    private @Nullable ProgressLine line;

    @Override
    public RunObserver begins(String name, long expectedInstructions) {
      stage = name;
      line = output.progress(expectedInstructions);
      return line;
    }

    @Override
    public void refused(String reason, List<Long> counts) {
      String others =
          counts.size() == 1
              ? ""
              : " and %d other %s"
                  .formatted(counts.size() - 1, counts.size() == 2 ? "place" : "places");
      output
          .errors()
          .printf(
              Locale.ROOT,
              "cairn: no checkpoint can be taken after %,d instructions%s: %s; the regions there are"
                  + " measured by running to them%n",
              counts.getFirst(),
              others,
              reason);
      output.errors().flush();
    }

    @Override
    public void ends(String name, boolean reused) {
      stage =
          switch (name) {
            case "profile" -> "select";
            case "select" -> checkpoints.<Boolean>getValue() ? "checkpoints" : "measure";
            case "checkpoints" -> "measure";
            default -> full.<Boolean>getValue() ? "full" : "measure";
          };
      if (line != null) {
        line.close();
        line = null;
      }
    }
  }
}
