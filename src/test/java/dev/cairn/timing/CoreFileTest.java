package dev.cairn.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.FormatException;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.program.isa.InstructionClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a core file may say, and what it is told if it says something else.
final class CoreFileTest {
  private static void refused(String text, String message) {
    assertThatThrownBy(() -> CoreFile.read("my.yaml", text))
        .isInstanceOf(FormatException.class)
        .hasMessage(message);
  }

  @Test
  void presetIsLikeACortexA55() throws IOException {
    CoreConfiguration core = CoreFile.open("cortex-a55");
    assertThat(core.name()).isEqualTo("cortex-a55");
    assertThat(core.pipeline().issueWidth()).isEqualTo(2);
    assertThat(core.pipeline().of(InstructionClass.FLOAT_DIVIDE).latencyCycles()).isEqualTo(22);
    assertThat(core.memory().l1d().sizeBytes()).isEqualTo(32 * 1024);
    assertThat(core.memory().l1d().sets()).isEqualTo(128);
    assertThat(core.memory().l2().prefetcher()).isNull();
  }

  @Test
  void fileMaySayOnlyWhatDiffersFromAPreset(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("small.yaml");
    Files.writeString(
        file,
        """
        base: cortex-a55
        name: small
        memory:
          l1d: {sizeBytes: 16384, replacement: lru}
          l3: null
        """);
    CoreConfiguration core = CoreFile.open(file.toString());
    assertThat(core.name()).isEqualTo("small");
    assertThat(core.memory().l1d().sizeBytes()).isEqualTo(16384);
    assertThat(core.memory().l1d().replacement()).isEqualTo(Replacement.LRU);
    assertThat(core.memory().l1d().ways()).isEqualTo(4);
    assertThat(core.memory().l3()).isNull();
  }

  /// What a core is written as goes into hashes that must be alike from one run to the next, so no
  /// order may come from a hash table, whose order the JDK changes with each start.
  @Test
  void coreIsWrittenInTheSameOrderWhateverOrderItWasReadIn() throws IOException {
    CoreConfiguration core = CoreFile.open("cortex-a55");
    assertThat(core.pipeline().units().keySet())
        .containsExactly("alu", "branch", "div", "fp", "fpdiv", "load", "mac", "store");
    assertThat(core.pipeline().classes().keySet()).containsExactly(InstructionClass.values());
    CoreConfiguration other =
        CoreFiles.with(
            "pipeline: {units: {store: 1, mac: 1, alu: 2, branch: 1, load: 1, fpdiv: 1, fp: 2, div:"
                + " 1}}");
    assertThat(other.toString()).isEqualTo(core.toString());
  }

  @Test
  void coreIsWrittenAlikeByAnotherJavaMachine() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WrittenCore.class.getName())
            .redirectErrorStream(true)
            .start();
    String written = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).as(written).isZero();
    assertThat(written.strip()).isEqualTo(CoreFile.open("cortex-a55").toString());
  }

  /// Prints the preset.
  static final class WrittenCore {
    private WrittenCore() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(CoreFile.open("cortex-a55"));
    }
  }

  @Test
  void unknownFieldIsRefusedWithWhatWasMeant() {
    refused(
        "base: cortex-a55\nmemory:\n  l2:\n    latencyCycle: 7\n",
        "my.yaml:4: unknown field 'latencyCycle' in memory.l2; did you mean 'latencyCycles'?");
    refused(
        "base: cortex-a55\npipelin: {}\n",
        "my.yaml:2: unknown field 'pipelin'; did you mean 'pipeline'?");
    refused(
        "base: cortex-a55\npipeline: {classes: {lod: {latencyCycles: 2}}}\n",
        "my.yaml:2: unknown field 'lod' in pipeline.classes; did you mean 'load'?");
    refused("base: cortex-a55\nzzz: 1\n", "my.yaml:2: unknown field 'zzz'");
  }

  @Test
  void unknownFieldInAListIsRefusedToo() {
    refused(
        """
        base: cortex-a55
        pipeline:
          forwarding:
            - {from: [load], to: [store], operand: any, saves: 1}
        """,
        "my.yaml:4: unknown field 'saves' in pipeline.forwarding");
  }

  @Test
  void missingFieldIsNamed() {
    refused("name: x\n", "my.yaml: missing field 'pipeline'");
    refused(
        "base: cortex-a55\npipeline:\n  classes:\n    load: null\n    store: {units: [store]}\n",
        "my.yaml:4: pipeline.classes.load must be a mapping: null");
  }

  @Test
  void valuesAreCheckedWithTheRuleAndTheValue() {
    refused(
        "base: cortex-a55\nmemory:\n  l1d:\n    lineBytes: 48\n",
        "my.yaml:3: memory.l1d: lineBytes must be a power of two up to 4096: 48");
    refused(
        "base: cortex-a55\npipeline: {issueWidth: 0}\n",
        "my.yaml:2: pipeline: issueWidth must be between 1 and 8: 0");
    refused(
        "base: cortex-a55\npipeline: {classes: {load: {units: [lod]}}}\n",
        "my.yaml:2: pipeline: classes.load.units must be among"
            + " [alu, branch, div, fp, fpdiv, load, mac, store]: lod");
    refused(
        "base: cortex-a55\nbranch: {direction: {entries: 1000}}\n",
        "my.yaml:2: branch.direction: entries must be a power of two up to 1048576: 1000");
  }

  @Test
  void wordsAndNumbersAreToldApart() {
    refused(
        "base: cortex-a55\nmemory: {l1d: {ways: four}}\n",
        "my.yaml:2: memory.l1d.ways must be an integer: four");
    refused(
        "base: cortex-a55\nmemory: {l1d: {ways: 4.5}}\n",
        "my.yaml:2: memory.l1d.ways must be an integer: 4.5");
    refused("base: cortex-a55\nmemory: {l1d: 7}\n", "my.yaml:2: memory.l1d must be a mapping: 7");
    refused(
        "base: cortex-a55\nmemory: {l1d: {replacement: plruu}}\n",
        "my.yaml:2: memory.l1d.replacement must be one of lru, plru, fifo, random, srrip,"
            + " brrip, drrip, ship: plruu;"
            + " did you mean 'plru'?");
    refused(
        "base: cortex-a55\nmemory: {l1d: {ways: 99999999999}}\n",
        "my.yaml:2: memory.l1d.ways must be an integer of 32 bits: 99999999999");
  }

  @Test
  void unknownPresetIsRefused() {
    assertThatThrownBy(() -> CoreFile.open("cortex-a5"))
        .hasMessage(
            "cortex-a5: no such core; there are cortex-a55; or name a file; did you mean"
                + " 'cortex-a55'?");
    refused(
        "base: cortex-a57\n",
        "my.yaml:1: base must be one of cortex-a55: cortex-a57; did you mean 'cortex-a55'?");
  }

  @Test
  void whatIsNotYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> CoreFile.read("my.yaml", "name: x\npipeline: [1, 2\nbranch: }\n"))
        .isInstanceOf(FormatException.class)
        .hasMessage("my.yaml:3: not YAML: expected ',' or ']', but got :");
    refused("", "my.yaml:1: a core file must be a YAML mapping");
    refused("- 1\n", "my.yaml:1: a core file must be a YAML mapping");
  }

  @Test
  void fileThatIsNotThereIsAnIoError(@TempDir Path folder) {
    assertThatThrownBy(() -> CoreFile.open(folder.resolve("none.yaml").toString()))
        .isInstanceOf(IOException.class);
  }
}
