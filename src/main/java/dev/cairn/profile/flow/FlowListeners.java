package dev.cairn.profile.flow;

import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Several listeners as one, each told in the order given.
///
/// They are kept as pairs and not in an array, so that each call in the code is to one class and
/// the compiler can put its code in place.
public final class FlowListeners {
  private FlowListeners() {}

  /// {@return a listener that tells all; one that hears of moves only if one of them does}
  public static FlowListener of(List<FlowListener> listeners) {
    FlowListener first = listeners.getFirst();
    if (listeners.size() == 1) {
      return first;
    }
    FlowListener rest = of(listeners.subList(1, listeners.size()));
    MoveListener firstMoves = first instanceof MoveListener moves ? moves : null;
    MoveListener restMoves = rest instanceof MoveListener moves ? moves : null;
    return firstMoves == null && restMoves == null
        ? new Calls(first, rest)
        : new Moves(first, rest, firstMoves, restMoves);
  }

  private static class Calls implements FlowListener {
    private final FlowListener first;
    private final FlowListener rest;

    Calls(FlowListener first, FlowListener rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public void defined(FlowBlock block) {
      first.defined(block);
      rest.defined(block);
    }

    @Override
    public void entered(Activation activation, int block, long instructions) {
      first.entered(activation, block, instructions);
      rest.entered(activation, block, instructions);
    }

    @Override
    public void left(Activation activation, long instructions) {
      first.left(activation, instructions);
      rest.left(activation, instructions);
    }

    @Override
    public void resumed(Activation activation, long instructions) {
      first.resumed(activation, instructions);
      rest.resumed(activation, instructions);
    }

    @Override
    public boolean takesRepeats(int function, boolean live) {
      return first.takesRepeats(function, live) && rest.takesRepeats(function, live);
    }

    @Override
    public void beginRepeats(long times) {
      first.beginRepeats(times);
      rest.beginRepeats(times);
    }

    @Override
    public void endRepeats() {
      first.endRepeats();
      rest.endRepeats();
    }

    @Override
    public void settleBy(IntConsumer settle) {
      first.settleBy(settle);
      rest.settleBy(settle);
    }

    @Override
    public void passed(int function, int block) {
      first.passed(function, block);
      rest.passed(function, block);
    }
  }

  private static final class Moves extends Calls implements MoveListener {
    private final @Nullable MoveListener first;
    private final @Nullable MoveListener rest;

    Moves(
        FlowListener first,
        FlowListener rest,
        @Nullable MoveListener firstMoves,
        @Nullable MoveListener restMoves) {
      super(first, rest);
      this.first = firstMoves;
      this.rest = restMoves;
    }

    @Override
    public void moved(Activation activation, int from, int to, long instructions) {
      if (first != null) {
        first.moved(activation, from, to, instructions);
      }
      if (rest != null) {
        rest.moved(activation, from, to, instructions);
      }
    }

    @Override
    public void executed(Activation activation, int block, int count, long instructions) {
      if (first != null) {
        first.executed(activation, block, count, instructions);
      }
      if (rest != null) {
        rest.executed(activation, block, count, instructions);
      }
    }

    @Override
    public void ran(
        Activation activation, int from, long[] words, int start, int until, long instructions) {
      if (first != null) {
        first.ran(activation, from, words, start, until, instructions);
      }
      if (rest != null) {
        rest.ran(activation, from, words, start, until, instructions);
      }
    }

    @Override
    public void wentRound(
        Activation activation, long[] words, int start, int until, long rounds, long instructions) {
      if (first != null) {
        first.wentRound(activation, words, start, until, rounds, instructions);
      }
      if (rest != null) {
        rest.wentRound(activation, words, start, until, rounds, instructions);
      }
    }
  }
}
