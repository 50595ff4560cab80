package dev.cairn.checkpoint.criu;

/// What CRIU says of a run of pages: bits of `pagemap_entry.flags`.
final class PagemapFlags {
  /// They are in the images that these ones only add to.
  static final int PARENT = 1;

  /// They may be restored when they are first used.
  static final int LAZY = 2;

  /// They are in the file of pages.
  static final int PRESENT = 4;

  private PagemapFlags() {}
}
