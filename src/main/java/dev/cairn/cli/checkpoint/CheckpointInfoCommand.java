package dev.cairn.cli.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.checkpoint.MappedFile;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.report.Json;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Says what is in a checkpoint.
public final class CheckpointInfoCommand implements Callable<Integer> {
  private final CheckpointInput input = new CheckpointInput();
  private final OutputOptions output = new OutputOptions();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Says what is in a checkpoint: where the program stood, its memory, its open files and"
                + " its signal handlers.",
            "")
        .footer(
            "",
            "Example:",
            "  cairn checkpoint info ckpt/at-1000000",
            "",
            "Exit status: 0; 2 usage; 3 no checkpoint, or a damaged one.");
    input.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    try (Checkpoint checkpoint = input.open()) {
      output.output().print(text(checkpoint));
      output.output().flush();
      output.write(json(checkpoint));
    }
    return 0;
  }

  private static String text(Checkpoint checkpoint) throws IOException {
    ProcessState process = checkpoint.process();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            " %s%n before the instruction at 0x%x, after %,d instructions; cpu %s%n"
                + " in %s, umask %04o%n%n  %,16d  bytes of memory that are not zero%n"
                + "  %,16d  bytes mapped%n%n",
            String.join(" ", process.program()),
            process.registers().pc(),
            process.instructions(),
            process.cpu(),
            process.workingDirectory(),
            process.umask(),
            checkpoint.pages() * Mapping.PAGE_BYTES,
            process.mappings().stream().mapToLong(Mapping::bytes).sum()));
    for (Mapping each : process.mappings()) {
      String file = each.file();
      text.append(
          String.format(
              Locale.ROOT,
              "  %012x-%012x %s %s%n",
              each.start(),
              each.end(),
              each.protectionText(),
              file == null ? "[" + each.kind().name().toLowerCase(Locale.ROOT) + "]" : file));
    }
    for (MappedFile each : process.mappedFiles()) {
      String change = each.change();
      if (change != null) {
        text.append(
            String.format(
                "  %s: %s; what is mapped of it is in the checkpoint, and has no names%n",
                each.path(), change));
      }
    }
    text.append(String.format("%n"));
    for (OpenFile each : process.files()) {
      String path = each.path();
      text.append(
          path == null
              ? String.format(
                  Locale.ROOT,
                  "  descriptor %d: the standard stream %d%n",
                  each.descriptor(),
                  each.description())
              : String.format(
                  Locale.ROOT,
                  "  descriptor %d: %s at %,d%s%n",
                  each.descriptor(),
                  path,
                  each.offset(),
                  each.kept()
                      ? String.format(Locale.ROOT, ", with its %,d bytes", each.bytes())
                      : note(each.change())));
    }
    for (SignalState.Action each : process.signals().actions()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  signal %d: %s%n",
              each.signal(),
              each.handler() == 0
                  ? "default"
                  : each.handler() == 1 ? "ignored" : "handler at 0x%x".formatted(each.handler())));
    }
    return text.toString();
  }

  private static String note(@Nullable String change) {
    return change == null ? "" : " (" + change + ")";
  }

  private static ObjectNode json(Checkpoint checkpoint) throws IOException {
    ProcessState process = checkpoint.process();
    ObjectNode root = Json.object();
    process.program().forEach(root.putArray("program")::add);
    root.put("instructions", process.instructions()).put("cpu", process.cpu());
    root.put("pc", "0x" + Long.toHexString(process.registers().pc()));
    root.put("bytes", checkpoint.pages() * Mapping.PAGE_BYTES);
    ArrayNode mappings = root.putArray("mappings");
    for (Mapping each : process.mappings()) {
      mappings
          .addObject()
          .put("start", "0x" + Long.toHexString(each.start()))
          .put("end", "0x" + Long.toHexString(each.end()))
          .put("protection", each.protectionText())
          .put("kind", each.kind().name().toLowerCase(Locale.ROOT))
          .put("file", each.file());
    }
    ArrayNode files = root.putArray("files");
    for (OpenFile each : process.files()) {
      files
          .addObject()
          .put("descriptor", each.descriptor())
          .put("path", each.path())
          .put("offset", each.offset())
          .put("embedded", each.kept())
          .put("change", each.kept() ? null : each.change());
    }
    ArrayNode mapped = root.putArray("mappedFiles");
    for (MappedFile each : process.mappedFiles()) {
      mapped
          .addObject()
          .put("path", each.path())
          .put("bytes", each.bytes())
          .put("sha256", each.sha256())
          .put("change", each.change());
    }
    return root;
  }
}
