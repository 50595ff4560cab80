package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.event.FormatException;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Symbols and lines that GNU binutils took out of a program into another file, or packed.
class DebugFilesTest {
  private static final String SOURCE =
      """
      #include <stdio.h>
      static int __attribute__((noinline)) twice(int x) {
        return 2 * x;
      }
      int main(int argc, char **argv) {
        return printf("%d\\n", twice(argc)) + argv[0][0];
      }
      void many() {
      """
          + "  puts(\"hello\");\n".repeat(60)
          + "}\n";

  @TempDir Path temporary;
  private CrossTools tools = new CrossTools(Path.of("."));
  private Path folder = Path.of(".");

  @BeforeEach
  void writeSource() throws IOException {
    folder = Files.createDirectories(temporary.toRealPath().resolve("work"));
    tools = new CrossTools(folder).write(Map.of("a.c", SOURCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".debug"})
  void findsTheFileThatADebugLinkNames(String place) throws Exception {
    split("-Wl,--build-id=none");
    assertThat(image(null).buildId()).isNull();
    move("program.debug", folder.resolve(place));
    assertThat(nameAndLine(null)).isEqualTo("twice " + folder + "/a.c:2");
  }

  @Test
  void findsTheFileInTheFolderOfDebugFiles() throws Exception {
    split("-Wl,--build-id=none");
    Path sysroot = temporary.toRealPath();
    move("program.debug", sysroot.resolve("usr/lib/debug/work"));
    assertThat(nameAndLine(sysroot)).isEqualTo("twice " + folder + "/a.c:2");
    assertThat(nameAndLine(null)).isEqualTo("null null");
  }

  @Test
  void findsTheFileByBuildIdInTheSysroot() throws Exception {
    split("-Wl,--build-id=0xabcdef0123456789");
    Path sysroot = temporary.resolve("sysroot");
    move("program.debug", sysroot.resolve("usr/lib/debug/.build-id/ab"));
    Path byId = sysroot.resolve("usr/lib/debug/.build-id/ab/cdef0123456789.debug");
    Files.move(byId.resolveSibling("program.debug"), byId);
    assertThat(nameAndLine(sysroot)).isEqualTo("twice " + folder + "/a.c:2");
    assertThat(nameAndLine(null)).isEqualTo("null null");
  }

  @Test
  void passesOverFilesThatBelongToOthers() throws Exception {
    split("-Wl,--build-id=none");
    Files.write(folder.resolve("program.debug"), new byte[1], StandardOpenOption.APPEND);
    assertThat(nameAndLine(null)).isEqualTo("null null");
    split("-Wl,--build-id=0xabcd");
    tools.run("gcc", "-g -Wl,--build-id=0xabce a.c -o program.debug");
    assertThat(nameAndLine(null)).isEqualTo("null null");
    Files.writeString(folder.resolve("program.debug"), "not ELF");
    assertThat(nameAndLine(null)).isEqualTo("null null");
  }

  @Test
  void hasAllSymbolsOfTheProgramAndItsStubs() throws Exception {
    split("-Wl,--build-id=0xabcd");
    assertThat(SymbolTable.read(ElfImage.open(folder.resolve("whole"))).pieces())
        .isEqualTo(image(null).symbols().pieces())
        .extracting(SymbolTable.Piece::function)
        .contains("main", "twice", "printf@plt");
    assertThat(ElfImage.openSeparate(folder.resolve("program.debug")).buildId()).isEqualTo("abcd");
  }

  /// A static program's stubs are of functions that it chooses itself; only symbols name them.
  @Test
  void namesTheStubsOfAStrippedStaticProgramByTheSeparateFile() throws Exception {
    split("-static");
    SymbolTable whole = SymbolTable.read(ElfImage.open(folder.resolve("whole")));
    SymbolTable together = image(null).symbols();
    Files.delete(folder.resolve("program.debug"));
    SymbolTable stripped = image(null).symbols();
    List<SymbolTable.Piece> stubs =
        whole.pieces().stream().filter(piece -> piece.function().endsWith("@plt")).toList();
    assertThat(stubs).hasSizeGreaterThan(3);
    assertThat(together.pieces()).containsAll(stubs);
    for (SymbolTable.Piece stub : stubs) {
      SymbolTable.Place place = stripped.find(stub.start());
      assertThat(Objects.requireNonNull(place).function()).matches("\\*ABS\\*\\+0x[0-9a-f]+@plt");
      assertThat(place.isStub()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zlib", "zstd"})
  void answersEveryDamagedByteOfAPackedSection(String compression) throws Exception {
    assumeTrue(
        tools.run("objcopy", "--help").contains(compression),
        "binutils before 2.40 do not know zstd");
    tools.run("gcc", "-g a.c -o whole");
    tools.run("objcopy", "--compress-debug-sections=" + compression + " whole program");
    ElfSection section = debugLine();
    assertThat(section.isCompressed()).isTrue();
    byte[] sound = Files.readAllBytes(folder.resolve("program"));
    int damaged = 0;
    for (long at = section.offset(); at < section.offset() + section.bytes(); at++) {
      for (int flip : new int[] {0x01, 0x80, 0xff}) {
        byte[] bytes = sound.clone();
        bytes[(int) at] ^= (byte) flip;
        Files.write(folder.resolve("program"), bytes);
        CodeImage image = image(null);
        try {
          assertThat(image.lines().rows()).isLessThan(1000);
        } catch (FormatException e) {
          assertThat(e).hasMessageMatching(folder + "/program.* at offset \\d+: .+");
          damaged++;
        }
      }
    }
    assertThat(damaged).isGreaterThan((int) section.bytes());
  }

  @Test
  void refusesALengthThatNoCompressionReaches() throws Exception {
    tools.run("gcc", "-g -gz=zlib a.c -o program");
    ElfSection section = debugLine();
    for (long length : new long[] {-1, Long.MAX_VALUE, Integer.MAX_VALUE - 8, 1, 4096}) {
      byte[] bytes = Files.readAllBytes(folder.resolve("program"));
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong((int) section.offset() + 8, length);
      Files.write(folder.resolve("program"), bytes);
      assertThatThrownBy(() -> image(null).lines())
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("program at offset " + section.offset() + ": .debug_line ")
          .hasMessageEndingWith("unpacked: " + Long.toUnsignedString(length));
    }
  }

  @Test
  void findsTheFileWithSharedNamesByItsBuildId() throws Exception {
    tools.run("gcc", "-g -Wl,--build-id=0xabcd a.c -o shared");
    byte[] link = "shared\0".getBytes(StandardCharsets.UTF_8);
    byte[] section = Arrays.copyOf(link, link.length + 2);
    section[link.length] = (byte) 0xab;
    section[link.length + 1] = (byte) 0xcd;
    Files.write(folder.resolve("link"), section);
    tools.run("gcc", "-g a.c -o whole");
    tools.run("objcopy", "--add-section .gnu_debugaltlink=link whole program");
    ElfImage image = ElfImage.open(folder.resolve("program"));
    DebugFiles files = new DebugFiles(new Sysroot(null));
    assertThat(files.findShared(image))
        .isNotNull()
        .returns(folder.resolve("shared"), ElfImage::path);
    tools.run("gcc", "-g -Wl,--build-id=0xabce a.c -o shared");
    assertThat(files.findShared(image)).isNull();
  }

  /// Makes `whole`, `program` that was stripped, and `program.debug` with what was taken out.
  private void split(String options) throws Exception {
    tools.run("gcc", "-g " + options + " a.c -o whole");
    tools.run("objcopy", "--only-keep-debug whole program.debug");
    tools.run("objcopy", "--strip-all --add-gnu-debuglink=program.debug whole program");
  }

  private void move(String name, Path target) throws IOException {
    Files.createDirectories(target);
    Path from = folder.resolve(name);
    Path to = target.resolve(name);
    if (!from.equals(to)) {
      Files.move(from, to);
    }
  }

  private ElfSection debugLine() throws IOException {
    ElfImage image = ElfImage.open(folder.resolve("program"));
    return Objects.requireNonNull(image.section(".debug_line"));
  }

  private CodeImage image(@Nullable Path sysroot) throws IOException {
    return CodeImage.read(folder.resolve("program"), sysroot);
  }

  /// {@return the function and the line at the start of `twice`, as the stripped program has them}
  private String nameAndLine(@Nullable Path sysroot) throws Exception {
    Map<String, Long> addresses = new TreeMap<>();
    for (String line : tools.run("nm", "whole").lines().toList()) {
      String[] fields = line.split(" +", -1);
      if (fields.length == 3 && !fields[0].isEmpty()) {
        addresses.put(fields[2], Long.parseUnsignedLong(fields[0], 16));
      }
    }
    long address = Objects.requireNonNull(addresses.get("twice"));
    CodeImage image = image(sysroot);
    SymbolTable.Place place = image.symbols().find(address);
    SourceLine line = image.lines().find(address);
    return (place == null ? null : place.function()) + " " + line;
  }
}
