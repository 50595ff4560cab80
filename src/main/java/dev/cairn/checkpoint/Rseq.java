package dev.cairn.checkpoint;

/// What a thread has told the kernel of its restartable sequences, by the call `rseq`.
///
/// @param address of its `struct rseq`
/// @param bytes of that
/// @param signature that stands before each abort handler
public record Rseq(long address, int bytes, int signature) {
  public Rseq {
    if (address == 0 || bytes < 1) {
      throw new IllegalArgumentException(
          "no area of restartable sequences: 0x%x, %d bytes".formatted(address, bytes));
    }
  }
}
