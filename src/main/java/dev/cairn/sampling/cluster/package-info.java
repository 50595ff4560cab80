/// Groups the intervals of a run by what code they execute: random projection, k-means, and the
/// choice of how many clusters to keep (SimPoint's method). Knows `profile`; knows nothing of
/// regions, files or estimates.
@NullMarked
package dev.cairn.sampling.cluster;

import org.jspecify.annotations.NullMarked;
