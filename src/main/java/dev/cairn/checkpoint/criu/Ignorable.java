package dev.cairn.checkpoint.criu;

import java.util.Locale;

/// What of a dumped process is not carried and may not matter to its program.
public enum Ignorable {
  /// Keys by which it signs addresses; programs that were not built to do so do not notice.
  PAC_KEYS("it has keys to sign addresses with (pointer authentication)"),
  /// Mount points, process numbers, networks of its own.
  NAMESPACES("it is in namespaces of its own"),
  /// How it is scheduled.
  SCHEDULING("it has a priority or a way of being scheduled of its own"),
  /// That `membarrier` was prepared.
  MEMBARRIER("it has registered for membarrier");

  private final String what;

  Ignorable(String what) {
    this.what = what;
  }

  /// {@return what of the process it is}
  String what() {
    return what;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
