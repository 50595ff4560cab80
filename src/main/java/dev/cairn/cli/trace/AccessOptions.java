package dev.cairn.cli.trace;

import dev.cairn.capture.Observation;
import dev.cairn.capture.Window;
import dev.cairn.cli.option.CountConverter;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.PlacementOptions;
import dev.cairn.event.Analysis;
import dev.cairn.memory.placement.PhysicalMemory;
import dev.cairn.memory.placement.Placement;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.NamedCode;
import dev.cairn.program.NearMiss;
import dev.cairn.trace.AccessFilter;
import dev.cairn.trace.PeriodicParts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Whether memory accesses are recorded, and which.
public final class AccessOptions {
  private static final Pattern RANGE =
      Pattern.compile("0[xX]([0-9a-fA-F]{1,16})-0[xX]([0-9a-fA-F]{1,16})");

  /// Instructions between two parts from which on they are not streamed.
  private static final long WORTH_EXCHANGING = 1_000_000;

  private final OptionSpec addresses =
      OptionSpec.builder("--addresses")
          .type(Boolean.class)
          .description("Record memory accesses, too: address, size, load or store.")
          .build();

  private final PlacementOptions physical =
      new PlacementOptions(
          "Give each access of --addresses an address in physical memory, too.", false);

  private final OptionSpec values =
      OptionSpec.builder("--values")
          .type(Boolean.class)
          .description(
              "Record memory accesses with the values loaded and stored, what memory held before,"
                  + " and what system calls write.")
          .build();

  private final OptionSpec function =
      OptionSpec.builder("--function")
          .paramLabel("F")
          .type(String.class)
          .description("Of the accesses only those of a function's own instructions.")
          .build();

  private final OptionSpec range =
      OptionSpec.builder("--range")
          .paramLabel("LO-HI")
          .type(String.class)
          .description("Of the accesses only those that touch an address from 0xLO to 0xHI.")
          .build();

  private final OptionSpec loads =
      OptionSpec.builder("--loads")
          .type(Boolean.class)
          .description("Of the accesses only the loads.")
          .build();

  private final OptionSpec stores =
      OptionSpec.builder("--stores")
          .type(Boolean.class)
          .description("Of the accesses only the stores.")
          .build();

  private final OptionSpec every =
      OptionSpec.builder("--every")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description(
              "Record the first --length instructions of every N of a thread, and nothing of the"
                  + " others; with --thread the program runs fast in between.")
          .build();

  private final OptionSpec length =
      OptionSpec.builder("--length")
          .paramLabel("M")
          .type(Long.class)
          .converters(new CountConverter())
          .description(
              "How many instructions of every N; without --every, how many to record at all, in"
                  + " place of --until.")
          .build();

  /// Adds the options to a command.
  public void addTo(CommandSpec command) {
    command.addMixin(
        "accesses",
        CommandSpec.wrapWithoutInspection(this)
            .addOption(addresses)
            .addOption(values)
            .addOption(function)
            .addOption(range)
            .addOption(loads)
            .addOption(stores)
            .addOption(every)
            .addOption(length));
    physical.addTo(command);
  }

  /// {@return how pages are placed in physical memory; null if that is not recorded}
  public @Nullable Placement placement() {
    Placement placement = physical.placement();
    if (placement != null && !addresses()) {
      throw wrong("--physical places the pages of accesses: give --addresses, too");
    }
    return placement;
  }

  /// {@return whether lines that are prefetched or maintained are recorded: with all accesses}
  public boolean hints() {
    return addresses() && !isGiven(loads) && !isGiven(stores);
  }

  /// {@return empty physical memory; null if accesses get no physical addresses}
  public @Nullable PhysicalMemory memory() {
    Placement placement = placement();
    return placement == null ? null : placement.create();
  }

  private static boolean isGiven(OptionSpec option) {
    return Boolean.TRUE.equals(option.getValue());
  }

  /// {@return whether accesses are recorded}
  public boolean addresses() {
    return isGiven(addresses) || isGiven(values);
  }

  /// {@return whether their values are}
  public boolean values() {
    return isGiven(values);
  }

  /// Makes sure that the options do not contradict each other and the program has the function.
  public void check(GuestOptions guest) throws IOException {
    String name = function.getValue();
    boolean filters = isGiven(loads) || isGiven(stores) || name != null || range.getValue() != null;
    if (filters && !addresses()) {
      throw wrong(
          "--function, --range, --loads and --stores choose among accesses: give --addresses or --values,"
              + " too");
    }
    if (isGiven(loads) && isGiven(stores)) {
      throw wrong("--loads and --stores leave nothing; without both all accesses are recorded");
    }
    placement();
    checkPeriod();
    choice();
    if (name != null) {
      GuestProgram program = guest.file();
      NamedCode code = NamedCode.of(program);
      if (code.functions(name).isEmpty()) {
        throw wrong(
            "--function: no function '%s' in %s or the libraries it is loaded with%s"
                .formatted(name, program.path(), NearMiss.hint(name, code.functionNames())));
      }
    }
  }

  private void checkPeriod() {
    Long period = every.getValue();
    Long part = length.getValue();
    if (period != null && part == null) {
      throw wrong("--every N and --length M belong together");
    }
    if (period != null && part != null && (part < 1 || period <= part)) {
      throw wrong("--length %,d must be at least 1 and below --every %,d".formatted(part, period));
    }
  }

  /// {@return how many instructions are to be recorded; null for all}
  public @Nullable Long length() {
    return every.getValue() == null ? length.getValue() : null;
  }

  private AccessFilter.Choice choice() {
    String text = range.getValue();
    long lowest = 0;
    long highest = -1;
    if (text != null) {
      Matcher matcher = RANGE.matcher(text);
      if (!matcher.matches()) {
        throw wrong("--range must be 0xLO-0xHI: " + text);
      }
      lowest = Long.parseUnsignedLong(matcher.group(1), 16);
      highest = Long.parseUnsignedLong(matcher.group(2), 16);
      if (Long.compareUnsigned(lowest, highest) > 0) {
        throw wrong("--range ends before it begins: " + text);
      }
    }
    return new AccessFilter.Choice(!isGiven(stores), !isGiven(loads), lowest, highest);
  }

  /// {@return which accesses are recorded, in words; empty for all}
  public String filter() {
    List<String> parts = new ArrayList<>();
    if (isGiven(loads)) {
      parts.add("loads");
    }
    if (isGiven(stores)) {
      parts.add("stores");
    }
    String name = function.getValue();
    if (name != null) {
      parts.add("in function " + name);
    }
    String text = range.getValue();
    if (text != null) {
      parts.add("to " + text);
    }
    return String.join(" ", parts);
  }

  /// {@return what shows an analysis what is to be recorded}
  ///
  /// @param locate says what lies at an address when a block is defined
  public <R> Analysis<R> within(LongFunction<@Nullable CodeLocation> locate, Analysis<R> analysis) {
    Analysis<R> seen = analysis;
    if (!filter().isEmpty()) {
      String name = function.getValue();
      seen = new AccessFilter<>(choice(), pc -> name == null || isIn(name, locate.apply(pc)), seen);
    }
    Long period = every.getValue();
    Long part = length.getValue();
    return period == null || part == null ? seen : new PeriodicParts<>(period, part, seen);
  }

  /// {@return of how many instructions the first ones are a part whose memory is told anew; 0 if
  /// there are no such parts, or no values}
  public long period() {
    Long period = every.getValue();
    return period == null || !values() ? 0 : period;
  }

  /// {@return the same observation, without what lies between parts of `--every` where that is more
  /// than instrumentation takes to be exchanged, and not needed: by pages that are placed, or by
  /// what opens a scope}
  public Observation.Streaming inParts(Observation.Streaming seen) {
    Long period = every.getValue();
    Long part = length.getValue();
    if (period == null
        || part == null
        || period - part < WORTH_EXCHANGING
        || seen.windows().size() != 1
        || !seen.triggers().isEmpty()
        || placement() != null) {
      return seen;
    }
    List<Window> parts = seen.windows().getFirst().parts(period, part);
    return parts.isEmpty() ? seen : seen.inWindows(parts);
  }

  private static boolean isIn(String function, @Nullable CodeLocation location) {
    return location != null && function.equals(location.function());
  }

  private ParameterException wrong(String what) {
    return new ParameterException(addresses.command().commandLine(), what);
  }
}
