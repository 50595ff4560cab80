package dev.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.cli.option.SamplingOptions;
import dev.cairn.cli.option.VectorsOption;
import dev.cairn.cli.option.WarmupOption;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.profile.vector.VectorFiles;
import dev.cairn.profile.vector.VectorKind;
import dev.cairn.report.Json;
import dev.cairn.sampling.Region;
import dev.cairn.sampling.Regions;
import dev.cairn.study.SelectStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/// Chooses regions of a profiled run.
final class SelectCommand implements Callable<Integer> {
  private final OutputOptions output = new OutputOptions();

  private final PositionalParamSpec source =
      PositionalParamSpec.builder()
          .paramLabel("DIR|FILE.bb")
          .required(true)
          .type(Path.class)
          .converters(new PathConverter())
          .description("A profile's folder, or vectors.")
          .build();

  private final OptionSpec folder =
      OptionSpec.builder("-o", "--output")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("The folder to write to (default: where the vectors are).")
          .build();

  private final VectorsOption kind =
      new VectorsOption(
          "KIND",
          "Which of a profile's vectors: blocks, functions, loops (default: ${DEFAULT-VALUE}).");

  private final SamplingOptions sampling = new SamplingOptions();
  private final WarmupOption warmup = new WarmupOption();

  private final OptionSpec maxClusters =
      OptionSpec.builder("--max-clusters")
          .paramLabel("K")
          .type(Integer.class)
          .description("Clusters at most (default: 25, or half of the regions if less).")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Chooses the intervals that stand for a whole run, by SimPoint's method.",
            "",
            "Takes the folder that `cairn profile` wrote, or a .bb file of any tool (gzip too). Writes "
                + "SimPoint 3.2's .simpoints, .weights and .labels, and regions.json, which also holds "
                + "the intervals to measure for an estimate with its error.",
            "")
        .footerHeading("%nExamples:%n")
        .footer(
            "  cairn select p                        next to the profile that is in p",
            "  cairn select --vectors loops p        if cairn profile --vectors loops made it",
            "  cairn select --max-clusters 30 -o r bbv.out.0.bb   a file of QEMU's bbv plugin",
            "",
            "Exit status: 0 fine, 1 failed, 2 usage, 3 bad input file.");
    output.addTo(spec);
    spec.addPositional(source).addOption(folder);
    kind.addTo(spec);
    sampling.addTo(spec);
    warmup.addTo(spec);
    spec.addOption(maxClusters);
    return spec;
  }

  @Override
  public Integer call() throws Exception {
    output.check();
    Integer most = maxClusters.getValue();
    if (most != null && most < 1) {
      throw new ParameterException(
          output.commandLine(), "--max-clusters must be at least 1: " + most);
    }
    VectorKind vectorKind = kind.kind();
    SelectStage.Options options =
        new SelectStage.Options(
            vectorKind, 0, sampling.maxRegions(), most, warmup.instructions(), sampling.seed());
    Path from = source.getValue();
    boolean directory = Files.isDirectory(from);
    if (!directory && vectorKind != VectorKind.BLOCKS) {
      throw new ParameterException(
          output.commandLine(), "--vectors takes a profile's folder, not a file: " + from);
    }
    Path given = folder.getValue();
    Path target = given != null ? given : directory ? from : parent(from);
    Files.createDirectories(target);
    Path vectors = directory ? vectors(from, vectorKind) : from;
    Path intervals = directory ? from.resolve("intervals.csv") : null;
    boolean needed = vectorKind == VectorKind.LOOPS;
    Regions regions =
        SelectStage.run(
            vectors,
            intervals != null && (needed || Files.exists(intervals)) ? intervals : null,
            target,
            options);
    output.errors().print(text(regions, target));
    output.errors().flush();
    output.write(json(regions));
    return ExitStatus.FINE;
  }

  private Path vectors(Path profile, VectorKind vectorKind) {
    Path file = profile.resolve(VectorFiles.ofFirstThread(vectorKind));
    if (vectorKind != VectorKind.BLOCKS && !Files.exists(file)) {
      throw new ParameterException(
          output.commandLine(),
          "%s: no such file; cairn profile --vectors %s makes it"
              .formatted(file, vectorKind.name().toLowerCase(Locale.ROOT)));
    }
    return file;
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }

  private static String text(Regions regions, Path target) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,20d  intervals%n  %,20d  clusters%n  %,20d  intervals to measure%n%n  %10s %10s"
                + " %20s %8s  %s%n",
            regions.labels().length,
            regions.simulationPoints().size(),
            regions.measured().size(),
            "cluster",
            "interval",
            "starts behind",
            "weight",
            "at (pc, times reached)"));
    for (Region region : regions.simulationPoints()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %10d %10d %,20d %8.4f  %s%n",
              region.label(),
              region.interval(),
              region.startInstruction(),
              region.weight(),
              region.start() == null
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "0x%x, %,d",
                      region.start().pc(),
                      region.start().timesReached())));
    }
    text.append(String.format(Locale.ROOT, "%n  The regions are in %s%n", target));
    return text.toString();
  }

  private static ObjectNode json(Regions regions) {
    ObjectNode root = Json.object();
    root.put("instructions", regions.totalInstructions());
    root.put("intervals", regions.labels().length);
    root.put("clusters", regions.simulationPoints().size());
    ArrayNode points = root.putArray("simulationPoints");
    for (Region region : regions.simulationPoints()) {
      points
          .addObject()
          .put("cluster", region.label())
          .put("interval", region.interval())
          .put("startInstruction", region.startInstruction())
          .put("instructions", region.instructions())
          .put("weight", region.weight());
    }
    return root;
  }
}
