package dev.cairn.program.isa.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cairn.program.isa.AArch64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AArch64TextTest {
  private static final long PC = 0x40_0000;

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ':',
      textBlock =
          """
          91004000: add x0, x0, #0x10
          910003fd: mov x29, sp
          92800000: mov x0, #-1
          f240001f: tst x0, #1
          d340fc00: lsr x0, x0, #0
          1a9f17e0: cset w0, eq
          8b22c020: add x0, x1, w2, sxtw
          d503201f: nop
          d65f03c0: ret
          d53bd040: mrs x0, tpidr_el0
          d53fffe0: mrs x0, s3_7_c15_c15_7
          d50b7420: dc zva, x0
          d5033bbf: dmb ish
          a9bf7bfd: stp x29, x30, [sp, #-0x10]!
          f8408420: ldr x0, [x1], #8
          f8627820: ldr x0, [x1, x2, lsl #3]
          f98007e0: prfm pldl1keep, [sp, #8]
          885ffc20: ldaxr w0, [x1]
          b820003f: stadd w0, [x1]
          1e6e1000: fmov d0, #1.00000000
          1e602018: fcmpe d0, #0.0
          4ea11c20: mov v0.16b, v1.16b
          0f000420: movi v0.2s, #1
          4e083c20: mov x0, v1.d[0]
          4c40a020: ld1 {v0.16b, v1.16b}, [x1]
          4fa21020: fmla v0.4s, v1.4s, v2.s[1]
          4e284820: aese v0.16b, v1.16b
          """)
  void spellsAsAssemblersDo(String word, String text) {
    assertThat(AArch64Text.of(PC, Integer.parseUnsignedInt(word, 16))).isEqualTo(text);
  }

  @Test
  void tellsTheAddressThatABranchGoesTo() {
    assertThat(AArch64Text.of(PC, 0x97ff_ffff)).isEqualTo("bl #0x3ffffc");
    assertThat(AArch64Text.of(PC, 0x5400_0041)).isEqualTo("b.ne #0x400008");
    assertThat(AArch64Text.of(PC + 4, 0x9000_0000)).isEqualTo("adrp x0, #0x400000");
    assertThat(AArch64Text.of(0, 0x17ff_ffff)).isEqualTo("b #0xfffffffffffffffc");
  }

  @Test
  void wrapsAListOfRegistersAround() {
    assertThat(AArch64Text.of(PC, 0x4c40_a03f)).isEqualTo("ld1 {v31.16b, v0.16b}, [x1]");
  }

  @Test
  void givesTheNumberOfWhatIsNoInstructionOrScalable() {
    assertThat(AArch64Text.of(PC, 0x0420_0000)).isEqualTo(".inst 0x04200000");
    assertThat(AArch64Text.of(PC, 0xffff_ffff)).isEqualTo(".inst 0xffffffff");
  }

  @Test
  void readsBytesInTheirOrder() {
    byte[] code = {0, 0, 0x1f, 0x20, 0x03, (byte) 0xd5};
    assertThat(new AArch64().disassemble(PC, code, 2)).isEqualTo("nop");
  }

  @Test
  void refusesRowsThatAreNoEncodings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TextRow.parse("0101 nop"))
        .withMessageContaining("not 32 bits");
    String bits = "11010101_00000011_00100000_00011111 ";
    assertThatIllegalArgumentException().isThrownBy(() -> TextRow.parse(bits + "nop <#i>"));
    assertThatIllegalArgumentException().isThrownBy(() -> TextRow.parse(bits + "nop ; i~3"));
    assertThatIllegalArgumentException().isThrownBy(() -> TextRow.parse(bits + "nop <colour>"));
  }
}
