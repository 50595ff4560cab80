package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AArch64;
import dev.cairn.program.isa.AccessKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Lines that a program prefetches, cleans or invalidates, which no access callback of QEMU sees.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class HintTest {
  /// A line of the log: processor, address, opcode, text.
  private static final Pattern LOGGED = Pattern.compile("^0, 0x[0-9a-f]+, 0x([0-9a-f]+),");

  @TempDir private Path folder;

  /// What a run hints at.
  private static final class Hints implements Analysis<List<String>> {
    private final AArch64 isa = new AArch64();
    private final BatchCursor cursor = new BatchCursor();
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /// Instructions that were executed and make hints.
    long executed;

    /// Loads that are none.
    long hints;

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      cursor.wrap(batch);
      while (cursor.next()) {
        BlockDefinition block = blocks.get(cursor.block());
        for (int i = cursor.first(); i < cursor.end(); i++) {
          executed += isa.accessKind(block.code(), 4 * i).isHint(isZeroing(block, i)) ? 1 : 0;
        }
        for (int i = cursor.firstAccess(); i < cursor.endAccess(); i++) {
          access(block, cursor.word(i));
        }
      }
    }

    private static boolean isZeroing(BlockDefinition block, int instruction) {
      int at = 4 * instruction;
      return (block.code()[at] & 0xe0) == 0x20 && (block.code()[at + 1] & 0xff) == 0x74;
    }

    private void access(BlockDefinition block, long word) {
      boolean store = EventWord.isStore(word);
      AccessKind kind = isa.accessKind(block.code(), 4 * EventWord.instruction(word));
      if (kind == AccessKind.PREFETCH || kind == AccessKind.CACHE_MAINTENANCE) {
        assertThat(EventWord.bytes(word)).isEqualTo(64);
        hints += kind.isHint(store) ? 1 : 0;
        String what = kind.isHint(store) ? kind.text() : "zeroed";
        lines.add(what + " " + Long.toHexString(EventWord.address(word)));
      }
    }

    @Override
    public List<String> result() {
      return lines;
    }
  }

  private static Hints of(GuestCommand command, StandardStreams.Output output, boolean hints)
      throws Exception {
    Hints analysis = new Hints();
    StreamContents contents = hints ? StreamContents.ACCESSES.withHints() : StreamContents.ACCESSES;
    CaptureResult result =
        new Capture(
                command,
                new StandardStreams(
                    Path.of("/dev/null"), output, new StandardStreams.Output.Discarded()))
            .run(
                new Observation.Streaming(List.of(analysis), 0, List.of(), contents),
                RunObserver.NONE);
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
    return analysis;
  }

  /// The program says itself what it hints at.
  @Test
  void areThoseOfEveryForm() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("hints"));
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    Hints seen = of(command, new StandardStreams.Output.Piped(output), true);
    List<String> told = output.toString(StandardCharsets.US_ASCII).lines().toList();
    assertThat(told).hasSize(23);
    Set<String> addresses =
        told.stream().map(line -> line.substring(line.indexOf(' '))).collect(Collectors.toSet());
    List<String> here =
        seen.result().stream()
            .filter(line -> addresses.contains(line.substring(line.indexOf(' '))))
            .toList();
    assertThat(here).isEqualTo(told);
  }

  @Test
  void comeOnlyWhereTheyAreAskedFor() throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program("hints"));
    Hints seen = of(command, new StandardStreams.Output.Discarded(), false);
    assertThat(seen.hints).isZero();
    assertThat(seen.executed).isGreaterThanOrEqualTo(22);
  }

  /// QEMU's own log of instructions tells how many there are, of a program with one thread: with
  /// more the plugin that logs them crashes now and then.
  @Test
  void areAsManyAsTheWitnessLogs() throws Exception {
    String text =
        IntStream.range(0, 3000)
            .mapToObj(i -> "line %d has the number %d\n".formatted(i, i * 7919 % 10007))
            .collect(Collectors.joining());
    Path input = Files.writeString(folder.resolve("input"), text);
    Path packed = folder.resolve("packed");
    Hints _ =
        of(
            TestGuests.dynamicCommand(TestGuests.debian("zstd"), "-c", input.toString()),
            new StandardStreams.Output.ToFile(packed),
            false);
    GuestCommand command =
        TestGuests.dynamicCommand(
            TestGuests.debian("zstd"), "-d", "--no-asyncio", "-c", packed.toString());
    Hints seen = of(command, new StandardStreams.Output.Discarded(), true);
    long logged =
        Witness.run(command, null, "libexeclog.so")
            .lines()
            .map(LOGGED::matcher)
            .filter(Matcher::find)
            .filter(line -> prefetches((int) Long.parseLong(line.group(1), 16)))
            .count();
    assertThat(logged).isGreaterThan(10);
    assertThat(seen.hints).isEqualTo(logged).isEqualTo(seen.executed);
  }

  /// {@return whether an instruction is PRFM, by the encodings in Arm's manual}
  private static boolean prefetches(int opcode) {
    return (opcode & 0xffc00000) == 0xf9800000
        || (opcode & 0xffe00c00) == 0xf8800000
        || (opcode & 0xffe00c00) == 0xf8a00800
        || (opcode & 0xff000000) == 0xd8000000;
  }
}
