package dev.cairn.study.scope;

import dev.cairn.capture.scope.Position;
import dev.cairn.capture.scope.Scope;
import org.jspecify.annotations.Nullable;

/// A scope as the options say it, for the files of a study.
///
/// @param thread 0 the first, then in order of creation
/// @param from a place: `5000`, `solve:2` or `0x400a10:17`; null with `between`
/// @param until a place; null for the thread's end, or with `between`
/// @param between `solve` or `solve:2`; null if there are places
public record AskedScope(
    int thread, @Nullable String from, @Nullable String until, @Nullable String between) {
  /// {@return what was asked for; null for a whole run}
  public static @Nullable AskedScope of(Scope scope) {
    return switch (scope) {
      case Scope.Everything _ -> null;
      case Scope.Span(int thread, Position from, Position until) ->
          new AskedScope(thread, from.toString(), until == null ? null : until.toString(), null);
      case Scope.Regions(int thread, String marker, long number) ->
          new AskedScope(thread, null, null, number == 0 ? marker : marker + ":" + number);
    };
  }
}
