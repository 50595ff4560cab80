package dev.cairn.event;

import java.util.HashMap;
import java.util.Map;

/// Shows an analysis a run in pieces, so that it learns of each system call and its return just
/// before the note of it, and not some thousand words before.
///
/// It takes a source that tells of system calls.
///
/// @param <R> the analysis's result
public final class CallsInPlace<R> extends Forwarding<R> {
  /// By index, of what is to be told when its note comes.
  private final Map<Long, SystemCall> waitingCalls = new HashMap<>();

  private final Map<Long, SystemReturn> waitingReturns = new HashMap<>();

  private Batch piece = new Batch(1 << 10);

  /// @param next learns of calls so
  public CallsInPlace(Analysis<R> next) {
    super(next);
  }

  @Override
  public void systemCall(SystemCall call) {
    waitingCalls.put(call.index(), call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    waitingReturns.put(result.index(), result);
  }

  @Override
  public void accept(Batch batch) {
    if (waitingCalls.isEmpty() && waitingReturns.isEmpty()) {
      super.accept(batch);
      return;
    }
    long[] words = batch.words();
    long position = batch.firstInstruction();
    int begin = 0;
    for (int i = 0; i < batch.length(); i++) {
      long word = words[i];
      if (EventWord.kind(word) != EventWord.NOTE) {
        continue;
      }
      boolean returns = EventWord.note(word) == EventWord.NOTE_RETURN;
      boolean calls = EventWord.note(word) == EventWord.NOTE_CALL;
      long index = EventWord.address(word);
      // a call whose note was not seen is told with its return
      SystemCall call = calls || returns ? waitingCalls.remove(index) : null;
      SystemReturn result = returns ? waitingReturns.remove(index) : null;
      if (call != null || result != null) {
        position = give(batch, begin, i, position);
        begin = i;
      }
      if (call != null) {
        super.systemCall(call);
      }
      if (result != null) {
        super.systemReturn(result);
      }
    }
    give(batch, begin, batch.length(), position);
  }

  /// @return how many instructions the thread has executed behind the piece
  private long give(Batch batch, int begin, int end, long position) {
    if (begin == end) {
      return position;
    }
    if (piece.words().length < end - begin || piece.hasValues() != batch.hasValues()) {
      piece = new Batch(batch.words().length, batch.hasValues());
    }
    Batch.copy(batch, begin, piece, 0, end - begin);
    piece.reset(batch.thread(), position, end - begin);
    super.accept(piece);
    return position + piece.instructions();
  }
}
