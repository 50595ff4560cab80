package dev.cairn.timing.core;

/// One execution of a block or of a part of it, with its accesses and where it went: a flyweight
/// that is set and handed to a [CoreModel] again and again.
public final class Execution {
  private int block;
  private int first;
  private int end;
  private long[] words = new long[0];
  private int firstAccess;
  private int endAccess;
  private boolean nextKnown;
  private long nextPc;
  private boolean interrupted;

  /// Says what was executed.
  ///
  /// @param first index in the block of the first instruction
  /// @param end index after the last
  /// @param words holds access words ([dev.cairn.event.EventWord]); not kept
  /// @param firstAccess index in `words` of the first access of these instructions
  /// @param endAccess index after the last
  public void set(int block, int first, int end, long[] words, int firstAccess, int endAccess) {
    this.block = block;
    this.first = first;
    this.end = end;
    this.words = words;
    this.firstAccess = firstAccess;
    this.endAccess = endAccess;
    nextKnown = false;
    interrupted = false;
  }

  /// Says where the thread went, or would have gone but for a signal.
  ///
  /// @param interrupted whether a signal took it elsewhere
  public void next(long nextPc, boolean interrupted) {
    nextKnown = true;
    this.nextPc = nextPc;
    this.interrupted = interrupted;
  }

  public int block() {
    return block;
  }

  public int first() {
    return first;
  }

  public int end() {
    return end;
  }

  public long[] words() {
    return words;
  }

  public int firstAccess() {
    return firstAccess;
  }

  public int endAccess() {
    return endAccess;
  }

  /// {@return whether [#nextPc] is known; not at the end of what was observed}
  public boolean nextKnown() {
    return nextKnown;
  }

  /// {@return the address of the instruction that follows, by the program's own control flow}
  public long nextPc() {
    return nextPc;
  }

  /// {@return whether a signal took the thread away behind these instructions}
  public boolean interrupted() {
    return interrupted;
  }
}
