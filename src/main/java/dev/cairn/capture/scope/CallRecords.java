package dev.cairn.capture.scope;

import dev.cairn.event.Analysis;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.util.List;
import java.util.TreeMap;

/// Keeps what was told of a thread's system calls until it is known whether they are looked at.
/// They are told in order, and so are the notes that decide.
final class CallRecords {
  private final TreeMap<Long, SystemCall> calls = new TreeMap<>();
  private final TreeMap<Long, SystemReturn> returns = new TreeMap<>();

  private boolean unused = true;

  /// {@return whether nothing has been told}
  boolean isUnused() {
    return unused;
  }

  void add(SystemCall call) {
    unused = false;
    calls.put(call.index(), call);
  }

  void add(SystemReturn result) {
    unused = false;
    returns.put(result.index(), result);
  }

  /// A call's note has come: tells of it, if anybody is to hear, and forgets it and those before.
  void call(long index, List<Analysis<?>> hearers) {
    SystemCall call = calls.get(index);
    calls.headMap(index, true).clear();
    if (call != null) {
      hearers.forEach(hearer -> hearer.systemCall(call));
    }
  }

  /// The same for a return.
  void result(long index, List<Analysis<?>> hearers) {
    SystemReturn result = returns.get(index);
    returns.headMap(index, true).clear();
    if (result != null) {
      hearers.forEach(hearer -> hearer.systemReturn(result));
    }
  }
}
