package dev.cairn.capture.scope;

import dev.cairn.capture.Trigger;
import java.util.List;

/// How far a thread has come with its triggers: what the probe knows of a guest's, for a trace.
final class TriggerState {
  /// What an instruction means for the scope.
  enum Turn {
    NONE,
    OPENS,
    CLOSES,
    CLOSES_FOR_GOOD
  }

  private final List<Trigger> triggers;
  private final long[] seen;
  private long regions;

  /// Of regions that the thread is in.
  private long depth;

  /// Of the one that is the scope.
  private long scopeDepth;

  private boolean last;

  TriggerState(List<Trigger> triggers) {
    this.triggers = triggers;
    seen = new long[triggers.size()];
  }

  /// The thread comes to a trigger.
  ///
  /// @param open whether a trigger has opened the scope
  Turn reach(int index, boolean open) {
    Trigger trigger = triggers.get(index);
    boolean counted = ++seen[index] == trigger.count();
    return switch (trigger.action()) {
      case OPEN -> counted && !open ? Turn.OPENS : Turn.NONE;
      case CLOSE -> counted ? Turn.CLOSES_FOR_GOOD : Turn.NONE;
      case BEGIN -> begin(trigger.count(), open);
      case INNER -> {
        depth++;
        yield Turn.NONE;
      }
      case END -> end(open);
      case STOP -> Turn.NONE; // no part of a scope
    };
  }

  private Turn begin(long count, boolean open) {
    depth++;
    regions++;
    if (open || (count > 0 && regions != count)) {
      return Turn.NONE;
    }
    scopeDepth = depth;
    last = count > 0;
    return Turn.OPENS;
  }

  private Turn end(boolean open) {
    boolean closes = open && depth == scopeDepth;
    depth = Math.max(0, depth - 1);
    return !closes ? Turn.NONE : last ? Turn.CLOSES_FOR_GOOD : Turn.CLOSES;
  }
}
