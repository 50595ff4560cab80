package dev.cairn.study;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.scope.ScopeCut;
import dev.cairn.capture.scope.ScopeObservation;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.profile.vector.VectorKind;
import dev.cairn.program.GuestProgram;
import dev.cairn.sampling.Regions;
import dev.cairn.sampling.RegionsReader;
import dev.cairn.sampling.RegionsWriter;
import dev.cairn.study.directory.StageFile;
import dev.cairn.study.directory.StageTimes;
import dev.cairn.study.directory.StudyDirectory;
import dev.cairn.study.directory.StudyException;
import dev.cairn.study.directory.StudyOptions;
import dev.cairn.study.guest.GuestRunner;
import dev.cairn.study.measure.Measurement;
import dev.cairn.study.measure.Measurements;
import dev.cairn.study.measure.RegionWindows;
import dev.cairn.study.scope.AskedScope;
import dev.cairn.study.scope.PieceFile;
import dev.cairn.study.scope.PieceRecorder;
import dev.cairn.study.scope.Pieces;
import dev.cairn.study.scope.ScopeSummary;
import dev.cairn.study.scope.StudyScope;
import dev.cairn.study.scope.ThreadCounter;
import dev.cairn.timing.CoreConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// The main job: a program goes in, an estimate with its error comes out.
///
/// Each stage reads what the one before it wrote, so a study that was cut goes on at the stage that
/// is not there yet.
public final class Study {
  /// A run is sampled only if regions with their warm-ups are at most this share of it.
  private static final double MOST_SAMPLED = 0.5;

  /// With fewer regions than this, or all that were asked for, a run is timed whole.
  private static final int FEWEST_REGIONS = 20;

  private static final String CHECKPOINTS = "checkpoints";

  private final StudyDirectory directory;
  private final StudyOptions options;
  private final StudyScope scope;
  private final GuestRunner runner;
  private final GuestCommand command;
  private final @Nullable GuestProgram program;
  private final CoreConfiguration core;
  private final StandardStreams first;
  private final @Nullable Path input;
  private final StudyListener listener;
  private StageTimes times;

  /// @param program the command's program; null if only a checkpoint of it is there
  /// @param first where the guest reads and writes while it is profiled
  /// @param input what it reads on each run after, or null if it is to share the caller's
  public Study(
      StudyDirectory directory,
      StudyOptions options,
      GuestRunner runner,
      GuestCommand command,
      @Nullable GuestProgram program,
      CoreConfiguration core,
      StandardStreams first,
      @Nullable Path input,
      StudyListener listener)
      throws IOException {
    this.directory = directory;
    this.options = options;
    scope = options.scope();
    this.runner = runner;
    this.command = command;
    this.program = program;
    this.core = core;
    this.first = first;
    this.input = input;
    this.listener = listener;
    times = directory.times();
  }

  /// Runs the stages that are not there yet.
  ///
  /// @throws StudyException if the program cannot be sampled
  /// @throws CutStudyException if a run of the guest was cut
  /// @throws MissedScopeException if the scope was not reached
  public StudyResult run()
      throws CaptureException,
          IOException,
          StudyException,
          CutStudyException,
          MissedScopeException {
    ProfileSummary profile = profile();
    ScopeSummary found =
        scope.isWholeRun() ? null : StageFile.read(directory.scope(), ScopeSummary.class);
    int threads = found == null ? profile.threads().size() : found.threads();
    if (threads > 1) {
      throw new StudyException(
          "%s has %d threads, and a program with several threads can't yet be sampled; `cairn stat`, `cairn profile` and `cairn time --thread N` can take it (its profile is in %s)"
              .formatted(command.name(), threads, directory.stage("profile")));
    }
    if (profile.instructions() == 0) {
      throw new StudyException(command.name() + " executed no instruction");
    }
    int count = regions(profile);
    Pieces pieces = found == null || count == 0 ? Pieces.WHOLE_RUN : pieces(found);
    Regions regions = count == 0 ? null : select(profile, pieces, count);
    if (regions != null) {
      checkpoints(regions, pieces);
    }
    Measurements measurements = measure(profile, pieces, regions);
    Measurement full = options.full() ? full(profile, measurements) : null;
    StudyResult result = Conclusion.of(profile, scopeResult(found), regions, measurements, full);
    StageFile.write(directory.result(), result);
    return result;
  }

  private StudyResult.@Nullable ScopeResult scopeResult(@Nullable ScopeSummary found) {
    AskedScope asked = AskedScope.of(scope.asked());
    return found == null || asked == null ? null : StudyResult.ScopeResult.of(asked, found);
  }

  private Pieces pieces(ScopeSummary found) throws IOException, StudyException {
    if (found.pieces() > PieceRecorder.MOST) {
      throw new StudyException(
          "the scope begins anew %,d times, and one of more than %,d pieces can't be sampled; `cairn time` can take it (its profile is in %s)"
              .formatted(found.pieces(), PieceRecorder.MOST, directory.stage("profile")));
    }
    return PieceFile.read(directory.pieces());
  }

  /// {@return how long each stage took when it ran, in seconds}
  public StageTimes times() {
    return times;
  }

  /// {@return how many regions may be measured; 0 if the run is to be timed whole}
  private int regions(ProfileSummary profile) {
    double each = (double) profile.intervalInstructions() + options.warmupInstructions();
    double affordable = MOST_SAMPLED * profile.instructions() / each;
    int regions = (int) Math.min(options.maxRegions(), affordable);
    boolean tooFew = regions < Math.min(options.maxRegions(), FEWEST_REGIONS);
    return tooFew || profile.intervals() <= regions ? 0 : regions;
  }

  private ProfileSummary profile()
      throws CaptureException, IOException, CutStudyException, MissedScopeException {
    if (Files.exists(directory.profileSummary())) {
      listener.ends("profile", true);
      return StageFile.read(directory.profileSummary(), ProfileSummary.class);
    }
    long start = System.nanoTime();
    boolean chosen = options.intervalInstructions() == 0;
    PieceRecorder recorder = new PieceRecorder();
    ScopeObservation observed = new ScopeObservation(scope.window(), List.of(recorder));
    ThreadCounter threads = new ThreadCounter(listener.begins("profile", 0));
    ProfileStage.Profiled profiled =
        ProfileStage.run(
            runner,
            command,
            program,
            first,
            new ProfileStage.Request(
                chosen ? StudyOptions.SHORTEST_CHOSEN_INTERVAL : options.intervalInstructions(),
                chosen ? StudyOptions.MOST_CHOSEN_INTERVALS : ProfileAnalysis.KEEP_ALL,
                false),
            observed,
            threads);
    int status =
        switch (profiled.run().end()) {
          case GuestEnd.Exited(int exit) -> exit;
          case GuestEnd.Left _ -> 0; // behind the scope
          case GuestEnd.Killed _, GuestEnd.Lost _, GuestEnd.Replaced _, GuestEnd.Stopped _ -> {
            Path partial = directory.cutProfile();
            ProfileStage.write(partial, profiled, false, -1);
            throw new CutStudyException(profiled.run(), profiled.addresses(), partial);
          }
        };
    directory.removeCutProfile();
    ScopeCut.Seen seen = observed.seen(profiled.run());
    if (seen != null) {
      writeScope(seen, recorder.result(), threads.threads());
    }
    ProfileSummary summary =
        ProfileStage.write(directory.stage("profile"), profiled, false, status);
    ended("profile", start);
    return summary;
  }

  private void writeScope(ScopeCut.Seen seen, PieceRecorder.Recorded recorded, int threads)
      throws IOException, MissedScopeException {
    if (seen.instructions() == 0) {
      throw new MissedScopeException(seen);
    }
    Pieces pieces = recorded.pieces();
    if (pieces != null) {
      PieceFile.write(directory.pieces(), pieces);
    }
    StageFile.write(
        directory.scope(),
        new ScopeSummary(
            seen.first(),
            recorded.end(),
            seen.instructions(),
            seen.ended(),
            recorded.count(),
            threads));
  }

  private Regions select(ProfileSummary profile, Pieces pieces, int count)
      throws CaptureException, IOException, StudyException, CutStudyException {
    if (Files.exists(directory.regions())) {
      listener.ends("select", true);
      return RegionsReader.read(directory.regions());
    }
    long start = System.nanoTime();
    RunObserver observer = listener.begins("select", 0);
    Regions regions =
        SelectStage.choose(
            directory.vectors(),
            directory.intervals(),
            directory.stage("regions"),
            new SelectStage.Options(
                VectorKind.BLOCKS,
                profile.intervalInstructions(),
                count,
                null,
                options.warmupInstructions(),
                options.seed()));
    if (!scope.isWholeRun()) {
      regions =
          PlaceStage.place(regions, pieces, options.warmupInstructions(), silentGuest(), observer);
    }
    RegionsWriter.write(directory.regions(), regions);
    ended("select", start);
    return regions;
  }

  /// Takes the checkpoints that are not there, if regions are to be measured from them.
  private void checkpoints(Regions regions, Pieces pieces)
      throws CaptureException, IOException, StudyException, CutStudyException {
    Path store = options.checkpoints();
    if (store == null) {
      return;
    }
    CheckpointStage stage = new CheckpointStage(store);
    SortedSet<Long> counts = StudyPlaces.counts(regions, pieces);
    SortedSet<Long> missing = stage.missing(counts);
    if (program == null || command.restored() != null) {
      requireAll(store, missing, stage.refused(counts));
    }
    if (missing.isEmpty() || program == null) {
      listener.ends(CHECKPOINTS, true);
      return;
    }
    long start = System.nanoTime();
    stage.take(
        missing, command, program, silentGuest(), listener.begins(CHECKPOINTS, missing.last()));
    ended(CHECKPOINTS, start);
    Map<String, List<Long>> reasons = new LinkedHashMap<>();
    for (CheckpointStage.Refusal each : stage.refused(counts)) {
      reasons.computeIfAbsent(each.reason(), _ -> new ArrayList<>()).add(each.instructions());
    }
    reasons.forEach(listener::refused);
  }

  /// Refuses a study that can't run its program, if checkpoints are not there.
  private static void requireAll(
      Path store, SortedSet<Long> missing, List<CheckpointStage.Refusal> refused)
      throws StudyException {
    if (!missing.isEmpty()) {
      throw new StudyException(
          "%s: has no checkpoint behind %,d instructions; 'cairn study --checkpoints' takes them where the program is"
              .formatted(store, missing.first()));
    }
    if (!refused.isEmpty()) {
      CheckpointStage.Refusal first = refused.getFirst();
      throw new StudyException(
          "%s: has no checkpoint behind %,d instructions, as there %s; 'cairn study' measures that region where the program is"
              .formatted(store, first.instructions(), first.reason()));
    }
  }

  private Measurements measure(ProfileSummary profile, Pieces pieces, @Nullable Regions regions)
      throws CaptureException, IOException, StudyException, CutStudyException {
    if (Files.exists(directory.measurements())) {
      listener.ends("measure", true);
      return StageFile.read(directory.measurements(), Measurements.class);
    }
    long start = System.nanoTime();
    MeasureStage stage = measureStage();
    Measurements measurements;
    if (regions == null) {
      Measurement whole =
          stage.whole(profile.instructions(), listener.begins("measure", profile.instructions()));
      measurements = new Measurements(core.name(), true, List.of(whole));
    } else {
      long expected =
          RegionWindows.of(regions.measured(), pieces).stream()
              .mapToLong(RegionWindows.Stretch::instructions)
              .sum();
      RunObserver observer = listener.begins("measure", expected);
      Path store = options.checkpoints();
      List<Measurement> measured =
          store == null
              ? stage.regions(regions.measured(), pieces, options.jobs(), observer)
              : stage.regionsFrom(store, regions.measured(), pieces, options.jobs(), observer);
      measurements = new Measurements(core.name(), false, measured);
    }
    StageFile.write(directory.measurements(), measurements);
    ended("measure", start);
    return measurements;
  }

  private Measurement full(ProfileSummary profile, Measurements measurements)
      throws CaptureException, IOException, StudyException, CutStudyException {
    if (measurements.whole()) {
      return measurements.regions().getFirst();
    }
    if (Files.exists(directory.full())) {
      listener.ends("full", true);
      return StageFile.read(directory.full(), Measurement.class);
    }
    long start = System.nanoTime();
    Measurement full =
        measureStage()
            .whole(profile.instructions(), listener.begins("full", profile.instructions()));
    StageFile.write(directory.full(), full);
    ended("full", start);
    return full;
  }

  private MeasureStage measureStage() {
    return new MeasureStage(silentGuest(), core, scope, options.warmupInstructions());
  }

  private SilentGuest silentGuest() {
    return new SilentGuest(runner, command, program, input, directory.root());
  }

  private void ended(String stage, long startNanos) throws IOException {
    times = times.with(stage, (System.nanoTime() - startNanos) / 1e9);
    directory.writeTimes(times);
    listener.ends(stage, false);
  }
}
