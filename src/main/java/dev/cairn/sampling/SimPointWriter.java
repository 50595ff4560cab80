package dev.cairn.sampling;

import dev.cairn.profile.AtomicFile;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Writes the three text files that SimPoint 3.2 writes, in its form, for tools that read them.
///
/// ```text
/// .simpoints  interval " " label         a line a cluster, in the order of labels
/// .weights    weight " " label           the same
/// .labels     label " " distance         a line an interval
/// ```
///
/// Intervals and labels count from 0. Numbers have six significant digits as in C's `%g`. The
/// weights are shares of instructions.
public final class SimPointWriter {
  private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  private SimPointWriter() {}

  /// Writes the representative of each cluster.
  public static void writeSimpoints(Path path, RegionSelection selection) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int label = 0; label < selection.representatives().length; label++) {
      text.append(selection.representatives()[label]).append(' ').append(label).append('\n');
    }
    write(path, text);
  }

  /// Writes the weight of each cluster.
  public static void writeWeights(Path path, RegionSelection selection) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int label = 0; label < selection.representativeWeights().length; label++) {
      double weight = selection.representativeWeights()[label];
      text.append(sixDigits(weight)).append(' ').append(label).append('\n');
    }
    write(path, text);
  }

  /// Writes the cluster of each interval, and its distance to the cluster's centre.
  public static void writeLabels(Path path, RegionSelection selection) throws IOException {
    int[] labels = selection.clustering().labels();
    double[] distances = selection.clustering().distances();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < labels.length; i++) {
      text.append(labels[i]).append(' ').append(sixDigits(distances[i])).append('\n');
    }
    write(path, text);
  }

  private static void write(Path path, StringBuilder text) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      file.stream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
      file.commit();
    }
  }

  /// {@return a finite number as C's `%g` prints it}
  static String sixDigits(double value) {
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return rounded.toPlainString();
    }
    String mantissa = rounded.movePointLeft(exponent).toPlainString();
    String sign = exponent < 0 ? "-" : "+";
    return "%se%s%02d".formatted(mantissa, sign, Math.abs(exponent));
  }
}
