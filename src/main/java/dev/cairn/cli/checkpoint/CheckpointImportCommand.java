package dev.cairn.cli.checkpoint;

import dev.cairn.capture.GuestCommand;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.criu.CriuImport;
import dev.cairn.checkpoint.criu.Ignorable;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PathConverter;
import dev.cairn.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Makes a checkpoint of what another tool has dumped.
public final class CheckpointImportCommand implements Callable<Integer> {
  private final OutputOptions output = new OutputOptions();

  private final OptionSpec criu =
      OptionSpec.builder("--criu")
          .paramLabel("DIR")
          .required(true)
          .type(Path.class)
          .converters(new PathConverter())
          .description("The folder of images that 'criu dump' has written.")
          .build();

  private final OptionSpec folder =
      OptionSpec.builder("-o", "--output")
          .paramLabel("STORE")
          .required(true)
          .type(Path.class)
          .converters(new PathConverter())
          .description("The folder of checkpoints; it is made, or it is added to it.")
          .build();

  private final OptionSpec name =
      OptionSpec.builder("--name")
          .paramLabel("NAME")
          .type(String.class)
          .description("What the checkpoint is called (default: criu- and the process's number).")
          .build();

  private final OptionSpec sysroot =
      OptionSpec.builder("--sysroot")
          .paramLabel("DIR")
          .type(Path.class)
          .converters(new PathConverter())
          .description("Where the process's program, libraries and files are looked up first.")
          .build();

  private final OptionSpec cpu =
      OptionSpec.builder("--cpu")
          .paramLabel("MODEL")
          .type(String.class)
          .defaultValue("neoverse-n1")
          .description(
              "QEMU's CPU model for 'cairn restore' (default: ${DEFAULT-VALUE}); one that has what"
                  + " the process's machine had.")
          .build();

  private final OptionSpec ignore =
      OptionSpec.builder("--ignore")
          .paramLabel("WHAT")
          .type(List.class)
          .auxiliaryTypes(Ignorable.class)
          .converters(CheckpointImportCommand::ignorable)
          .description(
              "Do without what can't be carried: pac-keys, namespaces, scheduling or membarrier;"
                  + " may be repeated.")
          .build();

  private static Ignorable ignorable(String text) {
    for (Ignorable each : Ignorable.values()) {
      if (each.toString().equals(text)) {
        return each;
      }
    }
    throw new picocli.CommandLine.TypeConversionException(
        "'" + text + "' is none of " + Arrays.toString(Ignorable.values()));
  }

  /// {@return the command as it is documented and parsed}
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Makes a checkpoint of a process that CRIU has dumped on AArch64 Linux (3.17 or 4.x).",
            "")
        .footer(
            "",
            "What can't be carried (other threads or processes, sockets, timers, pending signals,"
                + " and more) is named, and nothing is written.",
            "",
            "Examples:",
            "  cairn checkpoint import --criu images -o ckpt",
            "  cairn checkpoint import --criu images --sysroot /srv/arm64 --name web -o ckpt",
            "  cairn checkpoint export --elf later ckpt/web",
            "",
            "Exit status: 0; 1 something can't be carried, or a file is missing or was changed;"
                + " 2 usage; 3 no images, or damaged ones. More: docs/checkpoint.md.");
    spec.addOption(criu)
        .addOption(folder)
        .addOption(name)
        .addOption(sysroot)
        .addOption(cpu)
        .addOption(ignore);
    output.addTo(spec);
    return spec;
  }

  @Override
  public Integer call() throws IOException {
    output.check();
    @Nullable String given = name.getValue();
    if (given != null && !given.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new ParameterException(
          output.commandLine(),
          "--name '" + given + "': letters, digits, '.', '_' and '-' make a name");
    }
    @Nullable List<Ignorable> asked = ignore.getValue();
    Set<Ignorable> ignored = EnumSet.noneOf(Ignorable.class);
    ignored.addAll(asked == null ? List.of() : asked);
    Path images = criu.getValue();
    Path path = folder.getValue();
    try (CriuImport imported =
        CriuImport.open(
            images, new CriuImport.Options(sysroot.getValue(), cpu.getValue(), ignored))) {
      String called = given == null ? "criu-" + imported.number() : given;
      output.makeFolder("-o", path);
      try (CheckpointStore store = CheckpointStore.create(path)) {
        if (store.has(called)) {
          throw new ParameterException(
              output.commandLine(),
              path.resolve(called) + " exists already; choose another --name");
        }
        long bytes = store.add(called, imported.process(), imported.memory());
        report(path, called, bytes, imported.process().mappings());
      }
    }
    return 0;
  }

  private void report(Path path, String called, long bytes, List<Mapping> mappings)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, " %s  (%,d bytes more)", path.resolve(called), bytes));
    long end = mappings.isEmpty() ? 0 : mappings.getLast().end();
    if (end > GuestCommand.GUEST_BYTES) {
      lines.add(
          String.format(
              Locale.ROOT,
              "cairn: its memory reaches up to 0x%x, and 'cairn restore' has room up to 0x%x;"
                  + " export it, and start it on a kernel for AArch64",
              end,
              GuestCommand.GUEST_BYTES));
    }
    lines.forEach(output.errors()::println);
    output.errors().flush();
    output.write(Json.object().put("name", called).put("bytesAdded", bytes));
  }
}
