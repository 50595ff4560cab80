package dev.cairn.event;

import java.util.List;
import java.util.TreeMap;

/// Keeps what was told of a thread's system calls until their notes come, and tells it then. They
/// are told in order, and so are the notes.
public final class CallRecords {
  private final TreeMap<Long, SystemCall> calls = new TreeMap<>();
  private final TreeMap<Long, SystemReturn> returns = new TreeMap<>();

  private boolean unused = true;

  /// {@return whether nothing has been told}
  public boolean isUnused() {
    return unused;
  }

  /// {@return whether nothing waits for its note}
  public boolean isEmpty() {
    return calls.isEmpty() && returns.isEmpty();
  }

  /// Keeps a call.
  public void add(SystemCall call) {
    unused = false;
    calls.put(call.index(), call);
  }

  /// Keeps a return.
  public void add(SystemReturn result) {
    unused = false;
    returns.put(result.index(), result);
  }

  /// A note has come: tells of the call or return that it names, if anybody is to hear, and forgets
  /// it and those before. Takes no interest in other notes.
  public void tell(long note, List<? extends Analysis<?>> hearers) {
    switch (EventWord.note(note)) {
      case EventWord.NOTE_CALL -> call(EventWord.address(note), hearers);
      case EventWord.NOTE_RETURN -> result(EventWord.address(note), hearers);
      default -> {}
    }
  }

  private void call(long index, List<? extends Analysis<?>> hearers) {
    SystemCall call = calls.get(index);
    calls.headMap(index, true).clear();
    if (call != null) {
      hearers.forEach(hearer -> hearer.systemCall(call));
    }
  }

  private void result(long index, List<? extends Analysis<?>> hearers) {
    SystemReturn result = returns.get(index);
    returns.headMap(index, true).clear();
    if (result != null) {
      hearers.forEach(hearer -> hearer.systemReturn(result));
    }
  }
}
