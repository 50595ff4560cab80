package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.debug.LineTable;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import dev.cairn.program.elf.ElfSegment;
import dev.cairn.program.elf.TinyElf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressSpaceTest {
  private static final long LOADED = 0x7f00_0000_0000L;
  private static final long TEXT_OFFSET = TinyElf.TEXT - TinyElf.BASE;

  @TempDir Path folder;
  private final AddressSpace space = new AddressSpace();
  private String file = "";

  @BeforeEach
  void writeFile() throws IOException {
    file = new TinyElf().function("main", TinyElf.TEXT, 0x20).write(folder.resolve("a")).toString();
  }

  @Test
  void knowsTheLoadBiasOfAProgram() throws IOException {
    space.mapImage(ElfImage.open(Path.of(file)), LOADED);
    CodeLocation location = locate(LOADED + TEXT_OFFSET + 8);
    assertThat(location).isEqualTo(new CodeLocation(file, TinyElf.TEXT + 8, "main", 8));
    assertThat(location).hasToString("main+0x8 (" + file + ")");
  }

  @Test
  void locatesCodeOfALibraryByWhatWasMapped() {
    space.map(LOADED, 0x1000, 0, file);
    assertThat(locate(LOADED + TEXT_OFFSET))
        .isEqualTo(new CodeLocation(file, TinyElf.TEXT, "main", 0));
    assertThat(locate(LOADED + TEXT_OFFSET + 0x80))
        .isEqualTo(new CodeLocation(file, TinyElf.TEXT + 0x80, null, 0));
    assertThat(locate(LOADED + 0x1000)).isNull();
    assertThat(locate(LOADED - 1)).isNull();
  }

  @Test
  void cutsMappingsThatAreUnmappedOrCovered() {
    space.map(LOADED, 0x4000, 0, "/lib/a");
    space.unmap(LOADED + 0x1000, 0x1000);
    space.map(LOADED + 0x3000, 0x2000, 0x7000, "/lib/b");
    assertThat(locate(LOADED)).isEqualTo(new CodeLocation("/lib/a", 0, null, 0));
    assertThat(locate(LOADED + 0x1000)).isNull();
    assertThat(locate(LOADED + 0x2010)).isEqualTo(new CodeLocation("/lib/a", 0x2010, null, 0));
    assertThat(locate(LOADED + 0x4010)).isEqualTo(new CodeLocation("/lib/b", 0x8010, null, 0));
    space.unmap(LOADED - 0x1000, 0x10000);
    assertThat(locate(LOADED + 0x4010)).isNull();
  }

  @Test
  void namesAnUnreadableFileAndTheOffsetInIt() throws IOException {
    String damaged = Files.writeString(folder.resolve("damaged"), "no program").toString();
    space.map(LOADED, 0x1000, 0x2000, damaged);
    assertThat(locate(LOADED + 4)).isEqualTo(new CodeLocation(damaged, 0x2004, null, 0));
  }

  @Test
  void tellsTheLineOfSourceOnlyWhereItIsAskedFor() {
    LineTable lines =
        LineTable.of(
            List.of("/src/a.c"),
            new long[] {TinyElf.TEXT, TinyElf.TEXT + 8},
            new int[] {0, LineTable.UNKNOWN},
            new int[] {7, 0},
            new boolean[] {true, false},
            new boolean[] {false, true});
    SymbolTable symbols =
        SymbolTable.of(
            List.of(new SymbolTable.Piece(TinyElf.TEXT, TinyElf.TEXT + 16, "main", TinyElf.TEXT)));
    ElfSegment segment = new ElfSegment(ElfSegment.LOAD, 5, 0, TinyElf.BASE, 0x1000, 0x1000, 16);
    space.add(CodeImage.of("/gone/a", "abcd", List.of(segment), symbols, lines));
    space.map(LOADED, 0x1000, 0, "/gone/a");
    assertThat(locate(LOADED + TEXT_OFFSET + 4))
        .isEqualTo(new CodeLocation("/gone/a", TinyElf.TEXT + 4, "main", 4));
    assertThat(space.locateSource(LOADED + TEXT_OFFSET + 4))
        .isEqualTo(
            new CodeLocation("/gone/a", TinyElf.TEXT + 4, "main", 4, new SourceLine("/src/a.c", 7)))
        .hasToString("main+0x4 (/src/a.c:7, /gone/a)");
    assertThat(space.locateSource(LOADED + TEXT_OFFSET + 8))
        .isEqualTo(new CodeLocation("/gone/a", TinyElf.TEXT + 8, "main", 8));
  }

  @Test
  void goesOnWithoutLinesWhereTheyAreDamaged() throws Exception {
    Path work = folder.toRealPath();
    CrossTools tools = new CrossTools(work).write(Map.of("a.c", "int f(void) { return 1; }"));
    tools.run("gcc", "-g -shared -nostdlib a.c -o a.so");
    ElfImage image = ElfImage.open(work.resolve("a.so"));
    ElfSection lines = Objects.requireNonNull(image.section(".debug_line"));
    byte[] bytes = Files.readAllBytes(work.resolve("a.so"));
    bytes[(int) lines.offset() + 4] = 9;
    Files.write(work.resolve("a.so"), bytes);
    String path = work.resolve("a.so").toString();
    space.map(LOADED, bytes.length, 0, path);
    SymbolTable.Piece f = SymbolTable.read(image).pieces().getFirst();
    for (int i = 0; i < 2; i++) {
      CodeLocation location = space.locateSource(LOADED + f.start());
      assertThat(location).isEqualTo(new CodeLocation(path, f.start(), "f", 0));
    }
    assertThat(space.problems())
        .containsExactly(
            path + ": .debug_line at offset 6: the version of a line program must be 2 to 5: 9");
  }

  private @Nullable CodeLocation locate(long pc) {
    return space.locate(pc);
  }
}
