package dev.cairn.program.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares where the decoder ends blocks with where QEMU's translator ended them in a real
/// program.
@Tag("qemu")
class TranslationBlockTest {
  private static final long PAGE_BYTES = 4096;
  private static final int MOST_INSTRUCTIONS = 512;

  /// A translation block as QEMU logs it: consecutive words.
  private record Block(long pc, List<Integer> words) {
    long end() {
      return pc + 4L * words.size();
    }
  }

  @TempDir Path folder;

  @Test
  void endsBlocksWhereTheTranslatorDoes() throws Exception {
    String qemu = System.getenv("CAIRN_QEMU_RESOLVED");
    String sysroot = System.getenv("CAIRN_SYSROOT");
    assumeTrue(qemu != null && sysroot != null, "CAIRN_QEMU_RESOLVED or CAIRN_SYSROOT is not set");
    List<Block> blocks = translate(qemu, Path.of(sysroot));
    assertThat(blocks).hasSizeGreaterThan(500);
    AArch64 isa = new AArch64();
    List<String> disagreements = new ArrayList<>();
    int byBranch = 0;
    for (Block block : blocks) {
      int last = block.words.size() - 1;
      for (int i = 0; i < last; i++) {
        Instruction inner = isa.decode(block.pc + 4L * i, block.words.get(i));
        if (inner.branch().endsBlock() || inner.kind() == InstructionClass.UNKNOWN) {
          disagreements.add("inside: " + Integer.toHexString(block.words.get(i)));
        }
      }
      Instruction end = isa.decode(block.end() - 4, block.words.get(last));
      if (end.branch().endsBlock()) {
        byBranch++;
      } else if (!mayEndOtherwise(block, end)) {
        disagreements.add(
            "end: " + Long.toHexString(block.end()) + " " + AArch64Test.describe(end));
      }
    }
    assertThat(disagreements).isEmpty();
    assertThat(byBranch).isGreaterThan(blocks.size() / 2);
  }

  /// At a page, at the limit of a block, or behind what changes how later code is translated.
  private static boolean mayEndOtherwise(Block block, Instruction end) {
    return block.end() % PAGE_BYTES == 0
        || block.words.size() == MOST_INSTRUCTIONS
        || end.kind() == InstructionClass.SYSTEM
        || end.kind() == InstructionClass.BARRIER;
  }

  private List<Block> translate(String qemu, Path sysroot) throws Exception {
    Path log = folder.resolve("blocks.log");
    Path program = sysroot.resolve("usr/bin/xz");
    Process process =
        new ProcessBuilder(
                qemu,
                "-cpu",
                "neoverse-n1",
                "-d",
                "in_asm",
                "-D",
                log.toString(),
                "-L",
                sysroot.toString(),
                program.toString(),
                "--version")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("output"))).isZero();
    return parse(Files.readAllLines(log));
  }

  /// Reads lines with a block's address, as `0x5500000a40:`, and its bytes, up to 32 a line, behind
  /// `OBJD-T:`.
  private static List<Block> parse(List<String> lines) {
    List<Block> blocks = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("0x")) {
        long pc = Long.parseUnsignedLong(line.substring(2, line.indexOf(':')), 16);
        blocks.add(new Block(pc, new ArrayList<>()));
      } else if (line.contains("OBJD-T:")) {
        byte[] bytes = HexFormat.of().parseHex(line.substring(line.indexOf(':') + 1).strip());
        for (int i = 0; i < bytes.length; i += 4) {
          blocks
              .getLast()
              .words
              .add(
                  (bytes[i] & 0xff)
                      | (bytes[i + 1] & 0xff) << 8
                      | (bytes[i + 2] & 0xff) << 16
                      | (bytes[i + 3] & 0xff) << 24);
        }
      }
    }
    return blocks;
  }
}
