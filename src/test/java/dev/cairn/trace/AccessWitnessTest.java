package dev.cairn.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.GuestCommand;
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
import dev.cairn.program.isa.AccessKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The accesses in a trace are those that QEMU's own plugins see.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class AccessWitnessTest {
  /// A line of `hotpages`: page, processors that read, reads, processors that wrote, writes.
  private static final Pattern PAGE =
      Pattern.compile("0x([0-9a-f]{16}), 0x[0-9a-f]+, *(\\d+), 0x[0-9a-f]+, *(\\d+)");

  private static final Pattern LOGGED_ACCESS = Pattern.compile("(load|store), 0x([0-9a-f]+)");

  private static final int PAGE_BITS = 12;

  @TempDir private Path folder;

  /// What is in a trace, but for what `dc zva` stores, which QEMU's plugins don't see.
  private static final class Seen implements Analysis<Seen> {
    private final boolean keeps;
    private final AArch64 isa = new AArch64();
    private final BatchCursor cursor = new BatchCursor();
    private final List<BlockDefinition> blocks = new ArrayList<>();
    final Map<Long, long[]> pages = new HashMap<>();

    /// A line an instruction: its address and its accesses.
    final List<String> lines = new ArrayList<>();

    long loads;
    long stores;

    Seen(boolean keeps) {
      this.keeps = keeps;
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
        int access = cursor.firstAccess();
        for (int i = cursor.first(); i < cursor.end(); i++) {
          StringBuilder line = new StringBuilder(Long.toHexString(block.pc() + 4L * i));
          while (access < cursor.endAccess() && EventWord.instruction(cursor.word(access)) == i) {
            long word = cursor.word(access++);
            if (isa.accessKind(block.code(), 4 * i) != AccessKind.CACHE_MAINTENANCE) {
              count(word);
              line.append(EventWord.isStore(word) ? " store " : " load ")
                  .append(Long.toHexString(EventWord.address(word)));
            }
          }
          if (keeps) {
            lines.add(line.toString());
          }
        }
        assertThat(access).isEqualTo(cursor.endAccess());
      }
    }

    private void count(long word) {
      int store = EventWord.isStore(word) ? 1 : 0;
      loads += 1 - store;
      stores += store;
      pages.computeIfAbsent(EventWord.address(word) >> PAGE_BITS, _ -> new long[2])[store]++;
    }

    @Override
    public Seen result() {
      return this;
    }
  }

  private Seen traced(GuestCommand command, boolean keeps) throws Exception {
    return traced(command, keeps, AccessFilter.Choice.ALL);
  }

  private Seen traced(GuestCommand command, boolean keeps, AccessFilter.Choice choice)
      throws Exception {
    Path path = folder.resolve("a.trace");
    try (TraceFile file = TraceFile.create(path, TraceRoundTripTest.manifest(100_000))) {
      TraceWriter writer =
          new TraceWriter(
              file, 100_000, TraceRoundTripTest.ADDRESSES, _ -> null, null, _ -> List.of());
      new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
          .run(
              new Observation.Streaming(
                  List.of(new AccessFilter<>(choice, _ -> true, writer)),
                  0,
                  List.of(),
                  StreamContents.ACCESSES),
              RunObserver.NONE);
      writer.result();
      file.complete(TraceRoundTripTest.END);
    }
    Seen seen = new Seen(keeps);
    try (TraceReader reader = TraceReader.open(path)) {
      reader.replay(List.of(seen));
    }
    return seen;
  }

  @ParameterizedTest
  @ValueSource(strings = {"stacks", "rewrites", "oddities"})
  void hasAsManyLoadsAndStoresAsTheMemPluginSees(String guest) throws Exception {
    GuestCommand command = TestGuests.command(TestGuests.program(guest));
    Seen seen = traced(command, false);
    assertThat(seen.loads).isEqualTo(Witness.loads(command, null)).isPositive();
    assertThat(seen.stores).isEqualTo(Witness.stores(command, null)).isPositive();
  }

  /// Loads alone, stores alone, and a page alone, each against the plugin that counts them.
  @ParameterizedTest
  @EnumSource
  void choosesAsManyAsTheWitnessesSee(DebianProgram program) throws Exception {
    GuestCommand command = program.alikeEachTime(folder);
    Seen loads = traced(command, false, new AccessFilter.Choice(true, false, 0, -1));
    assertThat(loads.loads).isEqualTo(Witness.loads(command, null)).isPositive();
    assertThat(loads.stores).isZero();
    Seen stores = traced(command, false, new AccessFilter.Choice(false, true, 0, -1));
    assertThat(stores.stores).isEqualTo(Witness.stores(command, null)).isPositive();
    assertThat(stores.loads).isZero();
    Matcher row = PAGE.matcher(Witness.testimony(command, null, "libhotpages.so"));
    assertThat(row.find()).isTrue();
    long begin = Long.parseUnsignedLong(row.group(1), 16);
    long page = begin >> PAGE_BITS;
    long last = begin + (1 << PAGE_BITS) - 1;
    Seen near = traced(command, false, new AccessFilter.Choice(true, true, begin, last));
    assertThat(near.pages.get(page))
        .containsExactly(Long.parseLong(row.group(2)), Long.parseLong(row.group(3)));
    near.pages.remove(page - 1); // accesses that begin there and end here
    assertThat(near.pages).hasSize(1);
  }

  @Test
  void touchesThePagesThatTheHotpagesPluginSees() throws Exception {
    GuestCommand command = TestGuests.dynamicCommand(TestGuests.debian("echo"), "hello");
    Seen seen = traced(command, false);
    Matcher row = PAGE.matcher(Witness.testimony(command, null, "libhotpages.so"));
    int rows = 0;
    while (row.find()) {
      long page = Long.parseUnsignedLong(row.group(1), 16) >> PAGE_BITS;
      assertThat(seen.pages.get(page))
          .as("page %x", page)
          .containsExactly(Long.parseLong(row.group(2)), Long.parseLong(row.group(3)));
      rows++;
    }
    assertThat(rows).isGreaterThan(20);
  }

  @Test
  void hasTheAddressesThatTheExeclogPluginLogs() throws Exception {
    GuestCommand command = TestGuests.dynamicCommand(TestGuests.debian("echo"), "hello");
    Seen seen = traced(command, true);
    List<String> logged = new ArrayList<>();
    for (String line : Witness.testimony(command, null, "libexeclog.so").lines().toList()) {
      String[] fields = line.split(", ", 4);
      if (fields.length < 3) {
        continue;
      }
      StringBuilder text =
          new StringBuilder(Long.toHexString(Long.parseUnsignedLong(fields[1].substring(2), 16)));
      Matcher access = LOGGED_ACCESS.matcher(line);
      while (access.find()) {
        text.append(' ')
            .append(access.group(1))
            .append(' ')
            .append(Long.toHexString(Long.parseUnsignedLong(access.group(2), 16)));
      }
      logged.add(text.toString());
    }
    assertThat(logged.size()).isGreaterThan(1000);
    for (int i = 0; i < Math.min(logged.size(), seen.lines.size()); i++) {
      assertThat(seen.lines.get(i)).as("instruction %d", i).isEqualTo(logged.get(i));
    }
    assertThat(seen.lines.size()).isEqualTo(logged.size());
  }
}
