package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.Window;
import dev.cairn.profile.CodePosition;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import dev.cairn.sampling.Region;
import dev.cairn.timing.CoreConfiguration;
import dev.cairn.timing.TimingAnalysis;
import dev.cairn.timing.TimingWindow;
import dev.cairn.timing.WindowResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Times regions of a guest's run, or all of it.
final class MeasureStage {
  /// About how many instructions a guest executes unobserved in the time that one is timed.
  private static final double TIMING_COST = 20;

  private final GuestRunner runner;
  private final GuestCommand command;
  private final GuestProgram program;
  private final @Nullable Path input;
  private final Path folder;
  private final CoreConfiguration core;

  /// @param program the command's program, as it was found
  /// @param input what each run reads, or null for this process's own
  /// @param folder for what the guest writes and nobody wants
  MeasureStage(
      GuestRunner runner,
      GuestCommand command,
      GuestProgram program,
      @Nullable Path input,
      Path folder,
      CoreConfiguration core) {
    this.runner = runner;
    this.command = command;
    this.program = program;
    this.input = input;
    this.folder = folder;
    this.core = core;
  }

  /// Times every instruction.
  ///
  /// @param expectedInstructions as the profile counted
  Measurement whole(long expectedInstructions, RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    TimingAnalysis timing =
        new TimingAnalysis(new AArch64(), core, 0, List.of(new TimingWindow(0, 0, Long.MAX_VALUE)));
    run(Observation.Streaming.everything(timing), observer).refuseIfCut(false);
    WindowResult result = timing.result().windows().getFirst();
    if (result.counts().instructions() != expectedInstructions) {
      throw differs(
          "it executed %,d instructions after %,d"
              .formatted(result.counts().instructions(), expectedInstructions));
    }
    return Measured.of(-1, 0, result.counts());
  }

  /// Times regions.
  ///
  /// @param jobs how many guests run at a time; when one fails the others are ended at once
  /// @return a measurement for each region, in the same order
  List<Measurement> regions(List<Region> regions, int jobs, RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    List<List<RegionWindows.Stretch>> shares =
        RegionWindows.share(RegionWindows.of(regions), jobs, TIMING_COST);
    Measurement[] results = new Measurement[regions.size()];
    if (shares.size() == 1) {
      measure(regions, shares.getFirst(), results, observer);
    } else {
      List<RunObserver> parts = parts(observer, shares.size());
      List<Callable<Void>> works = new ArrayList<>();
      for (int i = 0; i < shares.size(); i++) {
        List<RegionWindows.Stretch> share = shares.get(i);
        RunObserver part = parts.get(i);
        works.add(() -> {
          measure(regions, share, results, part);
          return null;
        });
      }
      together(works);
    }
    return List.of(results);
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
      List<RegionWindows.Stretch> stretches,
      Measurement[] results,
      RunObserver observer)
      throws CaptureException, IOException, StudyException, CutStudyException {
    List<TimingWindow> timed = new ArrayList<>();
    List<Window> observed = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (RegionWindows.Stretch stretch : stretches) {
      timed.addAll(stretch.windows());
      observed.add(stretch.window());
      order.addAll(stretch.order());
    }
    TimingAnalysis timing = new TimingAnalysis(new AArch64(), core, 0, timed);
    RegionStarts starts = new RegionStarts(timed.stream().mapToLong(TimingWindow::from).toArray());
    Run run = run(new Observation.Streaming(List.of(timing, starts), 0, observed), observer);
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
        throw differs(
            "it ended %,d instructions behind the start of interval %d, which has %,d"
                .formatted(
                    window.counts().instructions(), region.interval(), region.instructions()));
      }
      CodePosition start = region.start();
      if (start != null && start.pc() != pcs[i]) {
        throw differs(
            "after %,d instructions it stood at 0x%x instead of 0x%x"
                .formatted(region.startInstruction(), pcs[i], start.pc()));
      }
      results[order.get(i)] =
          Measured.of(region.interval(), region.startInstruction(), window.counts());
    }
  }

  /// A run and what lay where when it ended.
  private record Run(CaptureResult result, AddressSpace addresses) {
    /// Refuses it if something outside ended it, which says nothing about the guest.
    ///
    /// @param complete whether all was seen that was wanted, so that we may have ended it
    void refuseIfCut(boolean complete) throws CutStudyException {
      boolean cut =
          switch (result.end()) {
            case GuestEnd.Lost _, GuestEnd.Killed _ -> true;
            case GuestEnd.Left _, GuestEnd.Stopped _ -> !complete;
            case GuestEnd.Exited _, GuestEnd.Replaced _ -> false;
          };
      if (cut) {
        throw new CutStudyException(result, addresses, null);
      }
    }
  }

  private Run run(Observation observation, RunObserver observer)
      throws CaptureException, IOException {
    Path own = Files.createTempDirectory(folder, StudyDirectory.SCRATCH);
    try {
      GuestMap map = new GuestMap(program, observer);
      CaptureResult result = runner.run(command, GuestOutput.silent(input, own), observation, map);
      return new Run(result, map.addresses());
    } finally {
      GuestOutput.clean(own);
      Files.deleteIfExists(own);
    }
  }

  private static StudyException differs(String how) {
    return new StudyException(
        "the guest did not run as it did when it was profiled: "
            + how
            + "; it may read a clock, random numbers, or a file that it has changed itself");
  }
}
