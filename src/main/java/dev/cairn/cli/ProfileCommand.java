package dev.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.ProgressLine;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.VectorsOption;
import dev.cairn.cli.run.GuestRun;
import dev.cairn.cli.run.ScopedRun;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.profile.vector.VectorKind;
import dev.cairn.report.Json;
import dev.cairn.report.ProfileText;
import dev.cairn.study.ProfileStage;
import dev.cairn.study.ProfileSummary;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Writes a run's basic-block vectors.
final class ProfileCommand implements Callable<Integer> {
  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec interval =
      OptionSpec.builder("--interval")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .defaultValue("10M")
          .description("Instructions in an interval (default: ${DEFAULT-VALUE}).")
          .build();

  private final VectorsOption vectors =
      new VectorsOption(
          "KIND[,KIND...]",
          "Vectors to write besides those by block: functions, loops (default: ${DEFAULT-VALUE})."
              + " Loops take a third longer.");

  private final OptionSpec folder =
      OptionSpec.builder("-o", "--output")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .required(true)
          .description("The folder to write to; made if it is not there.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Counts a program's basic blocks, interval by interval.",
            "",
            "Writes SimPoint 3.2's vectors (profile.bb; thread-N.bb for further threads and all.bb for "
                + "their sum), the table of blocks (blocks.csv), where each interval starts "
                + "(intervals.csv), and the totals (profile.json); likewise functions.bb and "
                + "functions.csv with the instructions of each function, and loops.bb and loops.csv "
                + "with how often each loop's branch back was taken.",
            "")
        .footerHeading("%nExamples:%n")
        .footer(
            "  cairn profile -o p -- ./program             intervals of 10 M instructions",
            "  cairn profile --interval 1M -o p -- ./program",
            "  cairn profile --vectors functions,loops -o p -- ./program",
            "  cairn profile --between solve -o p -- ./program",
            "  simpoint -loadFVFile p/profile.bb -maxK 30 -saveSimpoints s -saveSimpointWeights w",
            "",
            "The exit status is the program's own; Cairn's own are 1 failed, 2 usage, 3 bad input file,",
            "4 the program could not run.");
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    spec.addOption(interval).addOption(folder);
    vectors.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws Exception {
    output.check();
    long instructions = interval.<Long>getValue();
    if (instructions < 1 || instructions > Observation.Counting.LONGEST_INTERVAL) {
      throw new ParameterException(
          output.commandLine(),
          "--interval must be between 1 and %d: %d"
              .formatted(Observation.Counting.LONGEST_INTERVAL, instructions));
    }
    Set<VectorKind> kinds = vectors.kinds();
    Path directory = folder.getValue();
    GuestCommand command = guest.command();
    output.makeFolder("-o", directory);
    ScopedRun scoped = ScopedRun.of(scope, guest, output);
    ScopeWindow window = scoped.window();
    ProfileStage.Request request =
        new ProfileStage.Request(
            instructions, ProfileAnalysis.KEEP_ALL, kinds.contains(VectorKind.LOOPS));
    ProfileStage.Profiled profiled;
    try (ProgressLine progress = output.progress(0)) {
      profiled =
          ProfileStage.run(
              GuestRun::of,
              command,
              guest.known(),
              StandardStreams.INHERITED,
              request,
              scoped.observation(),
              progress);
    }
    GuestEnd end = profiled.run().end();
    ProfileSummary summary =
        ProfileStage.write(
            directory,
            profiled,
            kinds.contains(VectorKind.FUNCTIONS),
            scoped.status(profiled.run()));
    output
        .errors()
        .print(ProfileText.of(summary, profiled.run().elapsedNanos(), directory.toString()));
    if (!(end instanceof GuestEnd.Exited || end instanceof GuestEnd.Left)) {
      output.errors().println(GuestRun.endIn(profiled.addresses(), command, profiled.run()));
    }
    output.errors().flush();
    int first = window == null ? 0 : window.thread();
    output.write(json(summary, first, profiled.run().elapsedNanos() / 1e9));
    scoped.printComplaint(output, profiled.run());
    return scoped.status(profiled.run());
  }

  /// @param first the number of the first thread that is in it
  private static ObjectNode json(ProfileSummary summary, int first, double seconds) {
    ObjectNode root = Json.object();
    root.put("instructions", summary.instructions());
    root.put("intervalInstructions", summary.intervalInstructions());
    root.put("intervals", summary.intervals());
    root.put("blocks", summary.blocks());
    root.put("faults", summary.faults());
    ArrayNode threads = root.putArray("threads");
    for (int i = 0; i < summary.threads().size(); i++) {
      threads.addObject().put("thread", first + i).put("instructions", summary.threads().get(i));
    }
    root.putObject("seconds").put("profile", seconds);
    return root;
  }
}
