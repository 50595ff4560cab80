package dev.cairn.checkpoint.criu;

/// What CRIU says of a range of memory besides how it is mapped: bits of `vma_entry.status`.
final class VmaStatus {
  static final int REGULAR = 1;
  static final int STACK = 1 << 1;
  static final int VDSO = 1 << 3;
  static final int HEAP = 1 << 5;
  static final int FILE_PRIVATE = 1 << 6;
  static final int FILE_SHARED = 1 << 7;
  static final int ANONYMOUS_SHARED = 1 << 8;
  static final int ANONYMOUS_PRIVATE = 1 << 9;
  static final int SYSTEM_V = 1 << 10;
  static final int SOCKET = 1 << 11;
  static final int VVAR = 1 << 12;
  static final int AIO_RING = 1 << 13;
  static final int MEMFD = 1 << 14;
  static final int SHADOW_STACK = 1 << 15;
  static final int PLUGIN = 1 << 27;

  /// `MAP_SHARED`, `MAP_PRIVATE`, `MAP_ANONYMOUS` and `MAP_GROWSDOWN`, of `vma_entry.flags`.
  static final int MAP_SHARED = 0x1;

  static final int MAP_PRIVATE = 0x2;

  static final int MAP_ANONYMOUS = 0x20;
  static final int MAP_GROWSDOWN = 0x100;

  private VmaStatus() {}
}
