package dev.cairn.cli.scope;

import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import dev.cairn.capture.scope.ScopeCut;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What there is to say when a scope was not reached, or not its end.
public final class ScopeEnd {
  private ScopeEnd() {}

  /// {@return the line; null if all is as it was asked for}
  public static @Nullable String complaint(Scope scope, ScopeCut.Seen seen) {
    return switch (scope) {
      case Scope.Everything _ -> null;
      case Scope.Span span -> complaint(span, seen);
      case Scope.Regions regions ->
          seen.instructions() > 0 || seen.ended()
              ? null
              : "thread %d began no region '%s'%s; nothing was looked at"
                      .formatted(regions.thread(), regions.marker(), times(regions.number()))
                  + otherThread(regions.thread());
    };
  }

  private static @Nullable String complaint(Scope.Span span, ScopeCut.Seen seen) {
    if (seen.instructions() > 0) {
      return span.until() == null || seen.ended()
          ? null
          : "thread %d ended before it %s (--until); what is shown reaches up to its end"
              .formatted(span.thread(), reached(span.until()));
    }
    if (seen.ended()) {
      return "--until %s came before --from %s; nothing was looked at"
          .formatted(span.until(), span.from());
    }
    if (span.from() instanceof Position.Count(long instructions) && instructions == 0) {
      return "there was no thread %d (--thread); nothing was looked at; 'cairn stat' lists the threads"
          .formatted(span.thread());
    }
    return "thread %d ended before it %s (--from); nothing was looked at"
            .formatted(span.thread(), reached(span.from()))
        + otherThread(span.thread());
  }

  private static String reached(@Nullable Position position) {
    return switch (position) {
      case Position.Count(long instructions) ->
          String.format(Locale.ROOT, "had executed %,d instructions", instructions);
      case Position.Call(String function, long times) -> "called " + function + times(times);
      case Position.Reached(long pc, long times) ->
          String.format(Locale.ROOT, "reached 0x%x%s", pc, times(times));
      case null -> "ended";
    };
  }

  private static String times(long times) {
    return times <= 1 ? "" : String.format(Locale.ROOT, " %,d times", times);
  }

  private static String otherThread(int thread) {
    return "; --thread N looks at another thread than " + thread;
  }
}
