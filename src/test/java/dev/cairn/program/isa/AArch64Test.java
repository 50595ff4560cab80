package dev.cairn.program.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AArch64Test {
  private static final long PC = 0x1000;

  /// So far up that no branch reaches address 0, which would look like no target.
  private static final long FAR_PC = 0x7f00_0000_0000L;

  private static final AArch64 ISA = new AArch64();

  /// The words come from GNU as 2.40; each expectation was read over by hand.
  @Test
  void decodesTheGoldenInstructions() throws IOException {
    List<String> lines = goldenLines();
    assertThat(lines).hasSizeGreaterThan(150);
    for (String line : lines) {
      String[] parts = line.split(" \\| ", 3);
      Instruction instruction = ISA.decode(PC, Integer.parseUnsignedInt(parts[0], 16));
      assertThat(describe(instruction)).as(parts[1]).isEqualTo(parts[2]);
    }
  }

  @Test
  void decodesBytesLittleEndianAtAnOffset() {
    byte[] code = {0, 0, 0, 0, 0x20, 0, 0x02, (byte) 0x8b};
    Instruction add = ISA.decode(PC, code, 4);
    assertThat(describe(add)).startsWith("INTEGER | x0 <- x1 x2");
    assertThat(add.size()).isEqualTo(4);
  }

  @Test
  void claimsNothingOfUnallocatedEncodings() {
    Instruction unknown = ISA.decode(PC, 0xffff_ffff);
    assertThat(describe(unknown)).isEqualTo("UNKNOWN | <-");
    assertThat(unknown.baseUpdate()).isEqualTo(Instruction.NO_REGISTER);
  }

  @Test
  void tellsScalableVectorsApartWithoutOperands() {
    assertThat(describe(ISA.decode(PC, 0x04a0_3000))).isEqualTo("VECTOR | <-"); // eor z0.d
    assertThat(describe(ISA.decode(PC, 0xa5e0_5c5c))).isEqualTo("LOAD | <-"); // ld1d
    assertThat(describe(ISA.decode(PC, 0xe5bd_bc63))).isEqualTo("STORE | <-"); // st1d
    assertThat(describe(ISA.decode(PC, 0xe120_6200))).isEqualTo("STORE | <-"); // str za
  }

  @Test
  void namesItsRegisters() {
    assertThat(ISA.registerName(30)).isEqualTo("x30");
    assertThat(ISA.registerName(AArch64.SP)).isEqualTo("sp");
    assertThat(ISA.registerName(AArch64.V0 + 31)).isEqualTo("v31");
    assertThat(ISA.registerName(AArch64.FPSR)).isEqualTo("fpsr");
    assertThatThrownBy(() -> ISA.registerName(67)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12})
  void givesAConsistentInstructionForEachWord(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 1_000_000; i++) {
      int word = random.nextInt();
      check(word, ISA.decode(FAR_PC, word));
    }
  }

  private static void check(int word, Instruction i) {
    boolean unknown = i.kind() == InstructionClass.UNKNOWN;
    boolean scalable = ((word >>> 25) & 15) == 2 || (word < 0 && ((word >>> 25) & 15) == 0);
    boolean consistent =
        i.size() == 4
            && isAscending(i.sources())
            && isAscending(i.destinations())
            && isAscending(i.addressSources())
            && contains(i.sources(), i.addressSources())
            && (i.target() != 0) == i.branch().isDirect()
            && (i.kind() == InstructionClass.BRANCH)
                == (i.branch().endsBlock() && i.kind() != InstructionClass.SYSTEM)
            && (i.branch().isCall() == writes(i, 30) || !i.branch().endsBlock())
            && (!i.loads() || i.kind() == InstructionClass.LOAD || isAtomic(i))
            && (!i.stores() || i.kind() == InstructionClass.STORE || isAtomic(i))
            && (!isAtomic(i) || (i.loads() && i.stores()))
            && (i.baseUpdate() == Instruction.NO_REGISTER
                || (writes(i, i.baseUpdate()) && i.addressSources().length > 0))
            && (!(unknown || scalable) || (i.sources().length | i.destinations().length) == 0);
    assertThat(consistent).as("%08x %s", word, describe(i)).isTrue();
  }

  private static boolean isAtomic(Instruction i) {
    return i.kind() == InstructionClass.ATOMIC;
  }

  private static boolean writes(Instruction i, int register) {
    return Arrays.binarySearch(i.destinations(), register) >= 0;
  }

  private static boolean contains(int[] all, int[] some) {
    return Arrays.stream(some).allMatch(register -> Arrays.binarySearch(all, register) >= 0);
  }

  private static boolean isAscending(int[] registers) {
    for (int i = 0; i < registers.length; i++) {
      if (registers[i] < 0
          || registers[i] >= ISA.registerCount()
          || (i > 0 && registers[i] <= registers[i - 1])) {
        return false;
      }
    }
    return true;
  }

  static String describe(Instruction i) {
    StringBuilder text = new StringBuilder(i.kind().name());
    if (i.branch() != BranchKind.NONE) {
      text.append(' ').append(i.branch());
    }
    if (i.branch().isDirect()) {
      text.append(" to ").append(Long.toHexString(i.target()));
    }
    text.append(" |").append(names(i.destinations())).append(" <-").append(names(i.sources()));
    if (i.addressSources().length > 0) {
      text.append(" | at").append(names(i.addressSources()));
    }
    if (i.loads()) {
      text.append(" | loads ").append(i.loadBytes());
    }
    if (i.stores()) {
      text.append(" | stores ").append(i.storeBytes());
    }
    if (i.baseUpdate() != Instruction.NO_REGISTER) {
      text.append(" | updates ").append(ISA.registerName(i.baseUpdate()));
    }
    if (i.elements() > 0) {
      text.append(" | ").append(i.elements()).append(" x ").append(i.elementBits());
    }
    return text.toString();
  }

  private static String names(int[] registers) {
    return Arrays.stream(registers)
        .mapToObj(register -> " " + ISA.registerName(register))
        .collect(Collectors.joining());
  }

  private static List<String> goldenLines() throws IOException {
    try (InputStream golden =
        Objects.requireNonNull(AArch64Test.class.getResourceAsStream("golden-a64.txt"))) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }
}
