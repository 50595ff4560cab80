package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.HierarchyOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.PlacementOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.FlowRun;
import dev.cairn.cli.run.GuestRanges;
import dev.cairn.cli.run.RangeHearer;
import dev.cairn.event.CallsInPlace;
import dev.cairn.memory.placement.PhysicalMemory;
import dev.cairn.memory.placement.PlacedRun;
import dev.cairn.memory.placement.Placement;
import dev.cairn.memory.simulation.CacheAnalysis;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.CacheProfile;
import dev.cairn.memory.simulation.result.CacheRequest;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.PlaceMisses;
import dev.cairn.program.CodeLocation;
import dev.cairn.report.flow.CacheReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Simulates caches on a run.
final class CacheCommand implements Callable<Integer> {
  private static final String TIMELINE = "timeline";

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final HierarchyOptions hierarchies = new HierarchyOptions();
  private final TableOptions<CacheReport.Order> table =
      new TableOptions<>(CacheReport.Order.class, List.of(TIMELINE));

  private final PlacementOptions physical =
      new PlacementOptions(
          "Index and tag caches by physical addresses; without it by virtual ones.", true);

  private final OptionSpec by =
      OptionSpec.builder("--by")
          .paramLabel("WHAT")
          .type(String.class)
          .defaultValue("function")
          .description(
              "Tell misses apart by function, line, pc, or range of data (default:"
                  + " ${DEFAULT-VALUE}).")
          .build();

  private final OptionSpec kinds =
      OptionSpec.builder("--kinds")
          .type(Boolean.class)
          .initialValue(false)
          .description(
              "Tell capacity misses from conflict misses: slower, as a fully associative cache is"
                  + " followed beside each.")
          .build();

  private final OptionSpec interval =
      OptionSpec.builder("--interval")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description("Also give the misses of each N instructions, in --json and timeline.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and simulates caches and translation buffers on what it executes and"
                + " accesses: accesses, misses by kind, write-backs and prefetches of each level,"
                + " and where in the program misses come from.",
            "")
        .footer(
            "",
            "Without --config or a size there are --l1i 32K,8,64 --l1d 32K,8,64 --l2 2M,16,64."
                + " Sizes are in bytes, with K, M or G for powers of 1024; caches write back and"
                + " bring lines for stores; nothing has a duration.",
            "",
            "Examples:",
            "  cairn cache -- ./program                    three caches, and the worst functions",
            "  cairn cache --l1d 48K,12,64 --l2 1M,16,64 --by line -- ./program",
            "  cairn cache --config cortex-a55 --config mine.yaml --json c.json -- ./program",
            "  cairn cache --l2 1M,16,64 --l1d 32K,8,64 --physical random:7 -- ./program",
            "  cairn cache --interval 1M --export timeline=t.csv -- ./program",
            "",
            ExitStatus.help("docs/cache.md"));
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    table.addTo(spec);
    hierarchies.addTo(spec);
    physical.addTo(spec);
    spec.addOption(by).addOption(kinds).addOption(interval);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    output.check();
    table.check(output);
    CacheRequest request = request();
    FlowRun run = new FlowRun(guest, scope, output);
    boolean byRange = request.grouping() == Grouping.RANGE;
    Placement placement = physical.placement();
    PhysicalMemory memory = placement == null ? null : placement.create();
    if (physical.isRecorded()) {
      run.needPhysical();
    }
    GuestRanges ranges = new GuestRanges(run::locate);
    if (byRange) {
      run.hearAll(new RangeHearer(ranges));
      guest.mappings().forEach(ranges::place);
    }
    CacheAnalysis analysis =
        new CacheAnalysis(
            request,
            byRange ? pc -> learn(ranges, pc, run.locate(pc)) : run::locate,
            byRange ? ranges : DataRanges.NONE,
            physical.isRecorded() ? run.recorded() : memory);
    int status =
        run.follow(
            List.of(
                byRange && memory == null
                    ? new CallsInPlace<>(analysis)
                    : PlacedRun.of(memory, analysis)),
            byRange || memory != null
                ? StreamContents.ACCESSES.withSystemCalls(byRange ? GuestRanges.FETCHES : List.of())
                : StreamContents.unsettled(analysis.settledRule()));
    report(analysis.result());
    run.printEnd();
    return status;
  }

  private static @Nullable CodeLocation learn(
      GuestRanges ranges, long pc, @Nullable CodeLocation location) {
    ranges.learn(pc, location);
    return location;
  }

  private CacheRequest request() throws IOException {
    Long length = interval.getValue();
    if (length != null && length < 1) {
      throw new ParameterException(
          output.commandLine(), "--interval must be at least 1: " + length);
    }
    if (length == null && table.isExported(TIMELINE)) {
      throw new ParameterException(
          output.commandLine(), "--export timeline needs --interval N, the length of a slice");
    }
    return new CacheRequest(
        hierarchies.open(), kinds.<Boolean>getValue(), grouping(), length == null ? 0 : length);
  }

  private Grouping grouping() {
    String asked = by.getValue();
    for (Grouping grouping : Grouping.values()) {
      if (grouping.name().toLowerCase(Locale.ROOT).equals(asked)) {
        return grouping;
      }
    }
    throw new ParameterException(
        output.commandLine(), "--by %s: there are function, line, pc, range".formatted(asked));
  }

  private void report(CacheProfile profile) throws IOException {
    CacheReport.Order order = table.order(output);
    output
        .errors()
        .print(CacheReport.text(profile, CacheReport.first(profile, order, table.shown())));
    output.errors().flush();
    List<PlaceMisses> written = CacheReport.first(profile, order, table.written());
    table.writeCsv(output, () -> CacheReport.csv(profile, written));
    table.export(output, TIMELINE, () -> CacheReport.timeline(profile));
    output.write(CacheReport.json(profile, written));
  }
}
