package dev.cairn.cli.trace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.report.Json;
import dev.cairn.trace.TraceCut;
import dev.cairn.trace.TraceReader;
import dev.cairn.trace.TraceSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Makes a trace of a part of another.
public final class TraceCutCommand implements Callable<Integer> {
  private final TraceInput input = new TraceInput();
  private final PartOptions part = new PartOptions();
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec file =
      OptionSpec.builder("-o", "--output")
          .paramLabel("FILE")
          .required(true)
          .type(Path.class)
          .converters(new PathConverter())
          .description("The trace file to write.")
          .build();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description("Writes a part of a trace to a trace of its own.", "")
        .footer(
            "",
            "The part begins and ends to the instruction, of each thread or of one, and keeps its"
                + " counts: a part from 1M on begins with instruction 1 000 000. Parts that meet"
                + " are together the whole.",
            "",
            "Example:",
            "  cairn trace cut --from 1M --length 1M -o part.trace mix.trace",
            "",
            "Exit status: 0; 1 failed; 2 usage; 3 the trace is damaged; FILE.partial then has what"
                + " comes before.");
    input.addTo(spec);
    part.addTo(spec);
    spec.addOption(file);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    part.check(output);
    output.check();
    Path target = file.getValue();
    output.checkWritable("-o", target);
    if (Files.exists(target) && Files.isSameFile(target, input.path())) {
      throw new ParameterException(output.commandLine(), "-o is the trace itself: " + target);
    }
    try (TraceReader reader = input.open()) {
      TraceSummary summary =
          TraceCut.write(
              reader,
              reader.manifest().version(),
              part.from(),
              part.until(),
              part.thread(),
              target);
      long bytes = Files.size(target);
      output
          .errors()
          .printf(
              Locale.ROOT,
              "%n  %,20d  instructions in %,d chunks%n  %,20d  bytes%n%n  The trace is in %s%n",
              summary.instructions(),
              summary.chunks(),
              bytes,
              target);
      output.errors().flush();
      ObjectNode root = Json.object();
      root.put("instructions", summary.instructions());
      root.put("chunks", summary.chunks());
      root.put("bytes", bytes);
      output.write(root);
    }
    return 0;
  }
}
