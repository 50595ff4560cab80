package dev.cairn.cli.option;

import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// Which part of a run a command looks at.
public final class ScopeOptions {
  private static final Pattern NUMBERED = Pattern.compile("(.+):([0-9]+)");

  private final OptionSpec from =
      OptionSpec.builder("--from")
          .paramLabel("PLACE")
          .type(Position.class)
          .converters(new PositionConverter())
          .description(
              "Begin here: behind N instructions, or at the n-th call of a function"
                  + " (FUNCTION[:n]), or where an address is reached (0xADDRESS[:n]).")
          .build();

  private final OptionSpec until =
      OptionSpec.builder("--until")
          .paramLabel("PLACE")
          .type(Position.class)
          .converters(new PositionConverter())
          .description("End there (default: where the thread ends).")
          .build();

  private final OptionSpec between =
      OptionSpec.builder("--between")
          .paramLabel("MARKER[:n]")
          .type(String.class)
          .description(
              "Look at the regions that the program names so, see docs/markers.md: all of them"
                  + " together, or the n-th.")
          .build();

  private final OptionSpec thread =
      OptionSpec.builder("--thread")
          .paramLabel("N")
          .type(Integer.class)
          .description(
              "Look at this thread only: 0 is the first, then in order of creation (default: 0 with"
                  + " any of these options, else all).")
          .build();

  public void addTo(CommandSpec command) {
    command.addMixin(
        "scope",
        CommandSpec.wrapWithoutInspection(this)
            .addOption(from)
            .addOption(until)
            .addOption(between)
            .addOption(thread));
  }

  /// {@return what is to be looked at}
  ///
  /// @throws ParameterException if the options contradict each other
  public Scope scope() {
    Integer number = thread.getValue();
    if (number != null && number < 0) {
      throw wrong("--thread must not be negative: " + number);
    }
    Position begin = from.getValue();
    Position end = until.getValue();
    String marker = between.getValue();
    if (marker != null) {
      if (begin != null || end != null) {
        throw wrong("--between goes without --from and --until");
      }
      return regions(number == null ? 0 : number, marker);
    }
    if (begin == null && end == null && number == null) {
      return new Scope.Everything();
    }
    return span(number == null ? 0 : number, begin, end);
  }

  private Scope span(int number, @Nullable Position begin, @Nullable Position end) {
    Position first = begin == null ? new Position.Count(0) : begin;
    if (end instanceof Position.Count(long last)
        && first instanceof Position.Count(long count)
        && last <= count) {
      throw wrong("--until %,d must lie behind --from %,d".formatted(last, count));
    }
    if (end instanceof Position.Count(long last) && last == 0) {
      throw wrong("--until 0 leaves nothing to look at");
    }
    return new Scope.Span(number, first, end);
  }

  private Scope regions(int number, String marker) {
    Matcher numbered = NUMBERED.matcher(marker);
    return numbered.matches()
        ? new Scope.Regions(number, numbered.group(1), PositionConverter.times(marker))
        : new Scope.Regions(number, marker, 0);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(from.command().commandLine(), what);
  }
}
