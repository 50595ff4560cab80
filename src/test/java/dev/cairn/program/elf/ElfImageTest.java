package dev.cairn.program.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.event.FormatException;
import dev.cairn.program.SymbolTable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfImageTest {
  @TempDir Path folder;

  @Test
  void readsHeadersLibrariesAndNotes() throws IOException {
    ElfImage image =
        open(new TinyElf().pieFlag().needs("libm.so.6").needs("libc.so.6").runPath("$ORIGIN/lib"));
    assertThat(image.kind()).isEqualTo(ElfImage.Kind.PIE);
    assertThat(image.isAArch64()).isTrue();
    assertThat(image.entry()).isEqualTo(TinyElf.TEXT);
    assertThat(image.interpreter()).isEqualTo("/lib/ld-linux-aarch64.so.1");
    assertThat(image.needed()).containsExactly("libm.so.6", "libc.so.6");
    assertThat(image.runPath()).isEqualTo("$ORIGIN/lib");
    assertThat(image.legacyRunPath()).isNull();
    assertThat(image.buildId()).isEqualTo(TinyElf.BUILD_ID);
    assertThat(image.segments()).filteredOn(ElfSegment::isLoaded).hasSize(1);
    assertThat(image.sections())
        .extracting(ElfSection::name)
        .contains(".text", ".plt", ".dynsym", ".symtab");
    assertThat(image.addressOf(0x404)).isEqualTo(TinyElf.TEXT + 4);
    assertThat(image.addressOf(1 << 30)).isEqualTo(-1);
  }

  @Test
  void tellsTheKindsOfFilesApart() throws IOException {
    assertThat(open(new TinyElf().type(2).interpreter(null)).kind())
        .isEqualTo(ElfImage.Kind.STATIC);
    assertThat(open(new TinyElf().type(2)).kind()).isEqualTo(ElfImage.Kind.DYNAMIC);
    assertThat(open(new TinyElf().interpreter(null).pieFlag()).kind())
        .isEqualTo(ElfImage.Kind.STATIC_PIE);
    assertThat(open(new TinyElf().library("libx.so")).kind()).isEqualTo(ElfImage.Kind.LIBRARY);
    assertThat(open(new TinyElf().type(1)).kind()).isEqualTo(ElfImage.Kind.OBJECT);
    assertThat(open(new TinyElf().type(4)).kind()).isEqualTo(ElfImage.Kind.CORE);
  }

  @Test
  void namesTheStubsOfOtherLibrariesFunctions() throws IOException {
    ElfImage image = open(new TinyElf().function("main", TinyElf.TEXT, 0x40));
    assertThat(image.readSymbols())
        .extracting(ElfSymbol::name, ElfSymbol::address, ElfSymbol::bytes)
        .containsExactly(tuple("main", TinyElf.TEXT, 0x40L), tuple("puts@plt", TinyElf.STUB, 16L));
  }

  @Test
  void readsFilesForOtherArchitecturesAndNamesThem() throws IOException {
    assertThat(open(new TinyElf().machine(62)).machineName()).isEqualTo("x86-64");
    assertThat(open(new TinyElf().machine(243)).machineName()).isEqualTo("RISC-V");
    assertThat(open(new TinyElf().machine(999)).machineName()).isEqualTo("machine 999");
  }

  @Test
  void saysWhatAFileIsThatIsNoElfProgram() throws IOException {
    assertFails(folder, "is a directory, not a program");
    assertFails(file(new byte[0]), "is empty, not an ELF program");
    assertFails(
        file("hello, world\n".getBytes(StandardCharsets.US_ASCII)), "is not an ELF program");
    assertFails(file(new byte[] {0x7f}), "is not an ELF program");
    assertFails(
        file("#!/usr/bin/perl -w\nprint".getBytes(StandardCharsets.US_ASCII)),
        "script for /usr/bin/perl");
    byte[] narrow = new TinyElf().machine(40).build();
    narrow[4] = 1;
    assertFails(file(narrow), "is a 32-bit ELF file for 32-bit Arm");
    byte[] big = new TinyElf().machine(0x1500).build();
    big[5] = 2;
    assertFails(file(big), "is a 64-bit big-endian ELF file for 64-bit PowerPC");
  }

  @Test
  void saysWhereADamagedFileIsWrong() throws IOException {
    byte[] bytes = new TinyElf().build();
    Path cut = file(Arrays.copyOf(bytes, 100));
    assertThatThrownBy(() -> ElfImage.open(cut))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(cut.toString())
        .hasMessageContaining("at offset")
        .hasMessageContaining("which has 100 bytes");
  }

  /// A linker puts a segment of zeros alone where it likes, also behind the end of the file.
  @Test
  void asksNothingOfWhereASegmentWithoutBytesBegins() throws IOException {
    byte[] bytes = new TinyElf().build();
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) fields.getLong(32);
    while (fields.getInt(header) != 2) { // the dynamic section's becomes one of zeros
      header += 56;
    }
    fields.putInt(header, 1).putLong(header + 8, 1 << 20).putLong(header + 32, 0);
    assertThat(read(bytes).segments()).filteredOn(ElfSegment::isLoaded).hasSize(2);
  }

  @Test
  void answersEveryTruncationWithAFormatException() {
    byte[] bytes = full().build();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut))
          .as("length %d", length)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void answersEveryFlippedByteWithAnImageOrAFormatException() {
    byte[] bytes = full().build();
    int damaged = 0;
    for (int at = 0; at < bytes.length; at++) {
      for (int flip : new int[] {0xff, 0x80, 0x01}) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) flip;
        damaged += isDamaged(flipped) ? 1 : 0;
      }
    }
    assertThat(damaged).isBetween(100, bytes.length);
  }

  @Test
  void answersEveryExtremeNumberWithAnImageOrAFormatException() {
    byte[] bytes = full().build();
    int damaged = 0;
    for (int at = 0; at + 8 <= bytes.length; at += 4) {
      for (long number : new long[] {-1, Long.MAX_VALUE, Integer.MAX_VALUE, 1L << 63, 0}) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, number);
        damaged += isDamaged(changed) ? 1 : 0;
      }
    }
    assertThat(damaged).isBetween(100, bytes.length);
  }

  /// Anything but an image or a [FormatException] fails the test.
  private static boolean isDamaged(byte[] bytes) {
    try {
      ElfImage image = read(bytes);
      ElfBytes elf = new ElfBytes("damaged", MemorySegment.ofArray(bytes));
      List<ElfSymbol> symbols = new ElfSymbolReader(elf, image.sections(), image.machine()).read();
      SymbolTable.of(image, symbols).find(TinyElf.TEXT);
      assertThat(image.addressOf(0x404)).isGreaterThanOrEqualTo(-1);
      return false;
    } catch (FormatException e) {
      return true;
    }
  }

  private static ElfImage read(byte[] bytes) throws FormatException {
    ElfBytes elf = new ElfBytes("damaged", MemorySegment.ofArray(bytes));
    return new ElfReader(Path.of("damaged"), elf).read();
  }

  private static TinyElf full() {
    return new TinyElf()
        .pieFlag()
        .needs("libc.so.6")
        .runPath("/x")
        .function("main", TinyElf.TEXT, 0x40)
        .symbol("label", TinyElf.TEXT + 0x40, 0, ElfSymbol.UNTYPED, ElfSymbol.LOCAL);
  }

  private ElfImage open(TinyElf elf) throws IOException {
    return ElfImage.open(elf.write(folder.resolve("tiny")));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file"), bytes);
  }

  private static void assertFails(Path path, String message) {
    assertThatThrownBy(() -> ElfImage.open(path))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(path.toString())
        .hasMessageContaining(message);
  }
}
