package dev.cairn.program;

import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/// The hint that names what was probably meant.
public final class NearMiss {
  private NearMiss() {}

  /// {@return "; did you mean 'x'?" for the known name nearest to `name`, or nothing if none is
  /// near}
  public static String hint(String name, Collection<String> known) {
    String best = "";
    int bestDistance = Math.max(2, name.length() / 3) + 1;
    for (String candidate : new TreeSet<>(known)) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
  }

  /// {@return how many letters must be inserted, deleted or replaced to turn one into the other}
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
