/// Which parts of a run to measure, and what the measurements say about all of it: SimPoint's
/// regions, a stratified random sample, and estimates with their errors. Knows `profile` and
/// `event`; knows nothing of how a region is reached or measured.
///
/// [RegionSelector] turns basic-block vectors into a [RegionSelection]; [Regions] adds positions
/// and is what `regions.json` holds; [StratifiedEstimator] turns what was measured into an
/// [Estimate]. `docs/sampling.md` explains the method.
@NullMarked
package dev.cairn.sampling;

import org.jspecify.annotations.NullMarked;
