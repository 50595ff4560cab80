package dev.cairn.profile.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.profile.block.BlockAnalysis;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.isa.AArch64;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Executions of blocks of optimized code against the counters that GCC built into it.
///
/// GCC counts the arcs of a function before it optimizes, and what it inlines, copies and moves
/// takes the counting along. So lines can't be compared, but each counter can: it is raised by
/// instructions of the program, here atomic ones, none of which can be kept in a register across a
/// loop; and together they must have executed as often as the counter says in the end.
@Tag("qemu")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class OptimizedGcovTest {
  private static final Pattern FUNCTION = Pattern.compile("FUNCTION ident=(\\d+)(?:.*`(.*)' )?");

  private static final Pattern COUNTS = Pattern.compile("\\s(\\d+): ([\\d ]+)$");
  private static final Pattern SYMBOL = Pattern.compile("(\\w+) b __gcov0\\.(\\S+)");

  /// Which instruction raises what: where accesses go that store, by the instruction's address.
  private static final class Raised implements Analysis<Map<Long, Long>> {
    private final List<BlockDefinition> blocks = new ArrayList<>();
    private final Map<Long, Long> counters;
    private final Map<Long, Long> raised = new TreeMap<>();

    /// @param counters the counters' values, by address
    Raised(Map<Long, Long> counters) {
      this.counters = counters;
    }

    @Override
    public void define(BlockDefinition block) {
      blocks.add(block);
    }

    @Override
    public void accept(Batch batch) {
      int block = -1;
      for (int i = 0; i < batch.length(); i++) {
        long word = batch.words()[i];
        if (EventWord.kind(word) == EventWord.EXECUTION) {
          block = EventWord.block(word);
        } else if (EventWord.kind(word) == EventWord.ACCESS
            && EventWord.isStore(word)
            && counters.containsKey(EventWord.address(word))) {
          long pc = blocks.get(block).pc() + 4L * EventWord.instruction(word);
          raised.put(pc, EventWord.address(word));
        }
      }
    }

    @Override
    public Map<Long, Long> result() {
      return raised;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-O1, coverage.c coverage2.c",
    "-O2, coverage.c coverage2.c",
    "-O3, coverage.c coverage2.c",
    "-O1, coverage.cc",
    "-O2, coverage.cc"
  })
  void countsWhatRaisesEachCounterAsOftenAsItWasRaised(String level, String sources)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(level, "-static", "--coverage"));
    arguments.addAll(List.of("-fprofile-update=atomic", "-march=armv8.1-a"));
    arguments.addAll(List.of(sources.split(" ", -1)));
    Path program =
        TestGuests.built("gcov" + level + "-" + sources.replaceAll("\\W", ""), arguments);
    Map<Long, Long> addresses = counterAddresses(program);
    BlockAnalysis blocks = new BlockAnalysis(new AArch64(), _ -> null);
    Raised raised = new Raised(addresses);
    new Capture(TestGuests.command(program), new StandardStreams(Path.of("/dev/null"), true))
        .run(
            new Observation.Streaming(
                List.of(blocks, raised), 0, List.of(), StreamContents.ACCESSES),
            RunObserver.NONE);
    Map<Long, Long> found = new TreeMap<>();
    addresses.keySet().forEach(address -> found.put(address, 0L));
    BlockFlow flow = blocks.result();
    raised.result().forEach((pc, counter) -> found.merge(counter, executions(flow, pc), Long::sum));
    Map<Long, Long> expected = counterValues(program, addresses);
    assertThat(found).isEqualTo(expected);
    assertThat(expected.values().stream().filter(count -> count > 0).count()).isGreaterThan(40);
  }

  private static long executions(BlockFlow flow, long pc) {
    long executions = 0;
    for (BlockStatistics block : flow.blocks()) {
      long offset = pc - block.block().pc();
      if (offset >= 0 && offset < 4L * block.block().instructions()) {
        executions += block.executions((int) (offset / 4));
      }
    }
    return executions;
  }

  private static String tool(String name) {
    return TestGuests.crossCompiler().replaceAll("gcc$", name);
  }

  /// {@return the program's files of notes or counters}
  private static List<Path> beside(Path program, String suffix) throws Exception {
    try (Stream<Path> files = Files.list(program.toAbsolutePath().getParent())) {
      String prefix = program.getFileName() + "-";
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .filter(file -> file.toString().endsWith(suffix))
          .sorted()
          .toList();
    }
  }

  /// {@return where the first counter of each function is, by its symbol}
  private static Map<String, Long> firstCounters(Path program) throws Exception {
    Map<String, Long> first = new TreeMap<>();
    Matcher symbols = SYMBOL.matcher(TestGuests.run(List.of(tool("nm"), program.toString())));
    while (symbols.find()) {
      first.put(symbols.group(2), Long.parseUnsignedLong(symbols.group(1), 16));
    }
    return first;
  }

  /// {@return all words that hold counters}
  private static Map<Long, Long> counterAddresses(Path program) throws Exception {
    Map<Long, Long> addresses = new TreeMap<>();
    String symbols = TestGuests.run(List.of(tool("nm"), "-S", program.toString()));
    Matcher sized = Pattern.compile("(\\w+) (\\w+) b __gcov0\\.").matcher(symbols);
    while (sized.find()) {
      long address = Long.parseUnsignedLong(sized.group(1), 16);
      for (long at = 0; at < Long.parseLong(sized.group(2), 16); at += 8) {
        addresses.put(address + at, 0L);
      }
    }
    return addresses;
  }

  /// {@return what the program wrote of each of its counters, by address}
  private static Map<Long, Long> counterValues(Path program, Map<Long, Long> addresses)
      throws Exception {
    Map<String, Long> first = firstCounters(program);
    Map<String, String> names = new TreeMap<>();
    for (Path notes : beside(program, ".gcno")) {
      Matcher functions =
          FUNCTION.matcher(TestGuests.run(List.of(tool("gcov-dump"), notes.toString())));
      while (functions.find()) {
        names.put(functions.group(1), functions.group(2));
      }
    }
    Map<Long, Long> values = new TreeMap<>(addresses);
    for (Path counts : beside(program, ".gcda")) {
      long at = 0;
      String said = TestGuests.run(List.of(tool("gcov-dump"), "-l", counts.toString()));
      for (String line : said.lines().toList()) {
        Matcher function = FUNCTION.matcher(line);
        Matcher numbers = COUNTS.matcher(line);
        if (function.find()) {
          at = first.getOrDefault(names.get(function.group(1)), 0L);
        } else if (at != 0 && numbers.find()) {
          long index = Long.parseLong(numbers.group(1));
          for (String number : numbers.group(2).strip().split(" ", -1)) {
            values.put(at + 8 * index++, Long.parseLong(number));
          }
        }
      }
    }
    return values;
  }
}
