package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  void givesTheAddressInAFileWhoseSymbolsAreDamaged() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    int symbols = Math.toIntExact(section(".symtab").offset());
    Arrays.fill(bytes, symbols, symbols + 24, (byte) 0xff); // the first one's name is far away
    Files.write(Path.of(file), bytes);
    space.map(LOADED, 0x1000, 0, file);
    assertThat(locate(LOADED + TEXT_OFFSET))
        .isEqualTo(new CodeLocation(file, TinyElf.TEXT, null, 0));
  }

  private ElfSection section(String name) throws IOException {
    return ElfImage.open(Path.of(file)).sections().stream()
        .filter(section -> section.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private @Nullable CodeLocation locate(long pc) {
    return space.locate(pc);
  }
}
