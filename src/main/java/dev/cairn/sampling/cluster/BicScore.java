package dev.cairn.sampling.cluster;

/// How well the best clustering with a number of clusters describes the intervals, the number
/// itself counted against it.
///
/// The Bayesian information criterion of a mixture of spherical Gaussians with one common variance,
/// each point of which belongs to one cluster:
///
/// ```text
/// n intervals, d dimensions, k clusters, W_c the weight of cluster c, D the distortion, ΣW = 1
/// σ²  = max(D / d, 1e-16)
/// L   = n (Σ W_c ln W_c − d/2 (ln(2πσ²) + 1))
/// BIC = L − (k − 1 + k d + 1)/2 · ln n
/// ```
///
/// Source: Pelleg and Moore, "X-means", ICML 2000, section 3.2; the form with the variance's
/// maximum-likelihood estimate and weighted points that SimPoint 3 uses (Hamerly, Perelman, Lau and
/// Calder, "SimPoint 3.0", JILP 2005), but for its constant −n ln ΣW = 0 and for the floor of the
/// variance: without it, a clustering that fits exactly scores infinity, and differences of
/// rounding decide. 1e-16 is a distance of 1e-8, the vectors having length 1.
///
/// @param clusters how many clusters were asked for
/// @param bic the score, higher is better
/// @param distortion Σ weight × distance², the weights summing to 1
/// @param trial which of the seeds gave it, from 0
public record BicScore(int clusters, double bic, double distortion, int trial) {
  private static final double LEAST_VARIANCE = 1e-16;

  static BicScore of(PointSet points, Clustering clustering, int asked, int trial) {
    double n = points.size();
    double d = points.dimensions();
    double[] clusterWeights = new double[clustering.clusters()];
    for (int i = 0; i < points.size(); i++) {
      clusterWeights[clustering.labels()[i]] += points.weights()[i];
    }
    double mixture = 0;
    for (double weight : clusterWeights) {
      mixture += weight * Math.log(weight);
    }
    double variance = Math.max(clustering.distortion() / d, LEAST_VARIANCE);
    double likelihood = n * (mixture - d / 2 * (Math.log(2 * Math.PI * variance) + 1));
    double parameters = clustering.clusters() * (d + 1);
    double bic = likelihood - parameters / 2 * Math.log(n);
    return new BicScore(asked, bic, clustering.distortion(), trial);
  }
}
