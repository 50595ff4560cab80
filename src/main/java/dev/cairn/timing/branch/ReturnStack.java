package dev.cairn.timing.branch;

/// The return addresses of the calls under way, the innermost on top.
///
/// A call too many overwrites the oldest; a return too many finds nothing.
final class ReturnStack {
  private final long[] addresses;
  private int top;
  private int size;

  ReturnStack(int entries) {
    addresses = new long[entries];
  }

  void push(long address) {
    top = top + 1 == addresses.length ? 0 : top + 1;
    addresses[top] = address;
    size = Math.min(size + 1, addresses.length);
  }

  /// {@return the address on top, which is taken off, or [BranchTargetBuffer#NONE]}
  long pop() {
    if (size == 0) {
      return BranchTargetBuffer.NONE;
    }
    long address = addresses[top];
    top = top == 0 ? addresses.length - 1 : top - 1;
    size--;
    return address;
  }

  void reset() {
    top = 0;
    size = 0;
  }
}
