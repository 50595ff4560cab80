package dev.cairn.cli.checkpoint;

import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.report.Json;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/// Removes what no checkpoint of a store needs.
public final class CheckpointGcCommand implements Callable<Integer> {
  private final StoreInput store = new StoreInput();
  private final OutputOptions output = new OutputOptions();

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Removes pages that no checkpoint of a folder has any more, and what a killed cairn has"
                + " left in it.",
            "")
        .footer(
            "",
            "A checkpoint is removed by removing its folder.",
            "",
            "Example:",
            "  rm -r ckpt/at-1000000 && cairn checkpoint gc ckpt",
            "",
            "Exit status: 0; 1 another cairn is writing there; 2 usage; 3 no folder of"
                + " checkpoints, or a damaged one, of which nothing is removed.");
    store.addTo(spec);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    try (CheckpointStore opened = CheckpointStore.open(store.path())) {
      CheckpointStore.Collected collected = opened.collect();
      output
          .errors()
          .print(
              String.format(
                  Locale.ROOT,
                  " files removed: %,d (%,d bytes)%n",
                  collected.files(),
                  collected.bytes()));
      output.errors().flush();
      output.write(Json.of(collected));
    }
    return 0;
  }
}
