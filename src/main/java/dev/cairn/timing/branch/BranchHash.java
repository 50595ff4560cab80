package dev.cairn.timing.branch;

/// The folding of a branch address that all tables index by.
///
/// Instructions may lie on any byte, so low bits that never change on a fixed-length instruction
/// set are mixed in rather than cut off.
final class BranchHash {
  private BranchHash() {}

  static int of(long pc) {
    long mixed = pc * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32);
  }
}
