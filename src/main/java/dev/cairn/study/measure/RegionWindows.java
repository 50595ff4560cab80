package dev.cairn.study.measure;

import dev.cairn.capture.Observation;
import dev.cairn.capture.Window;
import dev.cairn.sampling.Region;
import dev.cairn.study.scope.Pieces;
import dev.cairn.timing.TimingWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The regions of a study as stretches of the run that are observed without a gap.
///
/// Regions whose warm-ups reach into the region before are timed in one stretch, the core keeping
/// its state from one to the next; every stretch begins with an empty core. So a result does not
/// depend on how stretches are shared out among jobs. What a scope leaves out is no gap, see
/// [Pieces].
public final class RegionWindows {
  /// Regions timed in one stretch.
  ///
  /// @param order of each window's region in the list that was given
  public record Stretch(List<TimingWindow> windows, List<Integer> order) {
    /// {@return what is observed, by the clock}
    public Window window() {
      return new Window(windows.getFirst().warmFrom(), windows.getLast().until());
    }

    /// {@return how many instructions are observed}
    public long instructions() {
      return windows.getLast().until() - windows.getFirst().warmFrom();
    }
  }

  private RegionWindows() {}

  /// {@return all regions in stretches, in the order of execution, by the clock of the pieces}
  public static List<Stretch> of(List<Region> regions, Pieces pieces) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < regions.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> regions.get(i).startInstruction()));
    List<Stretch> stretches = new ArrayList<>();
    List<TimingWindow> windows = new ArrayList<>();
    List<Integer> members = new ArrayList<>();
    for (int i : order) {
      Region region = regions.get(i);
      long from = pieces.clock(region.startInstruction());
      long warmFrom = from - region.warmupInstructions();
      if (!windows.isEmpty()) {
        long before = windows.getLast().until();
        if (warmFrom - before < Observation.Streaming.APART_INSTRUCTIONS) {
          warmFrom = before;
        } else {
          stretches.add(new Stretch(List.copyOf(windows), List.copyOf(members)));
          windows.clear();
          members.clear();
        }
      }
      windows.add(new TimingWindow(warmFrom, from, from + region.instructions()));
      members.add(i);
    }
    stretches.add(new Stretch(List.copyOf(windows), List.copyOf(members)));
    return stretches;
  }

  /// {@return the stretches shared out among jobs, each a run of neighbours, so that all end at
  /// about the same time}
  ///
  /// @param timingCost how many instructions are fast-forwarded in the time that one is timed
  public static List<List<Stretch>> share(List<Stretch> stretches, int jobs, double timingCost) {
    double low = 0;
    double high = cost(stretches, 0, stretches.size(), timingCost);
    for (int step = 0; step < 60; step++) {
      double limit = (low + high) / 2;
      if (split(stretches, limit, timingCost).size() <= jobs
          && fits(stretches, limit, timingCost)) {
        high = limit;
      } else {
        low = limit;
      }
    }
    return split(stretches, high, timingCost);
  }

  private static boolean fits(List<Stretch> stretches, double limit, double timingCost) {
    for (int i = 0; i < stretches.size(); i++) {
      if (cost(stretches, i, i + 1, timingCost) > limit) {
        return false;
      }
    }
    return true;
  }

  private static List<List<Stretch>> split(
      List<Stretch> stretches, double limit, double timingCost) {
    List<List<Stretch>> shares = new ArrayList<>();
    int first = 0;
    for (int i = 1; i <= stretches.size(); i++) {
      if (i == stretches.size() || cost(stretches, first, i + 1, timingCost) > limit) {
        shares.add(List.copyOf(stretches.subList(first, i)));
        first = i;
      }
    }
    return shares;
  }

  /// A job goes fast to its first stretch and ends behind its last one.
  private static double cost(List<Stretch> stretches, int from, int until, double timingCost) {
    double cost = stretches.get(until - 1).window().until();
    for (int i = from; i < until; i++) {
      cost += stretches.get(i).instructions() * timingCost;
    }
    return cost;
  }
}
