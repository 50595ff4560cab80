package dev.cairn.study;

import dev.cairn.sampling.Estimate;
import dev.cairn.sampling.Regions;
import dev.cairn.study.measure.Measurement;
import dev.cairn.study.measure.Measurements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Turns measurements into what a study says.
final class Conclusion {
  private Conclusion() {}

  /// @param scope null for a whole run
  /// @param regions null if the run was timed whole
  /// @param full null if not asked for
  static StudyResult of(
      ProfileSummary profile,
      StudyResult.@Nullable ScopeResult scope,
      @Nullable Regions regions,
      Measurements measurements,
      @Nullable Measurement full) {
    Estimate cpi = estimate(regions, measurements, Measurement::cycles);
    Map<String, Estimate> stack = new LinkedHashMap<>();
    Map<String, Estimate> events = new LinkedHashMap<>();
    Measurement first = measurements.regions().getFirst();
    for (String name : first.cycleStack().keySet()) {
      stack.put(name, estimate(regions, measurements, m -> m.cycleStack().getOrDefault(name, 0L)));
    }
    for (String name : first.events().keySet()) {
      events.put(
          name,
          estimate(regions, measurements, m -> m.events().getOrDefault(name, 0L)).times(1000));
    }
    return new StudyResult(
        profile.instructions(),
        scope,
        profile.intervalInstructions(),
        profile.intervals(),
        regions == null ? 0 : regions.simulationPoints().size(),
        measurements.regions().size(),
        measurements.instructions(),
        measurements.whole(),
        measurements.core(),
        cpi,
        stack,
        events,
        full == null ? null : fullResult(cpi, full),
        profile.guestStatus());
  }

  private static Estimate estimate(
      @Nullable Regions regions, Measurements measurements, ToLongFunction<Measurement> count) {
    List<Measurement> measured = measurements.regions();
    if (regions == null) {
      Measurement whole = measured.getFirst();
      return whole.perInstruction(count.applyAsLong(whole));
    }
    double[] counts = measured.stream().mapToDouble(count::applyAsLong).toArray();
    long[] instructions = measured.stream().mapToLong(Measurement::instructions).toArray();
    return regions.estimate(counts, instructions);
  }

  private static StudyResult.FullResult fullResult(Estimate cpi, Measurement full) {
    Map<String, Double> events = new LinkedHashMap<>();
    full.events().forEach((name, count) -> events.put(name, 1000.0 * count / full.instructions()));
    return new StudyResult.FullResult(full.cpi(), (cpi.value() - full.cpi()) / full.cpi(), events);
  }
}
