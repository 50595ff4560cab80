package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes into a trace comes out of it.
final class TraceRoundTripTest {
  static final TraceEnd END =
      new TraceEnd(
          "exited with status 3",
          3,
          true,
          List.of(new TraceEnd.ThreadTotal(0, 1L << 40, 2)),
          List.of());

  @TempDir private Path folder;

  /// Everything but values.
  static final TraceContents ADDRESSES = new TraceContents(true, true, true, "");

  /// Everything.
  static final TraceContents VALUES = new TraceContents(true, true, true, true, "");

  static TraceManifest manifest(long chunk) {
    return manifest(chunk, ADDRESSES);
  }

  static TraceManifest manifest(long chunk, TraceContents contents) {
    return new TraceManifest(
        "1.2",
        List.of("./prog", "a b", "ü"),
        "aarch64",
        "max",
        contents,
        chunk,
        0,
        Long.MAX_VALUE,
        TraceManifest.ALL_THREADS);
  }

  /// Gives what it is told to several.
  record Both(List<Analysis<?>> all) implements Analysis<Integer> {
    @Override
    public void define(BlockDefinition block) {
      all.forEach(each -> each.define(block));
    }

    @Override
    public void accept(Batch batch) {
      all.forEach(each -> each.accept(batch));
    }

    @Override
    public void systemCall(SystemCall call) {
      all.forEach(each -> each.systemCall(call));
    }

    @Override
    public void systemReturn(SystemReturn result) {
      all.forEach(each -> each.systemReturn(result));
    }

    @Override
    public void memory(MemoryChange change) {
      all.forEach(each -> each.memory(change));
    }

    @Override
    public Integer result() {
      return all.size();
    }
  }

  /// Writes a made-up run.
  ///
  /// @return what it was
  static Transcript write(Path path, RandomRun run, int batches, long chunk) throws IOException {
    return write(path, run, batches, chunk, ADDRESSES);
  }

  static Transcript write(Path path, RandomRun run, int batches, long chunk, TraceContents contents)
      throws IOException {
    Transcript told = new Transcript(RandomRun::locate, true);
    try (TraceFile file = TraceFile.create(path, manifest(chunk, contents))) {
      TraceWriter writer =
          new TraceWriter(
              file,
              chunk,
              contents,
              RandomRun::locate,
              pc ->
                  pc % 4 == 0 ? new SourceLine("x" + pc % 16 + ".c", 1 + (int) (pc & 0xff)) : null,
              _ -> List.of());
      run.run(batches, new Both(List.of(told, writer)));
      assertThat(writer.result().blocks()).isEqualTo(told.blocks.size());
      file.complete(END);
    }
    return told;
  }

  static Transcript read(TraceReader reader, long from, long until, int thread) throws IOException {
    Transcript read = new Transcript(reader::locate, true);
    reader.replay(from, until, thread, List.of(read));
    return read;
  }

  static void assertAlike(Transcript read, Transcript told) {
    assertThat(read.blocks).isEqualTo(told.blocks);
    assertThat(read.places).isEqualTo(told.places);
    assertThat(read.words).isEqualTo(told.words);
    assertThat(read.calls()).isEqualTo(told.calls());
  }

  @ParameterizedTest(name = "seed {0}, {1} batches, {2} threads, chunks of {3}, windows {4}")
  @CsvSource({
    "1,400,1,1000000,false",
    "2,200,1,1000,false",
    "3,30,1,100,false",
    "4,4,1,7,false",
    "5,100,3,1000,false",
    "6,60,3,333,true",
    "7,300,40,5000,true",
    "8,30,100,50,true"
  })
  void givesTheSameAccesses(long seed, int batches, int threads, long chunk, boolean windows)
      throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = write(path, new RandomRun(seed, threads, windows, true), batches, chunk);
    Transcript flow = write(folder.resolve("f"), new RandomRun(seed, threads, windows), 0, chunk);
    assertThat(flow.words).isEmpty();
    try (TraceReader reader = TraceReader.open(path)) {
      assertAlike(read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS), told);
      assertThat(reader.columns().get(ColumnKind.ADDRESSES)).isPositive();
    }
  }

  @ParameterizedTest(name = "seed {0}, {1} batches, {2} threads, chunks of {3}, windows {4}")
  @CsvSource({
    "1,200,1,1000000,false",
    "2,100,1,1000,false",
    "3,30,1,100,false",
    "4,4,1,7,false",
    "5,60,3,1000,true",
    "6,200,40,5000,true"
  })
  void givesTheSameValuesAndChangesOfMemory(
      long seed, int batches, int threads, long chunk, boolean windows) throws IOException {
    Path path = folder.resolve("a.trace");
    RandomRun run = new RandomRun(seed, threads, windows, true).withValues();
    Transcript told = write(path, run, batches, chunk, VALUES);
    try (TraceReader reader = TraceReader.open(path)) {
      reader.giveValues();
      Transcript read = read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS);
      assertAlike(read, told);
      assertThat(read.changes).hasSameElementsAs(told.changes).hasSameSizeAs(told.changes);
      assertThat(reader.columns().get(ColumnKind.VALUES)).isPositive();
      assertThat(reader.columns().get(ColumnKind.MEMORY)).isPositive();
    }
  }

  @Test
  void leavesValuesOutWhenTheyAreNotWanted() throws IOException {
    Path path = folder.resolve("a.trace");
    RandomRun run = new RandomRun(3, 2, false, true).withValues();
    Transcript told = write(path, run, 50, 1000, VALUES);
    try (TraceReader reader = TraceReader.open(path)) {
      reader.needValues();
      Transcript read = read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS);
      told.words
          .values()
          .forEach(words -> words.replaceAll(line -> line.replaceAll("=\\w+:\\w+", "")));
      assertAlike(read, told);
      assertThat(read.changes).isEmpty();
    }
  }

  @Test
  void leavesAccessesOutWhenTheyAreNotWanted() throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = write(path, new RandomRun(3, 2, false, true), 50, 1000);
    try (TraceReader reader = TraceReader.open(path)) {
      reader.needAddresses();
      reader.leaveAccessesOut();
      Transcript read = read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS);
      told.words.values().forEach(words -> words.replaceAll(Transcript::withoutAccesses));
      assertAlike(read, told);
    }
  }

  @Test
  void saysHowToMakeATraceThatHasAddresses() throws IOException {
    Path path = folder.resolve("a.trace");
    Path part = folder.resolve("b.trace");
    write(path, new RandomRun(3, 2, false), 5, 1000);
    try (TraceReader reader = TraceReader.open(path)) {
      TraceContents flow = TraceContents.CONTROL_FLOW;
      TraceManifest without =
          new TraceManifest("1", List.of(), "x", "y", flow, 1000, 0, Long.MAX_VALUE, -1);
      try (TraceFile file = TraceFile.create(part, without)) {
        file.complete(END);
      }
      reader.needAddresses();
    }
    try (TraceReader reader = TraceReader.open(part)) {
      assertThatThrownBy(reader::needAddresses)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("cairn trace --addresses -o FILE -- PROG ARGS");
    }
  }

  @ParameterizedTest(name = "seed {0}, {1} batches, {2} threads, chunks of {3}, windows {4}")
  @CsvSource({
    "1,400,1,1000000,false",
    "2,200,1,1000,false",
    "3,30,1,100,false",
    "4,4,1,7,false",
    "5,1,1,1,false",
    "6,100,3,1000,false",
    "7,60,3,333,true",
    "8,400,40,5000,false",
    "9,400,40,100000,true",
    "10,30,100,50,true",
    "11,300,2,20000,true",
    "12,20,1,64,true"
  })
  void givesTheSameDefinitionsWordsAndSystemCalls(
      long seed, int batches, int threads, long chunk, boolean windows) throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = write(path, new RandomRun(seed, threads, windows), batches, chunk);
    try (TraceReader reader = TraceReader.open(path)) {
      assertThat(reader.damage()).isNull();
      assertThat(reader.manifest()).isEqualTo(manifest(chunk));
      assertThat(reader.end()).isEqualTo(END);
      assertThat(reader.blocks()).isEqualTo(told.blocks.size());
      assertAlike(read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS), told);
      assertThat(reader.locate(0x400000)).isNull();
    }
    assertThat(folder.resolve("a.trace.partial")).doesNotExist();
  }

  /// The transcripts above join what was cut; here words are compared as they are.
  @Test
  void putsExecutionsTogetherThatTheEndOfAChunkCut() throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = new Transcript(RandomRun::locate, false);
    try (TraceFile file = TraceFile.create(path, manifest(5))) {
      TraceWriter writer =
          new TraceWriter(file, 5, ADDRESSES, RandomRun::locate, null, _ -> List.of());
      new RandomRun(77, 3, true, true).run(8, new Both(List.of(told, writer)));
      writer.result();
      file.complete(END);
    }
    try (TraceReader reader = TraceReader.open(path)) {
      Transcript read = new Transcript(reader::locate, false);
      reader.replay(List.of(read));
      assertAlike(read, told);
    }
  }

  @Test
  void keepsAnEmptyRun() throws IOException {
    Path path = folder.resolve("empty.trace");
    Transcript told = write(path, new RandomRun(1, 1, false), 0, 1000);
    try (TraceReader reader = TraceReader.open(path)) {
      assertThat(reader.extents()).isEmpty();
      assertAlike(read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS), told);
    }
  }

  @Test
  void leavesAccessesOut() throws IOException {
    Path path = folder.resolve("a.trace");
    BlockDefinition block = new BlockDefinition(0, 0x1000, new byte[8], new byte[] {4, 4});
    long execution = EventWord.execution(0, 0, 2);
    TraceContents flow = TraceContents.CONTROL_FLOW;
    TraceManifest manifest =
        new TraceManifest("1", List.of(), "x", "y", flow, 1000, 0, Long.MAX_VALUE, -1);
    try (TraceFile file = TraceFile.create(path, manifest)) {
      TraceWriter writer = new TraceWriter(file, 1000, RandomRun::locate, null);
      writer.define(block);
      Batch batch = new Batch(8);
      for (int i = 0; i < 8; i++) {
        batch.words()[i] = i % 2 == 0 ? execution : EventWord.access(i, 0, 8, false);
      }
      batch.reset(0, 0, 8);
      writer.accept(batch);
      assertThat(writer.result()).isEqualTo(new TraceSummary(8, 4, 0, 1, 1, List.of()));
      file.complete(END);
    }
    try (TraceReader reader = TraceReader.open(path)) {
      Transcript read = read(reader, 0, Long.MAX_VALUE, 0);
      assertThat(read.words).containsOnlyKeys(0);
      assertThat(read.words.get(0)).hasSize(4);
    }
  }

  @Test
  void keepsLinesOfSource() throws IOException {
    Path path = folder.resolve("a.trace");
    write(path, new RandomRun(3, 1, false), 60, 1000);
    List<Long> wrong = new ArrayList<>();
    try (TraceReader reader = TraceReader.open(path)) {
      reader.replay(
          List.of(
              new Analysis<Integer>() {
                @Override
                public void define(BlockDefinition block) {
                  long pc = block.pc();
                  for (byte size : block.sizes()) {
                    SourceLine line = reader.sourceLine(pc);
                    SourceLine wanted =
                        pc % 4 == 0
                            ? new SourceLine("x" + pc % 16 + ".c", 1 + (int) (pc & 0xff))
                            : null;
                    if (line == null ? wanted != null : !line.equals(wanted)) {
                      wrong.add(pc);
                    }
                    pc += size;
                  }
                }

                @Override
                public void accept(Batch batch) {}

                @Override
                public Integer result() {
                  return 0;
                }
              }));
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void givesTheSameBytesEachTime() throws IOException {
    Path first = folder.resolve("1.trace");
    Path second = folder.resolve("2.trace");
    write(first, new RandomRun(5, 4, true, true), 60, 500);
    write(second, new RandomRun(5, 4, true, true), 60, 500);
    assertThat(second).hasSameBinaryContentAs(first);
  }

  /// A place inside an execution, at its ends, between notes: all of a small run.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void beginsAndEndsAnywhere(long seed) throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = write(path, new RandomRun(seed, 2, false, seed > 1), 8, 100);
    try (TraceReader reader = TraceReader.open(path)) {
      long most = reader.extents().stream().mapToLong(TraceReader.Extent::until).max().orElse(0);
      long step = Math.max(1, most / 37);
      for (long at = 0; at <= most + 1; at += step) {
        Transcript halves = read(reader, 0, at, TraceManifest.ALL_THREADS);
        for (TraceReader.Extent each : reader.extents()) {
          assertThat(instructions(halves, each.thread())).isEqualTo(Math.min(at, each.until()));
        }
        Transcript joined = new Transcript(reader::locate, true);
        reader.replay(0, at, TraceManifest.ALL_THREADS, List.of(joined));
        int defined = joined.blocks.size();
        reader.replay(
            at, Long.MAX_VALUE, TraceManifest.ALL_THREADS, List.of(new WithoutDefinitions(joined)));
        assertThat(joined.words).as("cut at %d", at).isEqualTo(told.words);
        assertThat(defined).isLessThanOrEqualTo(told.blocks.size());
      }
    }
  }

  private static long instructions(Transcript of, int thread) {
    long sum = 0;
    for (String word : of.words.getOrDefault(thread, List.of())) {
      String[] parts = word.split(" ", -1);
      if (parts[1].equals("of")) {
        sum += Long.parseLong(parts[4]) - Long.parseLong(parts[6]);
      }
    }
    return sum;
  }

  /// Passes all on but definitions.
  private record WithoutDefinitions(Transcript next) implements Analysis<Transcript> {
    @Override
    public void define(BlockDefinition block) {}

    @Override
    public void accept(Batch batch) {
      next.accept(batch);
    }

    @Override
    public void systemCall(SystemCall call) {
      next.systemCall(call);
    }

    @Override
    public void systemReturn(SystemReturn result) {
      next.systemReturn(result);
    }

    @Override
    public Transcript result() {
      return next;
    }
  }

  @ParameterizedTest(name = "seed {0}, {1} threads")
  @CsvSource({"1,1", "2,3", "3,50"})
  void cutsIntoPartsThatTogetherAreTheWhole(long seed, int threads) throws IOException {
    Path path = folder.resolve("a.trace");
    Transcript told = write(path, new RandomRun(seed, threads, true, true), 60, 1000);
    try (TraceReader reader = TraceReader.open(path)) {
      long[] cuts = {0, 777, 1000, 2500, Long.MAX_VALUE};
      Transcript joined = new Transcript(pc -> null, true);
      for (int i = 0; i + 1 < cuts.length; i++) {
        Path part = folder.resolve(i + ".trace");
        TraceCut.write(reader, "1.2", cuts[i], cuts[i + 1], TraceManifest.ALL_THREADS, part);
        try (TraceReader cut = TraceReader.open(part)) {
          assertThat(cut.manifest().from()).isEqualTo(cuts[i]);
          assertThat(cut.end()).isEqualTo(END.withStopped(goingOn(reader, cut, cuts[i + 1])));
          Transcript alone = read(cut, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS);
          Transcript wanted = read(reader, cuts[i], cuts[i + 1], TraceManifest.ALL_THREADS);
          assertThat(alone.words).isEqualTo(wanted.words);
          assertThat(alone.places).isEqualTo(told.places.subList(0, alone.places.size()));
          cut.replay(List.of(new WithoutDefinitions(joined)));
        }
      }
      assertThat(joined.words).isEqualTo(told.words);
    }
    assertThat(Files.size(folder.resolve("0.trace"))).isLessThan(Files.size(path));
  }

  /// {@return the threads of a part that executed what comes behind it}
  private static List<Integer> goingOn(TraceReader whole, TraceReader part, long until) {
    List<Integer> inPart =
        part.extents().stream()
            .filter(extent -> extent.instructions() > 0)
            .map(TraceReader.Extent::thread)
            .toList();
    return whole.extents().stream()
        .filter(extent -> extent.until() >= until)
        .map(TraceReader.Extent::thread)
        .filter(inPart::contains)
        .toList();
  }

  @Test
  void locatesCodeInsideABlock() throws IOException {
    Path path = folder.resolve("a.trace");
    BlockDefinition block = new BlockDefinition(0, 0x1000, new byte[8], new byte[] {4, 4});
    try (TraceFile file = TraceFile.create(path, manifest(1000))) {
      TraceWriter writer =
          new TraceWriter(file, 1000, pc -> new CodeLocation("/f", pc - 0x100, "g", 8), null);
      writer.define(block);
      writer.result();
      file.complete(END);
    }
    try (TraceReader reader = TraceReader.open(path)) {
      List<CodeLocation> places = new ArrayList<>();
      reader.replay(
          List.of(
              new Transcript(
                  pc -> {
                    places.add(reader.locate(pc));
                    places.add(reader.locate(pc + 4));
                    places.add(reader.locate(pc - 4));
                    return null;
                  },
                  false)));
      assertThat(places)
          .containsExactly(
              new CodeLocation("/f", 0xf00, "g", 8), new CodeLocation("/f", 0xf04, "g", 12), null);
    }
  }

  @Test
  void tellsWhatThereIsOfEachThread() throws IOException {
    Path path = folder.resolve("a.trace");
    write(path, new RandomRun(4, 3, false), 30, 250);
    try (TraceReader reader = TraceReader.open(path)) {
      Transcript all = read(reader, 0, Long.MAX_VALUE, TraceManifest.ALL_THREADS);
      assertThat(reader.extents()).hasSize(3);
      for (TraceReader.Extent each : reader.extents()) {
        assertThat(each.first()).isZero();
        assertThat(each.instructions())
            .isEqualTo(each.until())
            .isEqualTo(instructions(all, each.thread()));
        Transcript one = read(reader, 0, Long.MAX_VALUE, each.thread());
        assertThat(one.words).isEqualTo(Map.of(each.thread(), all.words.get(each.thread())));
      }
    }
  }
}
