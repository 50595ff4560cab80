package dev.cairn.cli.scope;

import dev.cairn.capture.Trigger;
import dev.cairn.capture.Window;
import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Turns a scope into what a source takes, by the names that the source knows.
final class PlacedScope {
  private PlacedScope() {}

  /// Where names stand.
  interface Names {
    /// {@return where a function begins, with the action and count of the one that is to be made}
    Trigger function(Trigger.Action action, Position.Call call) throws IOException;

    /// {@return triggers at all marks; those that begin a region of the name are
    /// [Trigger.Action#BEGIN] with the number as their count, other ones [Trigger.Action#INNER]}
    List<Trigger> regions(Scope.Regions regions) throws IOException;
  }

  static ScopeWindow of(Scope.Span span, Names names) throws IOException {
    List<Trigger> triggers = new ArrayList<>();
    long from = place(Trigger.Action.OPEN, span.from(), names, triggers);
    Position until = span.until();
    long end = until == null ? Long.MAX_VALUE : place(Trigger.Action.CLOSE, until, names, triggers);
    return new ScopeWindow(span.thread(), new Window(from, end), triggers);
  }

  static ScopeWindow of(Scope.Regions regions, Names names) throws IOException {
    return new ScopeWindow(
        regions.thread(), new Window(Window.BY_TRIGGER, Window.BY_TRIGGER), names.regions(regions));
  }

  /// {@return the count, or that a trigger tells, which then is in the list}
  private static long place(
      Trigger.Action action, Position position, Names names, List<Trigger> triggers)
      throws IOException {
    return switch (position) {
      case Position.Count(long instructions) -> instructions;
      case Position.Reached(long pc, long times) -> {
        triggers.add(absolute(action, pc, times));
        yield Window.BY_TRIGGER;
      }
      case Position.Call call -> {
        triggers.add(names.function(action, call));
        yield Window.BY_TRIGGER;
      }
    };
  }

  static Trigger absolute(Trigger.Action action, long pc, long count) {
    return new Trigger(action, Trigger.Base.ABSOLUTE, pc, "", count);
  }

  /// {@return triggers at all marks of the files that are found later}
  static List<Trigger> marks(Scope.Regions regions) {
    List<Trigger> triggers = new ArrayList<>();
    for (Trigger.Action action :
        List.of(Trigger.Action.BEGIN, Trigger.Action.INNER, Trigger.Action.END)) {
      long count = action == Trigger.Action.BEGIN ? regions.number() : 0;
      triggers.add(new Trigger(action, Trigger.Base.MARK, 0, regions.marker(), count));
    }
    return triggers;
  }

  /// {@return what a mark does to a scope of regions}
  static Trigger.Action action(boolean begins, String name, Scope.Regions regions) {
    return !begins
        ? Trigger.Action.END
        : name.equals(regions.marker()) ? Trigger.Action.BEGIN : Trigger.Action.INNER;
  }
}
