package dev.cairn.report;

import dev.cairn.study.ProfileSummary;

/// What `cairn profile` prints for people.
///
/// Put together by hand: a formatter first loads what it knows of the world's languages, which
/// takes longer than the rest of the command behind the guest's end.
public final class ProfileText {
  private static final int NUMBER_WIDTH = 20;
  private static final long NANOS_IN_HUNDREDTH = 10_000_000;

  private ProfileText() {}

  /// {@return the whole report, lines ended}
  ///
  /// @param elapsedNanos host time of the run
  /// @param place where the profile is kept
  public static String of(ProfileSummary summary, long elapsedNanos, String place) {
    StringBuilder text = new StringBuilder("\n");
    line(text, grouped(summary.instructions()));
    text.append("instructions in ").append(grouped(summary.intervals()));
    text.append(summary.intervals() == 1 ? " interval of " : " intervals of ");
    text.append(grouped(summary.intervalInstructions())).append('\n');
    line(text, grouped(summary.blocks()));
    text.append("basic blocks\n");
    line(text, seconds(elapsedNanos));
    text.append("seconds\n\n  The profile is in ").append(place).append('\n');
    return text.toString();
  }

  private static void line(StringBuilder text, String number) {
    text.append("  ").repeat(' ', Math.max(0, NUMBER_WIDTH - number.length()));
    text.append(number).append("  ");
  }

  /// {@return a number of 0 or more in groups of three digits}
  private static String grouped(long number) {
    StringBuilder text = new StringBuilder(Long.toString(number));
    for (int at = text.length() - 3; at > 0; at -= 3) {
      text.insert(at, ',');
    }
    return text.toString();
  }

  private static String seconds(long nanos) {
    long hundredths = (nanos + NANOS_IN_HUNDREDTH / 2) / NANOS_IN_HUNDREDTH;
    long rest = hundredths % 100;
    return hundredths / 100 + (rest < 10 ? ".0" : ".") + rest;
  }
}
