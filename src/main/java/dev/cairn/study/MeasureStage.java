package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.Window;
import dev.cairn.event.Analysis;
import dev.cairn.profile.CodePosition;
import dev.cairn.program.isa.AArch64;
import dev.cairn.sampling.Region;
import dev.cairn.study.checkpoint.CheckpointRun;
import dev.cairn.study.directory.StudyException;
import dev.cairn.study.measure.Measured;
import dev.cairn.study.measure.Measurement;
import dev.cairn.study.measure.RegionStarts;
import dev.cairn.study.measure.RegionWindows;
import dev.cairn.study.measure.TimedScope;
import dev.cairn.study.scope.PieceCut;
import dev.cairn.study.scope.Pieces;
import dev.cairn.study.scope.StudyScope;
import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.TimingAnalysis;
import dev.cairn.timing.TimingWindow;
import dev.cairn.timing.WindowResult;
import dev.cairn.timing.core.CoreCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Times regions of a guest's run, or all of it.
final class MeasureStage {
  /// About how many instructions a guest executes unobserved in the time that one is timed.
  private static final double TIMING_COST = 20;

  private final SilentGuest guest;
  private final CoreConfiguration core;
  private final StudyScope scope;
  private final long warmupInstructions;

  /// @param scope what is timed
  /// @param warmupInstructions before the scope
  MeasureStage(
      SilentGuest guest, CoreConfiguration core, StudyScope scope, long warmupInstructions) {
    this.guest = guest;
    this.core = core;
    this.scope = scope;
    this.warmupInstructions = warmupInstructions;
  }

  /// Times every instruction, as `cairn time` does.
  ///
  /// @param expectedInstructions as the profile counted
  Measurement whole(long expectedInstructions, RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    TimedScope timed = new TimedScope(core, scope.window(), warmupInstructions, guest.executed());
    SilentGuest.Run run = guest.run(timed.observation(), observer);
    CoreCounts counts = timed.counts();
    long executed = counts.instructions();
    run.refuseIfCut(!scope.isWholeRun() && executed == expectedInstructions);
    if (executed != expectedInstructions) {
      throw SilentGuest.differs(
          "it executed %,d instructions after %,d".formatted(executed, expectedInstructions));
    }
    return Measured.of(-1, timed.seen(run.result(), executed).first(), counts);
  }

  /// Times regions.
  ///
  /// @param pieces of the scope that the regions are of
  /// @param jobs how many guests run at a time; when one fails the others are ended at once
  /// @return a measurement for each region, in the same order
  List<Measurement> regions(List<Region> regions, Pieces pieces, int jobs, RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    List<List<RegionWindows.Stretch>> shares =
        RegionWindows.share(RegionWindows.of(regions, pieces), jobs, TIMING_COST);
    Measurement[] results = new Measurement[regions.size()];
    if (shares.size() == 1) {
      measure(regions, pieces, shares.getFirst(), results, observer, guest::run);
    } else {
      List<RunObserver> parts = parts(observer, shares.size());
      List<Callable<Void>> works = new ArrayList<>();
      for (int i = 0; i < shares.size(); i++) {
        List<RegionWindows.Stretch> share = shares.get(i);
        RunObserver part = parts.get(i);
        works.add(() -> {
          measure(regions, pieces, share, results, part, guest::run);
          return null;
        });
      }
      together(works);
    }
    return List.of(results);
  }

  /// Times regions, each stretch of them from a checkpoint.
  ///
  /// @param store the folder of checkpoints; a stretch without one is run to
  /// @param jobs how many guests run at a time; when one fails the others are ended at once
  /// @return a measurement for each region, in the same order
  List<Measurement> regionsFrom(
      Path store, List<Region> regions, Pieces pieces, int jobs, RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    Queue<Task> left = new ConcurrentLinkedQueue<>(tasks(store, regions, pieces));
    Measurement[] results = new Measurement[regions.size()];
    int works = Math.min(jobs, left.size());
    List<Callable<Void>> all = new ArrayList<>();
    for (RunObserver part : parts(observer, works)) {
      all.add(() -> {
        RunsInARow seen = new RunsInARow(part);
        for (Task next = left.poll(); next != null; next = left.poll()) {
          measure(regions, pieces, next.stretches(), results, seen, next.start());
          seen.runEnds();
        }
        return null;
      });
    }
    together(all);
    return List.of(results);
  }

  /// What one guest measures, and how it comes there.
  private record Task(List<RegionWindows.Stretch> stretches, Start start) {}

  /// {@return a task for each stretch with a checkpoint, behind one for all that have none}
  private List<Task> tasks(Path store, List<Region> regions, Pieces pieces) {
    List<Task> tasks = new ArrayList<>();
    List<RegionWindows.Stretch> without = new ArrayList<>();
    List<RegionWindows.Stretch> longestFirst = new ArrayList<>(RegionWindows.of(regions, pieces));
    longestFirst.sort(Comparator.comparingLong(RegionWindows.Stretch::instructions).reversed());
    for (RegionWindows.Stretch each : longestFirst) {
      Path checkpoint = store.resolve(CheckpointRun.name(StudyPlaces.first(each, pieces)));
      if (Files.isDirectory(checkpoint)) {
        tasks.add(
            new Task(List.of(each), (observation, own) -> guest.run(checkpoint, observation, own)));
      } else {
        without.add(each);
      }
    }
    if (!without.isEmpty()) {
      without.sort(Comparator.comparingLong(each -> each.window().from()));
      tasks.addFirst(new Task(without, guest::run));
    }
    return tasks;
  }

  /// Adds up the progress of runs one behind the other.
  private static final class RunsInARow implements RunObserver {
    private final RunObserver sum;
    private long before;
    private long current;

    RunsInARow(RunObserver sum) {
      this.sum = sum;
    }

    @Override
    public void progress(long instructions) {
      current = instructions;
      sum.progress(before + instructions);
    }

    void runEnds() {
      before += current;
      current = 0;
    }
  }

  /// How a guest comes to what is measured.
  private interface Start {
    SilentGuest.Run run(Observation observation, RunObserver observer)
        throws CaptureException, IOException;
  }

  /// Does all at a time. The first that fails interrupts the others, and it alone is told of.
  private static void together(List<Callable<Void>> works)
      throws CaptureException, IOException, StudyException, CutStudyException {
    try (ExecutorService executor = Executors.newFixedThreadPool(works.size())) {
      ExecutorCompletionService<Void> ended = new ExecutorCompletionService<>(executor);
      works.forEach(ended::submit);
      try {
        for (int i = 0; i < works.size(); i++) {
          ended.take().get();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CaptureException("measuring was interrupted", e);
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case CaptureException cause -> throw cause;
          case IOException cause -> throw cause;
          case StudyException cause -> throw cause;
          case CutStudyException cause -> throw cause;
          case null, default -> throw new IllegalStateException("measuring failed", e);
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  /// {@return observers whose progress adds up}
  private static List<RunObserver> parts(RunObserver whole, int count) {
    AtomicLong[] done = new AtomicLong[count];
    Arrays.setAll(done, i -> new AtomicLong());
    List<RunObserver> parts = new ArrayList<>();
    for (AtomicLong own : done) {
      parts.add(instructions -> {
        own.set(instructions);
        synchronized (done) {
          whole.progress(Arrays.stream(done).mapToLong(AtomicLong::get).sum());
        }
      });
    }
    return parts;
  }

  private void measure(
      List<Region> regions,
      Pieces pieces,
      List<RegionWindows.Stretch> stretches,
      Measurement[] results,
      RunObserver observer,
      Start start)
      throws CaptureException, IOException, StudyException, CutStudyException {
    List<TimingWindow> timed = new ArrayList<>();
    List<Window> observed = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (RegionWindows.Stretch stretch : stretches) {
      timed.addAll(stretch.windows());
      observed.addAll(pieces.windows(stretch.window().from(), stretch.window().until()));
      order.addAll(stretch.order());
    }
    TimingAnalysis timing = new TimingAnalysis(new AArch64(), core, 0, timed);
    RegionStarts starts = new RegionStarts(timed.stream().mapToLong(TimingWindow::from).toArray());
    List<Analysis<?>> analyses = List.of(timing, starts);
    if (!pieces.isContiguous()) {
      analyses = List.of(new PieceCut(pieces, 0, analyses));
    }
    SilentGuest.Run run = start.run(new Observation.Streaming(analyses, 0, observed), observer);
    List<WindowResult> windows = timing.result().windows();
    boolean complete = true;
    for (int i = 0; i < order.size(); i++) {
      complete &=
          windows.get(i).counts().instructions() == regions.get(order.get(i)).instructions();
    }
    run.refuseIfCut(complete);
    long[] pcs = starts.result();
    for (int i = 0; i < order.size(); i++) {
      Region region = regions.get(order.get(i));
      WindowResult window = windows.get(i);
      if (window.counts().instructions() != region.instructions()) {
        throw SilentGuest.differs(
            "it ended %,d instructions behind the start of interval %d, which has %,d"
                .formatted(
                    window.counts().instructions(), region.interval(), region.instructions()));
      }
      CodePosition place = region.start();
      if (place != null && place.pc() != pcs[i]) {
        throw SilentGuest.differs(
            "after %,d instructions it stood at 0x%x instead of 0x%x"
                .formatted(region.startInstruction(), pcs[i], place.pc()));
      }
      results[order.get(i)] =
          Measured.of(region.interval(), region.startInstruction(), window.counts());
    }
  }
}
