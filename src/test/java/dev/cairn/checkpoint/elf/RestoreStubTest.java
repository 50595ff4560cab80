package dev.cairn.checkpoint.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the machine code that is kept and its source together.
@Tag("qemu")
final class RestoreStubTest {
  private static final int PAGE = 4096;
  private static final int NOP = 0xd503201f;

  @Test
  void isTheSourceAssembled(@TempDir Path folder) throws Exception {
    String compiler = TestGuests.crossCompiler();
    Path object = folder.resolve("restore.o");
    Path code = folder.resolve("restore.bin");
    TestGuests.run(List.of(compiler, "-c", "guest/restore.S", "-o", object.toString()));
    String copier = compiler.replaceAll("gcc(-\\d+)?$", "objcopy");
    TestGuests.run(
        List.of(copier, "-O", "binary", "-j", ".text", object.toString(), code.toString()));
    byte[] bytes = Files.readAllBytes(code);
    assertThat(bytes).as("the table is to lie at the next page").hasSize(PAGE);
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.length;
    while (words.getInt(length - 4) == NOP) {
      length -= 4;
    }
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < length; at += 4) {
      text.append("%08x\n".formatted(words.getInt(at)));
    }
    assertThat(text.toString())
        .isEqualTo(
            Files.readString(Path.of("src/main/resources/dev/cairn/checkpoint/elf/restore.hex")));
    assertThat(RestoreStub.code()).isEqualTo(Arrays.copyOf(bytes, length));
    String lister = compiler.replaceAll("gcc(-\\d+)?$", "nm");
    assertThat(TestGuests.run(List.of(lister, object.toString())))
        .contains("%016x t trapped".formatted(RestoreStub.TRAPPED));
  }
}
