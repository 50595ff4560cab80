package dev.cairn.program.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.program.ProgramWords;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares the decoder with Capstone 5: known or not, class, branch, target, and each register
/// read, written, and used in an address, as [AssemblyRules] tell them from Capstone's text.
///
/// SVE and SME are left out, as no operands are claimed for them. Where the two may differ, and
/// why, is what [#mayDiffer] says; nothing else may.
class CapstoneOracleTest {
  private static final long PC = 0x4000_0000L;

  /// Keeps the test to seconds; `-Dcairn.oracle.words=N` takes more.
  private static final int MOST_REAL_WORDS = Integer.getInteger("cairn.oracle.words", 50_000);

  private final AArch64 isa = new AArch64();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void agreesWithCapstoneOverAllEncodingGroups(long seed) throws Exception {
    assertThat(compare(InstructionWords.ofAllGroups(seed))).isEmpty();
  }

  @Test
  void agreesWithCapstoneOverHintsBarriersAndSystemRegisters() throws Exception {
    assertThat(compare(InstructionWords.ofTheSystem())).isEmpty();
  }

  @Test
  void agreesWithCapstoneOverInstructionsOfRealPrograms() throws Exception {
    String sysroot = System.getenv("CAIRN_SYSROOT");
    assumeTrue(sysroot != null, "CAIRN_SYSROOT is not set");
    int[] words = ProgramWords.distinct(Path.of(sysroot));
    assertThat(words).hasSizeGreaterThan(10_000);
    int step = Math.ceilDiv(words.length, MOST_REAL_WORDS);
    int[] sample = IntStream.range(0, words.length / step).map(i -> words[i * step]).toArray();
    assertThat(compare(sample)).isEmpty();
  }

  /// {@return what disagrees and the first word that does, by kind of disagreement and mnemonic}
  private SortedMap<String, String> compare(int[] words) throws IOException, InterruptedException {
    String folder = System.getenv("CAIRN_CAPSTONE");
    assumeTrue(folder != null, "CAIRN_CAPSTONE is not set");
    int[] compared =
        Arrays.stream(words).filter(word -> !InstructionWords.isScalable(word)).toArray();
    List<String> lines = new Capstone(Path.of(folder)).disassemble(compared, PC);
    SortedMap<String, String> disagreements = new TreeMap<>();
    for (int i = 0; i < compared.length; i++) {
      compare(PC + 4L * i, compared[i], lines.get(i), disagreements);
    }
    return disagreements;
  }

  private void compare(long pc, int word, String line, SortedMap<String, String> disagreements) {
    AssemblyText text = AssemblyText.parse(line);
    Instruction instruction = isa.decode(pc, word);
    boolean known = instruction.kind() != InstructionClass.UNKNOWN;
    String disagreement = "";
    if (known != text.isKnown()) {
      disagreement = mayDiffer(word, text, instruction) ? "" : "known";
    } else if (known) {
      disagreement = difference(text, instruction);
    }
    if (!disagreement.isEmpty()) {
      disagreements.putIfAbsent(
          disagreement + " " + text.mnemonic(),
          Integer.toHexString(word) + " " + line + " but " + describe(instruction));
    }
  }

  private static String difference(AssemblyText text, Instruction instruction) {
    if (AssemblyRules.kind(text) != instruction.kind()) {
      return "class";
    } else if (AssemblyRules.branch(text) != instruction.branch()) {
      return "branch";
    } else if (!AssemblyRules.sources(text).equals(set(instruction.sources()))) {
      return "sources";
    } else if (!AssemblyRules.destinations(text).equals(set(instruction.destinations()))) {
      return "destinations";
    } else if (!AssemblyRules.addressSources(text).equals(set(instruction.addressSources()))) {
      return "address";
    } else if (instruction.branch().isDirect() && text.immediate() != instruction.target()) {
      return "target";
    }
    return "";
  }

  /// {@return whether the decoder and Capstone are both right, or Capstone known to be wrong, where
  /// one knows an encoding and the other does not}
  static boolean mayDiffer(int word, AssemblyText text, Instruction instruction) {
    Encoding e = new Encoding(word);
    boolean onlyCapstone = text.isKnown();
    if (onlyCapstone) {
      // It names unallocated system registers by number, and still knows transactional memory.
      boolean systemRegister = text.mnemonic().equals("mrs") || text.mnemonic().equals("msr");
      return (systemRegister && e.bits(20, 19) == 0)
          || text.mnemonic().matches("t(cancel|start|test|commit)");
    }
    boolean loadPair = e.bit(22) && (e.bits(29, 27) == 0b101 || e.bits(29, 21) == 0b001000_011);
    boolean unprivileged =
        e.bits(29, 27) == 0b111 && e.bits(25, 24) == 0 && !e.bit(21) && e.bits(11, 10) == 0b10;
    boolean copyOrSet =
        e.bits(31, 27) == 0b00011 && e.bits(25, 24) == 0b01 && !e.bit(21) && e.bits(11, 10) == 0b01;
    boolean overlaps = e.d() == e.n() || e.d() == e.m() || e.n() == e.m();
    boolean namesZero = e.d() == 31 || e.n() == 31 || e.m() == 31;
    boolean taggedPair = e.bits(31, 25) == 0b0110100 && !e.bit(22);
    // What the core may or may not accept: a base register that is loaded or stored as well, …
    return (instruction.baseUpdate() != Instruction.NO_REGISTER
            && (e.d() == e.n() || e.a() == e.n()))
        || (loadPair && e.d() == e.a()) // … one register loaded twice, …
        || (copyOrSet && (overlaps || namesZero))
        // … fields that should be ones.
        || (e.bits(29, 21) == 0b001000_010 && (e.m() != 31 || e.a() != 31))
        || taggedPair // stgp: Capstone 5.0 does not know it
        || (unprivileged && e.d() == e.n()); // ldtr x1, [x1]: it takes this for a write-back
  }

  private static String describe(Instruction instruction) {
    return instruction.kind()
        + " "
        + instruction.branch()
        + " to "
        + Long.toHexString(instruction.target())
        + " writes "
        + Arrays.toString(instruction.destinations())
        + " reads "
        + Arrays.toString(instruction.sources())
        + " at "
        + Arrays.toString(instruction.addressSources());
  }

  private static Set<Integer> set(int[] registers) {
    return Arrays.stream(registers).boxed().collect(Collectors.toSet());
  }
}
