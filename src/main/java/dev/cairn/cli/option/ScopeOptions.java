package dev.cairn.cli.option;

import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

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

  private final OptionSpec length =
      OptionSpec.builder("--length")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description("Look at N instructions at most, in place of --until.")
          .build();

  private final OptionSpec between =
      OptionSpec.builder("--between")
          .paramLabel("MARKER[:n]")
          .type(String.class)
          .converters((ITypeConverter<String>) ScopeOptions::region)
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
    command.addMixin("scope", options().addOption(length));
  }

  /// Adds the options to a command that has a `--length` of its own.
  public void addWithoutLengthTo(CommandSpec command) {
    command.addMixin("scope", options());
  }

  private CommandSpec options() {
    return CommandSpec.wrapWithoutInspection(this)
        .addOption(from)
        .addOption(until)
        .addOption(between)
        .addOption(thread);
  }

  /// {@return how many instructions are to be looked at; null if that was not said}
  public @Nullable Long length() {
    return length.getValue();
  }

  /// {@return what is to be looked at of a run from its beginning}
  ///
  /// @throws ParameterException if the options contradict each other
  public Scope scope() {
    return scope(0, length());
  }

  /// {@return what is to be looked at}
  ///
  /// @param executed instructions of the first thread before the run, which goes on from a
  ///   checkpoint; 0 if it begins afresh
  /// @param most instructions to look at; null for all
  /// @throws ParameterException if the options contradict each other
  public Scope scope(long executed, @Nullable Long most) {
    Scope asked = fromOn(executed, asked(executed));
    return most == null ? asked : atMost(asked, most);
  }

  /// Has what begins with the run begin where it goes on.
  private Scope fromOn(long executed, Scope asked) {
    if (executed == 0) {
      return asked;
    }
    return switch (asked) {
      case Scope.Everything _ -> new Scope.Span(0, new Position.Count(executed), null);
      case Scope.Regions regions -> regions;
      case Scope.Span span -> {
        if (span.thread() != 0 || !(span.from() instanceof Position.Count(long first))) {
          yield span;
        }
        if (first < executed) {
          throw wrong(
              "--from %,d lies before the checkpoint, which was taken behind %,d instructions"
                  .formatted(first, executed));
        }
        yield span;
      }
    };
  }

  private Scope atMost(Scope asked, long most) {
    if (most < 1) {
      throw wrong("--length must be at least 1: " + most);
    }
    Scope.Span span =
        asked instanceof Scope.Everything
            ? new Scope.Span(0, new Position.Count(0), null)
            : asked instanceof Scope.Span given ? given : null;
    if (span == null
        || span.until() != null
        || !(span.from() instanceof Position.Count(long first))) {
      throw wrong("--length goes with --from N, a count, and without --until");
    }
    long until = first + Math.min(most, Long.MAX_VALUE - first);
    return new Scope.Span(span.thread(), span.from(), new Position.Count(until));
  }

  private Scope asked(long executed) {
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
    int only = number == null ? 0 : number;
    return span(only, begin, end, only == 0 ? executed : 0);
  }

  private Scope span(int number, @Nullable Position begin, @Nullable Position end, long executed) {
    if (begin == null && end instanceof Position.Count(long last) && last == 0) {
      throw wrong("--until 0 leaves nothing to look at");
    }
    Position first = begin == null ? new Position.Count(executed) : begin;
    if (end instanceof Position.Count(long last)
        && first instanceof Position.Count(long count)
        && last <= count) {
      throw wrong(
          "--until %,d must lie behind %s %,d"
              .formatted(last, begin == null ? "the checkpoint at" : "--from", count));
    }
    return new Scope.Span(number, first, end);
  }

  /// {@return a text that names regions, or the n-th of them}
  ///
  /// @throws TypeConversionException if it is none
  public static String region(String text) {
    regions(0, text);
    return text;
  }

  /// {@return the regions of a name, or the n-th of them, as `MARKER:n`}
  public static Scope.Regions regions(int number, String marker) {
    Matcher numbered = NUMBERED.matcher(marker);
    return numbered.matches()
        ? new Scope.Regions(number, numbered.group(1), PositionConverter.times(marker))
        : new Scope.Regions(number, marker, 0);
  }

  private ParameterException wrong(String what) {
    return new ParameterException(from.command().commandLine(), what);
  }
}
