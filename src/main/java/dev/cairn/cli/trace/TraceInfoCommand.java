package dev.cairn.cli.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.event.FormatException;
import dev.cairn.report.Json;
import dev.cairn.trace.TraceContents;
import dev.cairn.trace.TraceEnd;
import dev.cairn.trace.TraceManifest;
import dev.cairn.trace.TraceReader;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Says what is in a trace.
public final class TraceInfoCommand implements Callable<Integer> {
  private final TraceInput input = new TraceInput();
  private final OutputOptions output = new OutputOptions();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Says what is in a trace file: of which program, how long, which threads, how it"
                + " ended.",
            "")
        .footer(
            "",
            "Only the index is read, or the headers of the sections where a file has none; 'cairn"
                + " trace check' looks at every byte.",
            "",
            "Example:",
            "  cairn trace info mix.trace",
            "",
            "Exit status: 0; 2 usage; 3 no trace file.");
    input.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    try (TraceReader reader = input.open()) {
      output.errors().print(text(reader));
      output.errors().flush();
      output.write(json(reader));
    }
    return 0;
  }

  private static String text(TraceReader reader) throws IOException {
    TraceManifest manifest = reader.manifest();
    TraceEnd end = reader.end();
    FormatException damage = reader.damage();
    List<TraceReader.Extent> extents = reader.extents();
    long instructions = extents.stream().mapToLong(TraceReader.Extent::instructions).sum();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            " %s%n %s; cpu %s, %s, by cairn %s%n",
            String.join(" ", manifest.program()),
            end == null ? "how it ended is not in the file" : end.text(),
            manifest.cpu(),
            manifest.isa(),
            manifest.version()));
    if (!manifest.isWhole()) {
      text.append(
          String.format(
              Locale.ROOT,
              " a part: from instruction %,d%s%s%n",
              manifest.from(),
              manifest.until() == Long.MAX_VALUE
                  ? " on"
                  : String.format(Locale.ROOT, " until %,d", manifest.until()),
              manifest.thread() < 0 ? "" : ", thread " + manifest.thread()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n  %,20d  instructions%n  %,20d  blocks defined%n  %,20d  bytes, %.4f an"
                + " instruction%n  %,20d  instructions in a chunk%n",
            instructions,
            reader.blocks(),
            reader.bytes(),
            (double) reader.bytes() / Math.max(1, instructions),
            manifest.chunkInstructions()));
    reader
        .columns()
        .forEach((what, bytes) ->
            text.append(String.format(Locale.ROOT, "  %,20d  bytes of %s%n", bytes, what.text())));
    if (manifest.contents().physical()) {
      text.append(" physical addresses: ").append(manifest.contents().placement()).append('\n');
    }
    String filter = manifest.contents().accessFilter();
    text.append(filter.isEmpty() ? "" : " of the accesses only " + filter + "\n").append('\n');
    text.append(
        String.format(Locale.ROOT, "  %6s %20s %20s %10s%n", "thread", "from", "until", "chunks"));
    for (TraceReader.Extent each : extents) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %6d %,20d %,20d %,10d%n",
              each.thread(),
              each.first(),
              each.until(),
              each.chunks()));
    }
    if (damage != null) {
      text.append(String.format("%n %s%n", damage.getMessage()));
    }
    return text.toString();
  }

  private static ObjectNode json(TraceReader reader) throws IOException {
    TraceManifest manifest = reader.manifest();
    TraceEnd end = reader.end();
    FormatException damage = reader.damage();
    ObjectNode root = Json.object();
    manifest.program().forEach(root.putArray("program")::add);
    root.put("isa", manifest.isa()).put("cpu", manifest.cpu()).put("cairn", manifest.version());
    TraceContents contents = manifest.contents();
    root.put("systemCalls", contents.systemCalls()).put("stackPointer", contents.stackPointer());
    root.put("addresses", contents.addresses()).put("values", contents.values());
    if (contents.physical()) {
      root.put("physical", contents.placement()).put("pageBytes", contents.pageBytes());
    }
    if (!contents.accessFilter().isEmpty()) {
      root.put("accessFilter", contents.accessFilter());
    }
    root.put("chunkInstructions", manifest.chunkInstructions());
    if (!manifest.isWhole()) {
      ObjectNode part = root.putObject("part").put("from", manifest.from());
      if (manifest.until() != Long.MAX_VALUE) {
        part.put("until", manifest.until());
      }
      if (manifest.thread() >= 0) {
        part.put("thread", manifest.thread());
      }
    }
    root.put("bytes", reader.bytes());
    ObjectNode columns = root.putObject("columns");
    reader.columns().forEach((what, bytes) -> columns.put(what.text(), bytes));
    root.put("blocks", reader.blocks());
    root.put(
        "instructions",
        reader.extents().stream().mapToLong(TraceReader.Extent::instructions).sum());
    ArrayNode threads = root.putArray("threads");
    for (TraceReader.Extent each : reader.extents()) {
      threads
          .addObject()
          .put("thread", each.thread())
          .put("from", each.first())
          .put("until", each.until())
          .put("instructions", each.instructions())
          .put("chunks", each.chunks());
    }
    if (end != null) {
      root.putObject("end")
          .put("text", end.text())
          .put("status", end.status())
          .put("complete", end.complete());
    }
    if (damage != null) {
      root.put("damage", damage.getMessage());
    }
    return root;
  }
}
