package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.capture.Witness;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AArch64;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An access of each form that there is, in a trace: the guest `forms` says itself which bytes each
/// one touches and what is in them, and QEMU's log says which accesses it made.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class AccessFormsTest {
  private static final int FORM_BYTES = 128;

  private static final Pattern LOGGED_ACCESS = Pattern.compile("(load|store), 0x([0-9a-f]+)");

  /// RET, which ends each form.
  private static final String RETURN = "0xd65f03c0";

  /// What QEMU's plugins do not see, or see only the first of: scattered stores, gathered loads,
  /// loads of which none may fault.
  private static final Set<Integer> HIDDEN = Set.of(13, 14, 15, 23, 24, 30, 31, 32);

  @TempDir private Path folder;

  /// What a form did to memory.
  private static final class Form {
    /// By address: the byte that was loaded or stored there.
    final TreeMap<Long, Integer> loaded = new TreeMap<>();

    final TreeMap<Long, Integer> stored = new TreeMap<>();

    /// Of what kind its last access was.
    String kind = "";

    /// Its accesses one by one, but for those that QEMU's log does not have.
    final List<String> accesses = new ArrayList<>();

    void touch(boolean store, long address, int value) {
      (store ? stored : loaded).put(address, value & 0xff);
    }

    String text() {
      return kind + " loads " + loaded + " stores " + stored;
    }
  }

  /// The forms that a guest told of, and where their code begins.
  private record Told(long code, List<Form> forms) {
    static Told of(String output) {
      List<String> lines = output.lines().toList();
      String[] head = lines.getFirst().split(" ", -1);
      List<Form> forms = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(head[2]); i++) {
        forms.add(new Form());
      }
      for (String line : lines.subList(1, lines.size())) {
        String[] fields = line.split(" ", -1);
        Form form = forms.get(Integer.parseInt(fields[0]));
        long address = Long.parseLong(fields[3], 16);
        form.kind = fields[1];
        for (int i = 0; i < fields[4].length(); i += 2) {
          int value = Integer.parseInt(fields[4].substring(i, i + 2), 16);
          form.touch(fields[2].equals("store"), address + i / 2, value);
        }
      }
      return new Told(Long.parseLong(head[1], 16), forms);
    }
  }

  /// The forms as a trace has them.
  private static final class Seen implements Analysis<Map<Integer, Form>> {
    private final long code;
    private final int count;
    private final AArch64 isa = new AArch64();
    private final BatchCursor cursor = new BatchCursor();
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final Map<Integer, Form> forms = new HashMap<>();

    Seen(long code, int count) {
      this.code = code;
      this.count = count;
    }

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      cursor.wrap(batch);
      while (cursor.next()) {
        BlockDefinition block = blocks.get(cursor.block());
        for (int i = cursor.firstAccess(); i < cursor.endAccess(); i++) {
          long word = cursor.word(i);
          long pc = block.pc() + 4L * EventWord.instruction(word);
          if (pc >= code && pc < code + (long) count * FORM_BYTES) {
            Form form = forms.computeIfAbsent((int) ((pc - code) / FORM_BYTES), _ -> new Form());
            add(form, block, word, batch.values()[2 * i], batch.values()[2 * i + 1]);
          }
        }
      }
    }

    private void add(Form form, BlockDefinition block, long word, long low, long high) {
      boolean store = EventWord.isStore(word);
      String kind = isa.accessKind(block.code(), 4 * EventWord.instruction(word)).text();
      form.kind = kind.isEmpty() ? "plain" : kind;
      for (int i = 0; i < EventWord.bytes(word); i++) {
        long half = i < Long.BYTES ? low : i < 2 * Long.BYTES ? high : 0;
        form.touch(store, EventWord.address(word) + i, (int) (half >>> (8 * (i % Long.BYTES))));
      }
      if (!kind.equals("maintenance")) {
        form.accesses.add((store ? "store " : "load ") + Long.toHexString(EventWord.address(word)));
      }
    }

    @Override
    public Map<Integer, Form> result() {
      return forms;
    }
  }

  private static GuestCommand scalable(GuestCommand command) {
    return new GuestCommand(
        command.qemu(),
        command.probe(),
        "max",
        command.sysroot(),
        command.environment(),
        command.workingDirectory(),
        command.program(),
        List.of("vectors"));
  }

  private Told record(GuestCommand command, Path path) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (TraceFile file =
        TraceFile.create(path, TraceRoundTripTest.manifest(100_000, TraceRoundTripTest.VALUES))) {
      TraceWriter writer =
          new TraceWriter(
              file, 100_000, TraceRoundTripTest.VALUES, _ -> null, null, _ -> List.of());
      StandardStreams streams =
          new StandardStreams(
              Path.of("/dev/null"),
              new StandardStreams.Output.Piped(output),
              new StandardStreams.Output.Discarded());
      StreamContents contents =
          StreamContents.ACCESSES.withSystemCalls(List.of()).withValues(List.of());
      assertThat(
              new Capture(command, streams)
                  .run(
                      new Observation.Streaming(List.of(writer), 0, List.of(), contents),
                      RunObserver.NONE)
                  .end())
          .isEqualTo(new GuestEnd.Exited(0));
      writer.result();
      file.complete(TraceRoundTripTest.END);
    }
    return Told.of(output.toString(StandardCharsets.US_ASCII));
  }

  private static Map<Integer, Form> read(Path path, Told told) throws Exception {
    Seen seen = new Seen(told.code(), told.forms().size());
    try (TraceReader reader = TraceReader.open(path)) {
      reader.giveValues();
      reader.replay(List.of(seen));
    }
    return seen.result();
  }

  private static Map<Integer, List<String>> logged(GuestCommand command, Told told)
      throws Exception {
    Map<Integer, List<String>> forms = new HashMap<>();
    for (String line : Witness.testimony(command, null, "libexeclog.so").lines().toList()) {
      String[] fields = line.split(", ", 4);
      if (fields.length < 4 || fields[2].equals(RETURN)) {
        continue;
      }
      long offset = Long.parseUnsignedLong(fields[1].substring(2), 16) - told.code();
      if (offset >= 0 && offset < (long) told.forms().size() * FORM_BYTES) {
        List<String> accesses =
            forms.computeIfAbsent((int) (offset / FORM_BYTES), _ -> new ArrayList<>());
        Matcher access = LOGGED_ACCESS.matcher(fields[3]);
        while (access.find()) {
          accesses.add(
              access.group(1) + " " + Long.toHexString(Long.parseLong(access.group(2), 16)));
        }
      }
    }
    return forms;
  }

  /// A form that touches nothing is not seen at all.
  private static void assertSame(int number, Map<Integer, Form> seen, Form told) {
    Form form = seen.getOrDefault(number, new Form());
    assertThat(form.text()).as("form %d", number).isEqualTo(told.text());
  }

  @Test
  void areTheBytesThatTheGuestTellsOf() throws Exception {
    Path path = folder.resolve("a.trace");
    Told told = record(TestGuests.command(TestGuests.program("forms")), path);
    assertThat(told.forms()).hasSize(341);
    Map<Integer, Form> seen = read(path, told);
    for (int i = 0; i < told.forms().size(); i++) {
      assertSame(i, seen, told.forms().get(i));
    }
  }

  @Test
  void areTheAccessesThatTheWitnessLogs() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("forms"));
    Path path = folder.resolve("a.trace");
    Told told = record(command, path);
    assertLogged(read(path, told), logged(command, told), told);
  }

  private static void assertLogged(
      Map<Integer, Form> seen, Map<Integer, List<String>> logged, Told told) {
    assertThat(logged).hasSize(told.forms().size());
    for (int i = 0; i < told.forms().size(); i++) {
      Form form = seen.getOrDefault(i, new Form());
      assertThat(form.accesses).as("form %d", i).isEqualTo(logged.get(i));
    }
  }

  /// What QEMU does not show is in `docs/limits.md`.
  @Test
  void ofScalableVectorsAreThoseThatQemuShows() throws Exception {
    GuestCommand command = scalable(TestGuests.command(TestGuests.program("forms")));
    Path path = folder.resolve("a.trace");
    Told told = record(command, path);
    Map<Integer, Form> seen = read(path, told);
    assertLogged(seen, logged(command, told), told);
    Set<Integer> hidden = new TreeSet<>();
    for (int i = 0; i < told.forms().size(); i++) {
      Form form = seen.getOrDefault(i, new Form());
      if (!form.text().equals(told.forms().get(i).text())) {
        hidden.add(i);
      }
    }
    assertThat(hidden).isEqualTo(new TreeSet<>(HIDDEN));
  }
}
