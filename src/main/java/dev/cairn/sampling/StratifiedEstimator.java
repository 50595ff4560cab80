package dev.cairn.sampling;

import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;

/// Estimates a rate of the whole run, cycles or other events per instruction, from the intervals
/// that a [StratifiedSample] drew.
///
/// ```text
/// stratum h: W share of the run's instructions, N intervals, n of them measured,
///            y events and m instructions of each measured
/// r_h  = Σy / Σm
/// R    = Σ W_h r_h                                                 the estimate
/// s²_h = Σ (y − r_h m)² / (n − 1)  /  (Σm / n)²
/// v_h  = W_h² s²_h / n_h · (1 − n_h / N_h)                         0 if n_h = N_h
/// df   = (Σ v_h)² / Σ (v_h² / (n_h − 1))                           at least 1
/// half-width = t(df, confidence) · √Σ v_h
/// ```
///
/// With intervals of equal length, r_h is the mean of the intervals' rates and the estimate is
/// unbiased; the ratio matters for the one stratum that holds a shorter last interval. A variance
/// from two values is rough. Nothing is pooled to hide that: pooling needs the strata's deviations
/// to be alike, which block vectors do not promise. Instead the roughness widens the interval,
/// through few degrees of freedom.
///
/// Sources: Cochran, "Sampling Techniques", 3rd edition 1977, sections 5.3 and 5.4 (the variance,
/// and Satterthwaite's degrees of freedom) and 6.10 (the separate ratio estimate); Wunderlich,
/// Wenisch, Falsafi and Hoe, "SMARTS", ISCA 2003, for confidence intervals of CPI; two-phase
/// stratified sampling with block vectors as the first phase: Ekman, arXiv 2603.22605.
public final class StratifiedEstimator {
  /// The level that studies use.
  public static final double DEFAULT_CONFIDENCE = 0.95;

  /// What [Estimate#method] says if a part was measured.
  static final String STRATIFIED =
      "stratified random sample of intervals, Student's t with Satterthwaite's degrees of freedom";

  /// What [Estimate#method] says if all was measured.
  static final String WHOLE = "every interval measured";

  private StratifiedEstimator() {}

  /// Estimates a number of events per instruction; for events per 1 000 instructions, see
  /// [Estimate#times].
  ///
  /// @param counts events in each region measured, in the order of [StratifiedSample#draws]
  /// @param instructions of each region measured, in the same order
  public static Estimate perInstruction(
      StratifiedSample sample, double[] counts, long[] instructions, double confidence) {
    int measured = sample.draws().size();
    if (counts.length != measured || instructions.length != measured) {
      throw new IllegalArgumentException(
          "there must be %d counts and instructions, one per draw: %d and %d"
              .formatted(measured, counts.length, instructions.length));
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be between 0 and 1: " + confidence);
    }
    List<Stratum> strata = sample.strata();
    double[] rates = rates(sample, counts, instructions);
    double[] variances = variances(sample, counts, instructions, rates);
    double value = 0;
    double variance = 0;
    double spread = 0;
    boolean whole = true;
    for (int h = 0; h < rates.length; h++) {
      value += strata.get(h).weight() * rates[h];
      variance += variances[h];
      if (!strata.get(h).isWhole()) {
        whole = false;
        spread += variances[h] * variances[h] / (strata.get(h).draws() - 1);
      }
    }
    double halfWidth = 0;
    if (variance > 0) {
      double freedom = Math.max(1, variance * variance / spread);
      double t = TDistribution.of(freedom).inverseSurvivalProbability((1 - confidence) / 2);
      halfWidth = t * Math.sqrt(variance);
    }
    return new Estimate(value, confidence, halfWidth, whole ? WHOLE : STRATIFIED);
  }

  private static double[] rates(StratifiedSample sample, double[] counts, long[] instructions) {
    double[] events = new double[sample.strata().size()];
    double[] lengths = new double[events.length];
    for (int i = 0; i < counts.length; i++) {
      if (instructions[i] < 1) {
        throw new IllegalArgumentException(
            "instructions must be at least 1: " + instructions[i] + " of draw " + i);
      }
      if (!Double.isFinite(counts[i])) {
        throw new IllegalArgumentException("counts must be finite: " + counts[i] + " of draw " + i);
      }
      int h = sample.draws().get(i).stratum();
      events[h] += counts[i];
      lengths[h] += instructions[i];
    }
    double[] rates = new double[events.length];
    for (int h = 0; h < rates.length; h++) {
      rates[h] = events[h] / lengths[h];
    }
    return rates;
  }

  private static double[] variances(
      StratifiedSample sample, double[] counts, long[] instructions, double[] rates) {
    double[] squares = new double[rates.length];
    double[] lengths = new double[rates.length];
    for (int i = 0; i < counts.length; i++) {
      int h = sample.draws().get(i).stratum();
      double residual = counts[i] - rates[h] * instructions[i];
      squares[h] += residual * residual;
      lengths[h] += instructions[i];
    }
    double[] variances = new double[rates.length];
    for (int h = 0; h < rates.length; h++) {
      Stratum stratum = sample.strata().get(h);
      if (!stratum.isWhole()) {
        double n = stratum.draws();
        double meanLength = lengths[h] / n;
        double deviation = squares[h] / (n - 1) / (meanLength * meanLength);
        double unmeasured = 1 - n / stratum.intervals();
        variances[h] = stratum.weight() * stratum.weight() * deviation / n * unmeasured;
      }
    }
    return variances;
  }
}
