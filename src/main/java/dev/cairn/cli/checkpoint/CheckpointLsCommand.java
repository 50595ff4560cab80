package dev.cairn.cli.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Lists the checkpoints of a store.
public final class CheckpointLsCommand implements Callable<Integer> {
  private final StoreInput store = new StoreInput();
  private final OutputOptions output = new OutputOptions();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description("Lists the checkpoints in a folder.", "")
        .footer(
            "",
            "Example:",
            "  cairn checkpoint ls ckpt",
            "",
            "Exit status: 0; 2 usage; 3 no folder of checkpoints, or a damaged one.");
    store.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    ObjectNode root = Json.object();
    ArrayNode all = root.putArray("checkpoints");
    PrintWriter out = output.output();
    for (String name : CheckpointStore.names(store.path())) {
      try (Checkpoint checkpoint = Checkpoint.open(store.path().resolve(name))) {
        ProcessState process = checkpoint.process();
        long bytes = checkpoint.pages() * Mapping.PAGE_BYTES;
        out.print(
            String.format(
                Locale.ROOT,
                "%-24s %,18d instructions  %,14d bytes  %s%n",
                name,
                process.instructions(),
                bytes,
                String.join(" ", process.program())));
        ObjectNode one = all.addObject();
        one.put("name", name).put("instructions", process.instructions()).put("bytes", bytes);
        process.program().forEach(one.putArray("program")::add);
      }
    }
    out.flush();
    output.write(root);
    return 0;
  }
}
