package dev.cairn.memory.placement;

import java.util.Locale;

/// How a frame of physical memory is chosen for a page that is touched for the first time.
public enum PlacementModel {
  /// The frames in ascending order, as pages are touched first.
  FIRST_TOUCH,

  /// Any free frame, each as likely as any other.
  RANDOM,

  /// The frames in ascending order, but of huge pages: what is near in virtual memory is near in
  /// physical memory.
  HUGE_PAGES,

  /// The lowest free frame of the page's own colour: page and frame have the same number modulo the
  /// number of colours.
  ///
  /// Source: Kessler and Hill, "Page Placement Algorithms for Large Real-Indexed Caches", ACM TOCS
  /// 10(4), 1992, section 4.1, page coloring without its hash of the process.
  COLORING;

  /// {@return as users call it}
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
