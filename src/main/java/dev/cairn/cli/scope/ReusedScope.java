package dev.cairn.cli.scope;

import dev.cairn.capture.Window;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.cli.option.PositionConverter;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.study.scope.AskedScope;
import dev.cairn.study.scope.StudyScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The scope of a study that is used again, as its files tell it.
public final class ReusedScope {
  private ReusedScope() {}

  /// {@return what was asked for}
  ///
  /// @param asked null for a whole run
  public static Scope of(@Nullable AskedScope asked) {
    if (asked == null) {
      return new Scope.Everything();
    }
    String between = asked.between();
    if (between != null) {
      return ScopeOptions.regions(asked.thread(), between);
    }
    PositionConverter positions = new PositionConverter();
    String until = asked.until();
    return new Scope.Span(
        asked.thread(),
        positions.convert(String.valueOf(asked.from())),
        until == null ? null : positions.convert(until));
  }

  /// {@return the same as what is studied, where nobody looks for its places any more}
  public static StudyScope studied(Scope asked) {
    return asked instanceof Scope.Everything
        ? StudyScope.WHOLE_RUN
        : new StudyScope(asked, new ScopeWindow(0, new Window(0, Window.BY_TRIGGER), List.of()));
  }
}
