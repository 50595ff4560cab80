package dev.cairn.profile.call;

import dev.cairn.profile.flow.Functions;
import java.util.List;

/// When which activations ran, of those that took long enough.
///
/// @param spans by thread, stack and beginning, an outer one before those inside it
/// @param shortest instructions that a span has at least; 0 if none was left out for that
/// @param tooShort activations left out because they took less
/// @param tooDeep activations left out because more than [TimelineListener#DEEPEST] were around
///   them
public record Timeline(List<Span> spans, long shortest, long tooShort, long tooDeep) {
  /// An activation.
  ///
  /// @param stack 0 the thread's first, then in order of appearance; those at the same time are
  ///   apart
  /// @param from instructions that the thread had executed at its beginning
  /// @param until the same at its end; the thread may have been on other stacks in between
  public record Span(int thread, int stack, Functions.Function function, long from, long until) {}

  public Timeline {
    spans = List.copyOf(spans);
  }
}
