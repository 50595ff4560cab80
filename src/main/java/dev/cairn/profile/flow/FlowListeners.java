package dev.cairn.profile.flow;

import java.util.List;

/// Several listeners as one, each told in the order given.
public final class FlowListeners {
  private FlowListeners() {}

  /// {@return a listener that tells all; one that hears of moves only if one of them does}
  public static FlowListener of(List<FlowListener> listeners) {
    if (listeners.size() == 1) {
      return listeners.getFirst();
    }
    List<MoveListener> moving =
        listeners.stream()
            .filter(MoveListener.class::isInstance)
            .map(MoveListener.class::cast)
            .toList();
    FlowListener[] all = listeners.toArray(FlowListener[]::new);
    return moving.isEmpty() ? new Calls(all) : new Moves(all, moving.toArray(MoveListener[]::new));
  }

  private static class Calls implements FlowListener {
    private final FlowListener[] all;

    Calls(FlowListener[] all) {
      this.all = all;
    }

    @Override
    public void defined(FlowBlock block) {
      for (FlowListener each : all) {
        each.defined(block);
      }
    }

    @Override
    public void entered(Activation activation, int block, long instructions) {
      for (FlowListener each : all) {
        each.entered(activation, block, instructions);
      }
    }

    @Override
    public void left(Activation activation, long instructions) {
      for (FlowListener each : all) {
        each.left(activation, instructions);
      }
    }

    @Override
    public void resumed(Activation activation, long instructions) {
      for (FlowListener each : all) {
        each.resumed(activation, instructions);
      }
    }
  }

  private static final class Moves extends Calls implements MoveListener {
    private final MoveListener[] moving;

    Moves(FlowListener[] all, MoveListener[] moving) {
      super(all);
      this.moving = moving;
    }

    @Override
    public void moved(Activation activation, int from, int to, long instructions) {
      for (MoveListener each : moving) {
        each.moved(activation, from, to, instructions);
      }
    }

    @Override
    public void executed(Activation activation, int block, int count, long instructions) {
      for (MoveListener each : moving) {
        each.executed(activation, block, count, instructions);
      }
    }
  }
}
