package dev.cairn.memory.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.ThreadSummary;
import dev.cairn.event.SettledRule;
import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.Inclusion;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.hierarchy.Straddling;
import dev.cairn.memory.hierarchy.Writing;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.CacheProfile;
import dev.cairn.memory.simulation.result.CacheRequest;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.HierarchyResult;
import dev.cairn.memory.simulation.result.PlaceMisses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What settles is counted by the probe and not streamed, and nothing of the result changes by
/// that: not a count, not a miss, not where it is.
@Tag("qemu")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
final class SettlingTest {
  @TempDir private Path folder;

  /// First caches by line, size and ways, policy and what a store does.
  private static Hierarchy hierarchy(
      int line,
      int size,
      int ways,
      Replacement policy,
      Writing writing,
      boolean allocate,
      Straddling straddling) {
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    caches.put("L1I", shape(size, ways, line, Serves.INSTRUCTIONS, policy, Writing.BACK, true));
    caches.put("L1D", shape(size, ways, line, Serves.DATA, policy, writing, allocate));
    caches.put("L2", shape(size * 16, 8, line, null, Replacement.DRRIP, Writing.BACK, true));
    return new Hierarchy("test", straddling, caches, null, null, null, null);
  }

  private static CacheShape shape(
      int size,
      int ways,
      int line,
      @Nullable Serves serves,
      Replacement policy,
      Writing writing,
      boolean allocate) {
    return new CacheShape(
        size,
        ways,
        line,
        serves,
        serves == null ? null : "L2",
        policy,
        writing,
        allocate,
        null,
        null,
        null);
  }

  private static CacheRequest request(boolean kinds, Hierarchy... hierarchies) {
    return new CacheRequest(List.of(hierarchies), kinds, Grouping.PC, 0);
  }

  private static final Hierarchy USUAL =
      hierarchy(64, 32768, 8, Replacement.LRU, Writing.BACK, true, Straddling.ALL);

  private static final List<CacheRequest> REQUESTS =
      List.of(
          request(false, USUAL),
          request(true, USUAL),
          request(
              false,
              hierarchy(16, 1024, 1, Replacement.LRU, Writing.THROUGH, false, Straddling.ALL)),
          request(
              false,
              hierarchy(32, 4096, 4, Replacement.FIFO, Writing.NONE, true, Straddling.FIRST)),
          request(
              false,
              hierarchy(128, 2048, 2, Replacement.RANDOM, Writing.THROUGH, true, Straddling.ALL),
              hierarchy(64, 8192, 8, Replacement.PLRU, Writing.BACK, false, Straddling.ALL)));

  private GuestCommand command(String guest) throws Exception {
    String[] words = guest.split(" ", -1);
    return switch (words[0]) {
      case "gzip", "bzip2" -> {
        Path input =
            Files.writeString(folder.resolve("input"), "some words in a line\n".repeat(400));
        yield TestGuests.dynamicCommand(
            TestGuests.debian(words[0]), "-9", "-k", "-c", input.toString());
      }
      case "long-blocks" -> TestGuests.command(TestGuests.program("oddities"), words[0]);
      default ->
          TestGuests.command(
              TestGuests.program(words[0]),
              List.of(words).subList(1, words.length).toArray(String[]::new));
    };
  }

  private static CacheAnalysis analysis(CacheRequest request) {
    return new CacheAnalysis(request, pc -> null, DataRanges.NONE);
  }

  private static CaptureResult run(
      GuestCommand command, CacheAnalysis analysis, @Nullable SettledRule rule) throws Exception {
    return new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
        .run(
            new Observation.Streaming(
                List.of(analysis), 0, List.of(), StreamContents.unsettled(rule)),
            RunObserver.NONE);
  }

  private static String lines(CacheProfile profile) {
    StringBuilder lines = new StringBuilder();
    lines
        .append(profile.instructions())
        .append(" instructions, ")
        .append(profile.loads())
        .append(" loads, ")
        .append(profile.stores())
        .append(" stores\n");
    for (HierarchyResult hierarchy : profile.hierarchies()) {
      lines.append(hierarchy.memoryReads()).append(' ').append(hierarchy.memoryWrites());
      hierarchy.levels().forEach(level -> lines.append('\n').append(level));
    }
    for (PlaceMisses place : profile.places()) {
      lines.append('\n').append(Long.toHexString(place.pc()));
      lines.append(' ').append(place.instructions()).append(' ').append(place.accesses());
      lines.append(' ').append(Arrays.deepToString(place.misses()));
    }
    return lines.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mix",
        "long-blocks",
        "gzip",
        "bzip2",
        "faults",
        "halfway",
        "rewrites",
        "forks",
        "values",
        "stacks",
        "dies 11",
        "dies 5",
        "dies 4",
        "dies 9",
        "dies 0"
      })
  void countedIsAsGoodAsStreamed(String guest) throws Exception {
    GuestCommand command = command(guest);
    boolean isLong = guest.equals("mix") || guest.equals("long-blocks");
    for (CacheRequest request : isLong ? REQUESTS.subList(3, 5) : REQUESTS) {
      CacheAnalysis all = analysis(request);
      CacheAnalysis unsettled = analysis(request);
      CaptureResult whole = run(command, all, null);
      CaptureResult counted = run(command, unsettled, unsettled.settledRule());
      assertThat(unsettled.settledRule()).isNotNull();
      assertThat(counted.threads()).as("%s with %s", guest, request).isEqualTo(whole.threads());
      assertThat(counted.end()).isEqualTo(whole.end());
      assertThat(lines(unsettled.result()))
          .as("%s with %s", guest, request)
          .isEqualTo(lines(all.result()));
    }
  }

  /// When a thread or a signal comes differs from run to run, but nothing is lost.
  @ParameterizedTest
  @ValueSource(strings = {"threads", "signals"})
  void nothingIsLostWhateverComesInBetween(String guest) throws Exception {
    CacheAnalysis unsettled = analysis(request(false, USUAL));
    CaptureResult counted = run(command(guest), unsettled, unsettled.settledRule());
    CacheProfile profile = unsettled.result();
    assertThat(profile.instructions())
        .isEqualTo(counted.threads().stream().mapToLong(ThreadSummary::instructions).sum());
    assertThat(profile.places().stream().mapToLong(PlaceMisses::instructions).sum())
        .isEqualTo(profile.instructions());
    assertThat(profile.places().stream().mapToLong(PlaceMisses::accesses).sum())
        .isEqualTo(profile.loads() + profile.stores());
  }

  @Test
  void nothingSettlesWhereALineMayGoByItself() {
    for (Inclusion inclusion : List.of(Inclusion.INCLUSIVE, Inclusion.EXCLUSIVE)) {
      Map<String, CacheShape> caches = new LinkedHashMap<>(USUAL.caches());
      caches.put(
          "L2",
          new CacheShape(1 << 20, 8, 64, null, null, null, null, null, inclusion, null, null));
      Hierarchy hierarchy = new Hierarchy("test", Straddling.ALL, caches, null, null, null, null);
      assertThat(analysis(request(false, hierarchy)).settledRule()).isNull();
    }
    assertThat(
            analysis(
                    request(
                        false,
                        hierarchy(
                            64, 8192, 4, Replacement.SRRIP, Writing.BACK, true, Straddling.ALL)))
                .settledRule())
        .isNull();
    assertThat(
            analysis(new CacheRequest(List.of(USUAL), false, Grouping.FUNCTION, 1000))
                .settledRule())
        .isNull();
  }
}
