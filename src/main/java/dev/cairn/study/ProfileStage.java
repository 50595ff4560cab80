package dev.cairn.study;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.cairn.capture.CaptureException;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.capture.scope.ScopeObservation;
import dev.cairn.capture.scope.ScopeWindow;
import dev.cairn.profile.AtomicFile;
import dev.cairn.profile.IntervalCounter;
import dev.cairn.profile.Profile;
import dev.cairn.profile.ProfileAnalysis;
import dev.cairn.profile.ThreadProfile;
import dev.cairn.profile.vector.CountedLoopsAnalysis;
import dev.cairn.profile.vector.LoopProfile;
import dev.cairn.profile.vector.LoopVectors;
import dev.cairn.profile.vector.StreamedProfileAnalysis;
import dev.cairn.profile.vector.VectorFiles;
import dev.cairn.program.AddressSpace;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import dev.cairn.study.directory.BlockTableFile;
import dev.cairn.study.directory.IntervalFile;
import dev.cairn.study.guest.GuestRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a guest once, counting blocks, and writes what was found.
public final class ProfileStage {
  private ProfileStage() {}

  /// A profile and how the run went.
  ///
  /// @param loops the vectors by loop branch, if they were asked for
  /// @param addresses what lay where when the run ended
  public record Profiled(
      Profile profile, @Nullable LoopVectors loops, CaptureResult run, AddressSpace addresses) {}

  /// What is asked for.
  ///
  /// @param interval instructions
  /// @param mostIntervals above that, intervals are merged by tens; [ProfileAnalysis#KEEP_ALL]
  ///   never merges
  /// @param loops whether vectors by loop branch are wanted; then intervals are never merged
  public record Request(long interval, int mostIntervals, boolean loops) {
    public Request {
      if (loops && mostIntervals != ProfileAnalysis.KEEP_ALL) {
        throw new IllegalArgumentException("vectors by loop branch can't be merged");
      }
    }
  }

  /// Profiles a guest. Of a whole run blocks are counted by the probe; of a scope they are streamed
  /// and counted here.
  ///
  /// @param program the command's program, as it was found; null if only a checkpoint of it is
  ///   there
  public static Profiled run(
      GuestRunner runner,
      GuestCommand command,
      @Nullable GuestProgram program,
      StandardStreams streams,
      Request request,
      ScopeObservation scope,
      RunObserver observer)
      throws CaptureException, IOException {
    GuestMap map = new GuestMap(program, observer);
    ScopeWindow window = scope.window();
    return window == null
        ? counted(runner, command, streams, request, map)
        : streamed(runner, command, streams, request, scope, window.thread(), map);
  }

  private static Profiled counted(
      GuestRunner runner,
      GuestCommand command,
      StandardStreams streams,
      Request request,
      GuestMap map)
      throws CaptureException, IOException {
    AddressSpace addresses = map.addresses();
    if (request.loops()) {
      CountedLoopsAnalysis analysis =
          new CountedLoopsAnalysis(
              new AArch64(), request.interval(), addresses::locate, addresses::locateSource);
      CaptureResult run =
          runner.run(
              command,
              streams,
              new Observation.Counting(
                  analysis, request.interval(), Observation.Counting.Besides.PASSED_BRANCHES),
              map);
      LoopProfile found = analysis.result();
      return new Profiled(found.profile(), found.loops(), run, addresses);
    }
    ProfileAnalysis analysis = analysis(request, addresses);
    CaptureResult run =
        runner.run(command, streams, new Observation.Counting(analysis, request.interval()), map);
    return new Profiled(analysis.result(), null, run, addresses);
  }

  private static Profiled streamed(
      GuestRunner runner,
      GuestCommand command,
      StandardStreams streams,
      Request request,
      ScopeObservation scope,
      int thread,
      GuestMap map)
      throws CaptureException, IOException {
    AddressSpace addresses = map.addresses();
    if (request.loops()) {
      StreamedProfileAnalysis analysis =
          new StreamedProfileAnalysis(
              new AArch64(), request.interval(), addresses::locate, addresses::locateSource);
      CaptureResult run =
          runner.run(
              command, streams, scope.streaming(List.of(analysis), StreamContents.NOTHING), map);
      LoopProfile found = analysis.result();
      return new Profiled(found.profile(), found.loops(), scope.within(run), addresses);
    }
    IntervalCounter<Profile> counter =
        new IntervalCounter<>(analysis(request, addresses), thread, request.interval());
    CaptureResult run =
        runner.run(
            command, streams, scope.streaming(List.of(counter), StreamContents.NOTHING), map);
    return new Profiled(counter.result(), null, scope.within(run), addresses);
  }

  private static ProfileAnalysis analysis(Request request, AddressSpace addresses) {
    return new ProfileAnalysis(
        new AArch64(), request.interval(), request.mostIntervals(), addresses::locate);
  }

  /// Writes vectors, their tables, intervals and, last, the summary.
  ///
  /// @param functions whether vectors by function are wanted
  /// @return the summary
  public static ProfileSummary write(
      Path directory, Profiled profiled, boolean functions, int guestStatus) throws IOException {
    Profile profile = profiled.profile();
    VectorFiles.removeOptional(directory);
    VectorFiles.writeBlocks(directory, profile);
    if (functions) {
      VectorFiles.writeFunctions(directory, profile);
    }
    LoopVectors loops = profiled.loops();
    if (loops != null) {
      VectorFiles.writeLoops(directory, profile, loops);
    }
    for (ThreadProfile thread : profile.threads()) {
      String number = thread.thread() == 0 ? "" : "-" + thread.thread();
      IntervalFile.write(directory.resolve("intervals" + number + ".csv"), thread);
    }
    BlockTableFile.write(directory.resolve("blocks.csv"), profile);
    ProfileSummary summary =
        new ProfileSummary(
            profile.instructions(),
            profile.intervalInstructions(),
            profile.threads().isEmpty() ? 0 : profile.threads().getFirst().vectors().intervals(),
            profile.blocks().size(),
            faults(profiled.run()),
            instructions(profile.threads()),
            guestStatus);
    try (AtomicFile file = AtomicFile.create(directory.resolve("profile.json"))) {
      file.stream().write(bytes(summary));
      file.commit();
    }
    return summary;
  }

  private static long faults(CaptureResult run) {
    long faults = 0;
    for (ThreadSummary thread : run.threads()) {
      faults += thread.faults();
    }
    return faults;
  }

  private static List<Long> instructions(List<ThreadProfile> threads) {
    List<Long> instructions = new ArrayList<>();
    for (ThreadProfile thread : threads) {
      instructions.add(thread.vectors().totalInstructions());
    }
    return instructions;
  }

  /// {@return a summary as [StageFile] writes and reads it, but by hand: what finds a record's
  /// components by itself takes longer to come to life than the rest of a short run's profile}
  static byte[] bytes(ProfileSummary summary) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));
      json.writeStartObject();
      json.writeNumberField("instructions", summary.instructions());
      json.writeNumberField("intervalInstructions", summary.intervalInstructions());
      json.writeNumberField("intervals", summary.intervals());
      json.writeNumberField("blocks", summary.blocks());
      json.writeNumberField("faults", summary.faults());
      json.writeArrayFieldStart("threads");
      for (long instructions : summary.threads()) {
        json.writeNumber(instructions);
      }
      json.writeEndArray();
      json.writeNumberField("guestStatus", summary.guestStatus());
      json.writeEndObject();
    }
    out.write('\n');
    return out.toByteArray();
  }
}
