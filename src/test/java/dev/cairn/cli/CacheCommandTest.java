package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.Golden;
import dev.cairn.TestGuests;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.run.ExitStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `cairn cache` and `cairn locality` as a user calls them.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class CacheCommandTest {
  @TempDir private Path folder;

  private JsonNode run(String command, String... args) throws Exception {
    Path json = folder.resolve(command + ".json");
    List<String> line = new ArrayList<>(List.of(command, "--json", json.toString()));
    line.addAll(List.of(args));
    Launcher.Result result = Launcher.process(line.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.errorOutput()).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  private static String mix() {
    return TestGuests.program("mix").toString();
  }

  @Test
  void teaches() throws Exception {
    Golden.check("dev/cairn/cli/cache-help.txt", Launcher.run("cache", "--help").output());
    Golden.check("dev/cairn/cli/locality-help.txt", Launcher.run("locality", "--help").output());
  }

  @Tag("qemu")
  @Test
  void severalConfigurationsAreEachAsAlone() throws Exception {
    JsonNode both = run("cache", "--config", "cortex-a55", "--config", "qemu", "--", mix());
    JsonNode alone = run("cache", "--config", "qemu", "--", mix());
    assertThat(both.get("configurations").get(1).get("levels")).isEqualTo(alone.get("levels"));
    JsonNode first = both.get("configurations").get(0).get("levels").get(0);
    assertThat(first.get("name").asText()).isEqualTo("L1I");
    assertThat(first.get("accesses").asLong()).isEqualTo(both.get("instructions").asLong());
    assertThat(first.get("misses").asLong()).isPositive();
  }

  /// The exact curve of reuse is what a fully associative cache of that size misses.
  @Tag("qemu")
  @Test
  void localityAndCacheAgreeOnAFullyAssociativeCache() throws Exception {
    JsonNode curve = run("locality", "--", mix());
    JsonNode cache = run("cache", "--l1d", "4K,64,64", "--", mix());
    JsonNode level = cache.get("levels").get(0);
    double ratio = level.get("misses").asDouble() / level.get("accesses").asDouble();
    assertThat(curve.get("missRatio").get("sizes").get(6).get("lines").asInt()).isEqualTo(64);
    assertThat(curve.get("missRatio").get("sizes").get(6).get("ratio").asDouble()).isEqualTo(ratio);
    assertThat(curve.get("loads")).isEqualTo(cache.get("loads"));
    JsonNode sampled = run("locality", "--sample", "0.1", "--", mix());
    double most = sampled.get("missRatio").get("sampled").get("halfWidthMost").asDouble();
    assertThat(sampled.get("missRatio").get("sizes").get(12).get("ratio").asDouble())
        .isCloseTo(
            curve.get("missRatio").get("sizes").get(12).get("ratio").asDouble(),
            org.assertj.core.data.Offset.offset(most));
  }

  @Tag("qemu")
  @Test
  void filesHaveWhatTheTablesShow() throws Exception {
    Path csv = folder.resolve("places.csv");
    Path slices = folder.resolve("slices.csv");
    JsonNode result =
        run(
            "cache",
            "--by",
            "pc",
            "--interval",
            "10M",
            "--kinds",
            "--csv",
            csv.toString(),
            "--export",
            "timeline=" + slices,
            "--",
            mix());
    JsonNode data = result.get("levels").get(1);
    assertThat(
            data.get("compulsory").asLong()
                + data.get("capacity").asLong()
                + data.get("conflict").asLong())
        .isEqualTo(data.get("misses").asLong());
    assertThat(Files.readAllLines(csv)).hasSize(1 + result.get("total").asInt());
    assertThat(Files.readAllLines(slices)).hasSize(1 + result.get("intervals").size());
    long misses = 0;
    for (JsonNode place : result.get("places")) {
      misses += place.get("misses").get("L1D").asLong();
    }
    assertThat(misses).isEqualTo(data.get("misses").asLong());
  }

  @Tag("qemu")
  @Test
  void endsQuietlyWhenItsReaderGoesAway() throws Exception {
    Launcher.Result result =
        Launcher.process("cache", "--by", "pc", "--csv", "-", "--json", "-", "--", mix());
    assertThat(result.exitCode()).isZero();
    String script =
        "exec '%s' -Xmx512m --enable-native-access=ALL-UNNAMED -cp '%s' %s cache --by pc --csv - -- '%s' | head -1"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Main.class.getName(),
                mix());
    Process process = new ProcessBuilder("bash", "-c", script).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(output).doesNotContain("Exception").doesNotContain("this is a bug");
  }

  @Tag("qemu")
  @Test
  void refusesATraceWithoutAddresses() throws Exception {
    Path trace = folder.resolve("run.trace");
    Launcher.process(
        "trace", "-o", trace.toString(), "--", TestGuests.program("regions").toString());
    for (String command : List.of("cache", "locality")) {
      Launcher.Result result = Launcher.process(command, trace.toString());
      assertThat(result.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
      assertThat(result.errorOutput())
          .startsWith("cairn: " + trace + ": has no memory accesses; 'cairn trace --addresses");
    }
  }

  @Tag("qemu")
  @Test
  void seesTheSameInATrace() throws Exception {
    Path trace = folder.resolve("addresses.trace");
    String program = TestGuests.program("regions").toString();
    Launcher.process("trace", "--addresses", "-o", trace.toString(), "--", program);
    for (String command : List.of("cache", "locality")) {
      JsonNode live = run(command, "--", program);
      assertThat(live.get("loads").asLong()).as(command).isPositive();
      assertThat(run(command, trace.toString())).as(command).isEqualTo(live);
    }
  }

  /// The guest accesses each of its variables a known number of times, and a heap, a mapping and a
  /// stack at least so many.
  @Tag("qemu")
  @Test
  void tellsWhereTheDataLie() throws Exception {
    JsonNode result = run("cache", "--by", "range", "--", TestGuests.program("ranges").toString());
    Map<String, JsonNode> places = new HashMap<>();
    long sum = 0;
    for (JsonNode place : result.get("places")) {
      places.put(place.get("range").asText(), place);
      sum += place.get("accesses").asLong();
    }
    assertThat(sum).isEqualTo(result.get("loads").asLong() + result.get("stores").asLong());
    assertThat(accesses(places, "table (ranges)")).isEqualTo(2 * 4096);
    assertThat(accesses(places, "values (ranges)")).isEqualTo(4096);
    assertThat(accesses(places, "stack")).isGreaterThanOrEqualTo(1024);
    assertThat(accesses(places, "heap")).isGreaterThanOrEqualTo(2048);
    assertThat(accesses(places, "mappings without a file")).isBetween(16384L, 16384L + 100);
    assertThat(
            Objects.requireNonNull(places.get("table (ranges)")).get("misses").get("L1D").asLong())
        .isEqualTo(512);
    JsonNode plain = run("cache", "--", TestGuests.program("ranges").toString());
    assertThat(plain.get("levels")).isEqualTo(result.get("levels"));
  }

  /// The parts of a run have together the accesses of the whole, to each range, live and of a
  /// trace; so has what goes on from a checkpoint.
  @Tag("qemu")
  @Test
  void tellsWhereTheDataOfAPartLie() throws Exception {
    Path trace = folder.resolve("ranges.trace");
    String program = TestGuests.program("ranges").toString();
    Launcher.process("trace", "--addresses", "-o", trace.toString(), "--", program);
    JsonNode whole = run("cache", "--by", "range", trace.toString());
    String middle = String.valueOf(whole.get("instructions").asLong() * 3 / 4);
    Map<String, Long> back = accesses(byRange("--from", middle, trace.toString()));
    assertThat(back).containsKeys("heap", "stack", "mappings without a file");
    Map<String, Long> sums = accesses(byRange("--until", middle, trace.toString()));
    assertThat(accesses(byRange("--until", middle, "--", program))).isEqualTo(sums);
    back.forEach((range, count) -> sums.merge(range, count, Long::sum));
    assertThat(sums).isEqualTo(accesses(whole));
    assertThat(byRange("--from", middle, "--", program))
        .isEqualTo(byRange("--from", middle, trace.toString()));
    assertThat(byRange("--from", "main", "--", program))
        .isEqualTo(byRange("--from", "main", trace.toString()));
    Path store = folder.resolve("store");
    Launcher.process("checkpoint", "--at", middle, "-o", store.toString(), "--", program);
    Path kept = store.resolve(CheckpointStore.names(store).getFirst());
    assertThat(accesses(byRange("--restore", kept.toString()))).isEqualTo(back);
  }

  /// Libraries are mapped, and data files mapped and unmapped, as the program runs; of a trace code
  /// is known before. The loader writes to variables before any code of their library executes.
  @Tag("qemu")
  @Test
  void namesWhatLibrariesAndFilesHaveInATraceToo() throws Exception {
    String gzip = TestGuests.debian("gzip").toString();
    Path trace = folder.resolve("gzip.trace");
    Path live = folder.resolve("live.json");
    Launcher.process(
        Launcher.debian(
            "trace", List.of("--addresses", "-o", trace.toString()), gzip, "--version"));
    Launcher.process(
        Launcher.debian(
            "cache", List.of("--by", "range", "--json", live.toString()), gzip, "--version"));
    Map<String, Long> recorded = accesses(byRange(trace.toString()));
    Map<String, Long> seen = accesses(new ObjectMapper().readTree(live.toFile()));
    assertThat(recorded).containsKeys("environ (libc.so.6)", "gzip", "ld.so.cache");
    assertThat(seen).isEqualTo(recorded);
  }

  private JsonNode byRange(String... more) throws Exception {
    List<String> line = new ArrayList<>(List.of("--by", "range"));
    line.addAll(List.of(more));
    return run("cache", line.toArray(String[]::new));
  }

  private static Map<String, Long> accesses(JsonNode result) {
    Map<String, Long> accesses = new HashMap<>();
    result
        .get("places")
        .forEach(
            place -> accesses.put(place.get("range").asText(), place.get("accesses").asLong()));
    return accesses;
  }

  private static long accesses(Map<String, JsonNode> places, String name) {
    assertThat(places).containsKey(name);
    return Objects.requireNonNull(places.get(name)).get("accesses").asLong();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cache --l1d 48K,8,64 -- x | --l1d 48K,8,64: sizeBytes / (ways * lineBytes), the number of"
            + " sets, must be a power of two",
        "cache --l1d 32K,8 -- x | --l1d 32K,8: is no cache: give SIZE,WAYS,LINE, as 32K,8,64",
        "cache --l1d 32Q,8,64 -- x | --l1d 32Q,8,64: '32Q' is not a size",
        "cache --l1d 256,8,64 -- x | --l1d 256,8,64: ways must be between 1 and the lines that"
            + " there are, sizeBytes / lineBytes = 4: 8",
        "cache --l1d 32K,8,48 -- x | --l1d 32K,8,48: lineBytes must be a power of two between 8 and"
            + " 4096: 48",
        "cache --l1d 32,1,64 -- x | --l1d 32,1,64: lineBytes must not be more than sizeBytes = 32:"
            + " 64",
        "cache --l1d 32K,8,64 --l2 1M,16,32 -- x | L2.lineBytes must not be less than that of L1D above"
            + " it, 64: 32",
        "cache --l2 1M,16,64 -- x | --l2 and --l3 need a cache above",
        "cache --l1d 32K,8,64 --l3 1M,16,64 -- x | --l3 needs a cache above: give --l2 as well",
        "cache --config qemu --l1d 32K,8,64 -- x | --l1d contradicts --config",
        "cache --config qemu --replacement fifo -- x | --replacement contradicts --config",
        "cache --replacement lri -- x | --replacement lri: no such policy; there are lru, plru,"
            + " fifo, random, srrip, brrip, drrip, ship; did you mean 'lru'?",
        "cache --by file -- x | --by file: there are function, line, pc, range",
        "cache --interval 0 -- x | --interval must be at least 1: 0",
        "cache --export timeline=x -- x | --export timeline needs --interval N",
        "cache --physical huge-pages --page 4K -- x | --physical huge-pages: its pages have 64 KiB at"
            + " least (first-touch places smaller ones): 4096",
        "locality --line 48 -- x | lineBytes must be a power of two between 8 and 4096: 48",
        "locality --page 32 -- x | pageBytes must be a power of two and at least lineBytes = 64:"
            + " 32",
        "locality --sample 0 -- x | --sample must be above 0 and up to 1: 0.0",
        "locality --interval 0 -- x | intervalInstructions must be at least 1: 0",
      })
  void saysWhichRuleIsBroken(String line, String message) {
    Launcher.Result result = Launcher.run(line.split(" ", -1));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: " + message);
  }

  @Test
  void saysInOneLineThatACacheIsTooLargeForThisJava() throws Exception {
    Launcher.Result result =
        Launcher.process("cache", "--l1d", "64G,64,64", "--", TestGuests.program("mix").toString());
    assertThat(result.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.errorOutput())
        .startsWith("cairn: this takes more memory than there is: Java has ")
        .hasLineCount(1);
  }

  @Test
  void aPresetThatIsMisspeltIsHintedAt() {
    Launcher.Result result = Launcher.run("cache", "--config", "cortex-a5", "--", "x");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(result.errorOutput())
        .startsWith("cairn: cortex-a5: no such hierarchy; there are cortex-a55, three-levels, qemu")
        .contains("did you mean 'cortex-a55'?");
  }
}
