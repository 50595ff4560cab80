package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.profile.CodePosition;
import dev.cairn.profile.Profile;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.profile.ThreadProfile;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.AArch64;
import dev.cairn.sampling.Region;
import dev.cairn.sampling.Regions;
import dev.cairn.study.directory.StudyException;
import dev.cairn.study.scope.Pieces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Gives the regions that were chosen of a scope their positions in the whole run.
///
/// The profile of a scope does not know how often an instruction was reached outside of it. So the
/// guest runs once more, its blocks counted, up to the last region.
final class PlaceStage {
  /// The length of intervals behind the last position, where the guest is ended.
  private static final long TAIL_INSTRUCTIONS = 10_000;

  private PlaceStage() {}

  /// {@return the regions in counts of the run}
  ///
  /// @param chosen in counts of the scope
  /// @param warmupInstructions before each region, where the run has so many
  /// @throws StudyException if the guest did not run as it did when it was profiled
  static Regions place(
      Regions chosen,
      Pieces pieces,
      long warmupInstructions,
      SilentGuest guest,
      RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    Map<Long, CodePosition> places = new HashMap<>();
    if (pieces.first() > guest.executed() || !pieces.isContiguous()) {
      places = places(positions(chosen, pieces), guest, observer);
    }
    List<Region> points = new ArrayList<>();
    for (Region region : chosen.simulationPoints()) {
      points.add(placed(region, pieces, warmup(region, pieces, warmupInstructions, guest), places));
    }
    List<Region> measured = new ArrayList<>();
    for (Region region : chosen.measured()) {
      measured.add(
          placed(region, pieces, warmup(region, pieces, warmupInstructions, guest), places));
    }
    return chosen.in(
        new Regions.Extent(pieces.first(), pieces.position(pieces.endClock() - 1) + 1),
        points,
        measured);
  }

  /// {@return the counts of the run at which regions start and end}
  private static SortedSet<Long> positions(Regions chosen, Pieces pieces) {
    SortedSet<Long> positions = new TreeSet<>();
    List<Region> all = new ArrayList<>(chosen.simulationPoints());
    all.addAll(chosen.measured());
    for (Region region : all) {
      positions.add(start(region, pieces));
      if (region.end() != null) {
        positions.add(end(region, pieces));
      }
    }
    return positions;
  }

  private static long start(Region region, Pieces pieces) {
    return pieces.position(pieces.first() + region.startInstruction());
  }

  /// {@return where the next interval starts}
  private static long end(Region region, Pieces pieces) {
    return pieces.position(pieces.first() + region.startInstruction() + region.instructions());
  }

  private static Map<Long, CodePosition> places(
      SortedSet<Long> positions, SilentGuest guest, RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    List<Long> lengths = new ArrayList<>();
    Map<Long, Integer> intervals = new HashMap<>();
    long before = guest.executed();
    positions.remove(before); // where nothing has been reached
    for (long position : positions) {
      while (position > before) {
        long length = Math.min(position - before, Observation.Counting.LONGEST_INTERVAL);
        lengths.add(length);
        before += length;
      }
      intervals.put(position, lengths.size());
    }
    ProfileAnalysis analysis =
        new ProfileAnalysis(
            new AArch64(), TAIL_INSTRUCTIONS, ProfileAnalysis.KEEP_ALL, PlaceStage::nowhere);
    SilentGuest.Run run =
        guest.run(
            new Observation.Counting(
                analysis, TAIL_INSTRUCTIONS, Observation.Counting.Besides.NOTHING, lengths),
            observer);
    Profile profile = analysis.result();
    ThreadProfile thread = profile.threads().isEmpty() ? null : profile.threads().getFirst();
    Map<Long, CodePosition> places = new HashMap<>();
    for (Map.Entry<Long, Integer> interval : intervals.entrySet()) {
      CodePosition start = thread == null ? null : thread.start(interval.getValue());
      if (start != null) {
        places.put(interval.getKey(), start);
      }
    }
    run.refuseIfCut(places.size() == positions.size());
    if (places.size() < positions.size()) {
      throw SilentGuest.differs(
          "it ended after %,d instructions, and the scope did not"
              .formatted(run.result().instructions()));
    }
    return places;
  }

  private static @Nullable CodeLocation nowhere(long pc) {
    return null;
  }

  /// {@return the warm-up of a region, no longer than what the guest executes before it}
  private static long warmup(Region region, Pieces pieces, long most, SilentGuest guest) {
    return Math.min(most, pieces.first() + region.startInstruction() - guest.executed());
  }

  private static Region placed(
      Region region, Pieces pieces, long warmupInstructions, Map<Long, CodePosition> places)
      throws StudyException {
    long start = start(region, pieces);
    CodePosition place = places.getOrDefault(start, region.start());
    CodePosition known = region.start();
    if (known != null && place != null && known.pc() != place.pc()) {
      throw SilentGuest.differs(
          "after %,d instructions it stood at 0x%x instead of 0x%x"
              .formatted(start, place.pc(), known.pc()));
    }
    CodePosition end = region.end();
    return new Region(
        region.label(),
        region.interval(),
        start,
        region.instructions(),
        warmupInstructions,
        region.weight(),
        place,
        end == null ? null : places.getOrDefault(end(region, pieces), end));
  }
}
