package dev.cairn.program.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.program.CrossTools;
import dev.cairn.program.ProgramWords;
import dev.cairn.program.isa.text.AArch64Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares the text of instructions with Capstone 5 and with GNU objdump, once numbers, lists and
/// addresses are spelled alike.
///
/// Where they differ by more, and why, is what [WitnessText#asCapstone] and [WitnessText#asObjdump]
/// say, which put our text as they do; nothing else may.
class DisassemblyOracleTest {
  private static final long PC = 0x4000_0000L;

  /// How much of the words of real programs needs no such rule.
  private static final double ALIKE = 0.9999;

  private final AArch64 isa = new AArch64();

  @TempDir private Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void agreesWithCapstoneOverAllEncodingGroups(long seed) throws Exception {
    assertThat(compareWithCapstone(InstructionWords.ofAllGroups(seed)).disagreements).isEmpty();
  }

  @Test
  void agreesWithCapstoneOverHintsBarriersAndSystemRegisters() throws Exception {
    assertThat(compareWithCapstone(InstructionWords.ofTheSystem()).disagreements).isEmpty();
  }

  @Test
  void agreesWithCapstoneOverAllInstructionsOfRealPrograms() throws Exception {
    Comparison comparison = compareWithCapstone(realWords());
    assertThat(comparison.disagreements).isEmpty();
    assertThat(comparison.alike()).isGreaterThan(ALIKE);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void agreesWithObjdumpOverAllEncodingGroups(long seed) throws Exception {
    assertThat(compareWithObjdump(InstructionWords.ofAllGroups(seed)).disagreements).isEmpty();
  }

  @Test
  void agreesWithObjdumpOverAllInstructionsOfRealPrograms() throws Exception {
    Comparison comparison = compareWithObjdump(realWords());
    assertThat(comparison.disagreements).isEmpty();
    assertThat(comparison.alike()).isGreaterThan(ALIKE);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void hasATextForExactlyWhatTheDecoderKnows(long seed) {
    List<String> wrong = new ArrayList<>();
    for (int word : InstructionWords.ofAllGroups(seed)) {
      boolean decoded =
          isa.decode(PC, word).kind() != InstructionClass.UNKNOWN
              && !InstructionWords.isScalable(word);
      String text = AArch64Text.of(PC, word);
      if (decoded != isKnown(text)) {
        wrong.add(Integer.toHexString(word) + " " + text);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static int[] realWords() throws IOException {
    String sysroot = System.getenv("CAIRN_SYSROOT");
    assumeTrue(sysroot != null, "CAIRN_SYSROOT is not set");
    int[] words = ProgramWords.distinct(Path.of(sysroot));
    assertThat(words).hasSizeGreaterThan(10_000);
    return words;
  }

  private static boolean isKnown(String text) {
    return !text.startsWith(".");
  }

  /// What came out of a comparison.
  private static final class Comparison {
    private int compared;
    private int alike;

    /// The first word that disagrees, by mnemonics.
    private final SortedMap<String, String> disagreements = new TreeMap<>();

    void add(int word, String theirs, String ours, boolean same, boolean sameByRule) {
      compared++;
      alike += same ? 1 : 0;
      if (!same && !sameByRule) {
        disagreements.putIfAbsent(
            theirs.split("\\s", 2)[0] + " or " + ours.split(" ", 2)[0],
            Integer.toHexString(word) + " " + theirs + " but " + ours);
      }
    }

    double alike() {
      return (double) alike / compared;
    }
  }

  private Comparison compareWithCapstone(int[] words) throws IOException, InterruptedException {
    String capstone = System.getenv("CAIRN_CAPSTONE");
    assumeTrue(capstone != null, "CAIRN_CAPSTONE is not set");
    List<String> lines = new Capstone(Path.of(capstone)).disassemble(words, PC);
    Comparison comparison = new Comparison();
    for (int i = 0; i < words.length; i++) {
      int word = words[i];
      String theirs = lines.get(i);
      String ours = AArch64Text.of(PC + 4L * i, word);
      if (InstructionWords.isScalable(word)) {
        continue;
      }
      if (isKnown(ours) && isKnown(theirs)) {
        String expected = WitnessText.spelled(theirs);
        String spelled = WitnessText.spelled(ours);
        boolean byRule = WitnessText.asCapstone(word, spelled).equals(expected);
        comparison.add(word, theirs, ours, spelled.equals(expected), byRule);
      } else {
        boolean byRule =
            CapstoneOracleTest.mayDiffer(word, AssemblyText.parse(theirs), isa.decode(PC, word));
        comparison.add(word, theirs, ours, isKnown(ours) == isKnown(theirs), byRule);
      }
    }
    return comparison;
  }

  /// Compares what both know: objdump also knows later versions of the architecture and encodings
  /// that are reserved.
  private Comparison compareWithObjdump(int[] words) throws IOException, InterruptedException {
    List<String> lines = objdump(words);
    Comparison comparison = new Comparison();
    for (int i = 0; i < words.length; i++) {
      String theirs = lines.get(i);
      String ours = AArch64Text.of(PC + 4L * i, words[i]);
      if (isKnown(ours) && isKnown(theirs) && !theirs.startsWith("rprfm\t")) { // Armv8.9
        String expected = WitnessText.ofObjdump(theirs);
        String spelled = WitnessText.spelled(ours);
        boolean byRule = WitnessText.asObjdump(words[i], spelled).equals(expected);
        comparison.add(words[i], theirs, ours, spelled.equals(expected), byRule);
      }
    }
    return comparison;
  }

  private List<String> objdump(int[] words) throws IOException, InterruptedException {
    ByteBuffer code = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    code.asIntBuffer().put(words);
    Files.write(folder.resolve("code"), code.array());
    String options = "-D -z -b binary -maarch64 --adjust-vma=0x" + Long.toHexString(PC) + " code";
    List<String> lines = new ArrayList<>();
    for (String line : new CrossTools(folder).run("objdump", options).split("\n", -1)) {
      String[] columns = line.split("\t", 3); // address, word, text
      if (columns.length == 3) {
        lines.add(columns[2]);
      }
    }
    assertThat(lines).hasSize(words.length);
    return lines;
  }
}
