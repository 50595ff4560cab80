package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import dev.cairn.program.elf.TinyElf;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolTableTest {
  private static final long TEXT = TinyElf.TEXT;

  @TempDir Path folder;

  @Test
  void findsTheFunctionAndTheOffsetInIt() throws IOException {
    TinyElf elf = new TinyElf().function("f", TEXT, 0x20).function("g", TEXT + 0x20, 0x10);
    assertThat(find(elf, 0)).isEqualTo("f+0");
    assertThat(find(elf, 0x1c)).isEqualTo("f+28");
    assertThat(find(elf, 0x20)).isEqualTo("g+0");
    assertThat(find(elf, 0x30)).isNull();
    assertThat(find(elf, -4)).isNull();
    assertThat(find(elf, 0x104)).isEqualTo("puts@plt+4");
  }

  @Test
  void extendsAFunctionWithoutSizeToTheNextOrTheSectionsEnd() throws IOException {
    TinyElf elf = new TinyElf().function("f", TEXT, 0).function("g", TEXT + 0x20, 0);
    assertThat(find(elf, 0x1c)).isEqualTo("f+28");
    assertThat(find(elf, 0xfc)).isEqualTo("g+220");
    assertThat(find(elf, 0x100)).isEqualTo("puts@plt+0");
  }

  @Test
  void choosesAmongTheNamesOfOneAddressByRule() throws IOException {
    TinyElf elf =
        new TinyElf()
            .symbol("local", TEXT, 8, ElfSymbol.FUNCTION, ElfSymbol.LOCAL)
            .symbol("__libc_malloc", TEXT, 8, ElfSymbol.FUNCTION, ElfSymbol.GLOBAL)
            .symbol("malloc", TEXT, 8, ElfSymbol.FUNCTION, ElfSymbol.GLOBAL)
            .symbol("alloc", TEXT, 8, ElfSymbol.FUNCTION, ElfSymbol.WEAK)
            .symbol("a", TEXT, 8, ElfSymbol.UNTYPED, ElfSymbol.GLOBAL);
    assertThat(find(elf, 4)).isEqualTo("malloc+4");
  }

  @Test
  void passesOverMappingSymbolsDataAndLabelsInFunctions() throws IOException {
    TinyElf elf =
        new TinyElf()
            .symbol("$x", TEXT, 0, ElfSymbol.UNTYPED, ElfSymbol.LOCAL)
            .symbol("$d.7", TEXT + 4, 0, ElfSymbol.UNTYPED, ElfSymbol.LOCAL)
            .symbol("table", TEXT + 8, 8, ElfSymbol.OBJECT, ElfSymbol.GLOBAL)
            .function("f", TEXT, 0x20)
            .symbol("loop", TEXT + 0x10, 0, ElfSymbol.UNTYPED, ElfSymbol.LOCAL)
            .symbol("_start", TEXT + 0x20, 0, ElfSymbol.UNTYPED, ElfSymbol.GLOBAL);
    assertThat(find(elf, 0x14)).isEqualTo("f+20");
    assertThat(find(elf, 0x24)).isEqualTo("_start+4");
  }

  @Test
  void namesTheInnerOfNestedFunctionsAndGoesOnWithTheOuter() throws IOException {
    TinyElf elf = new TinyElf().function("outer", TEXT, 0x40).function("inner", TEXT + 0x10, 0x10);
    assertThat(find(elf, 0x0c)).isEqualTo("outer+12");
    assertThat(find(elf, 0x10)).isEqualTo("inner+0");
    assertThat(find(elf, 0x20)).isEqualTo("outer+32");
    assertThat(find(elf, 0x40)).isNull();
  }

  @Test
  void tellsStubsFromFunctions() throws IOException {
    SymbolTable table = table(new TinyElf().function("f", TEXT, 0x20));
    assertThat(table.find(TinyElf.STUB)).returns(true, place -> place.isStub());
    assertThat(table.find(TEXT)).returns(false, place -> place.isStub());
  }

  @Test
  void isBuiltAgainOfItsPieces() throws IOException {
    TinyElf elf =
        new TinyElf()
            .function("outer", TEXT, 0x40)
            .function("inner", TEXT + 0x10, 0x10)
            .function("innermost", TEXT + 0x18, 8)
            .function("across", TEXT + 0x30, 0x20);
    SymbolTable table = table(elf);
    assertThat(table.pieces())
        .containsExactly(
            new SymbolTable.Piece(TEXT, TEXT + 0x10, "outer", TEXT),
            new SymbolTable.Piece(TEXT + 0x10, TEXT + 0x18, "inner", TEXT + 0x10),
            new SymbolTable.Piece(TEXT + 0x18, TEXT + 0x20, "innermost", TEXT + 0x18),
            new SymbolTable.Piece(TEXT + 0x20, TEXT + 0x30, "outer", TEXT),
            new SymbolTable.Piece(TEXT + 0x30, TEXT + 0x50, "across", TEXT + 0x30),
            new SymbolTable.Piece(TinyElf.STUB, TinyElf.STUB + 16, "puts@plt", TinyElf.STUB));
    SymbolTable again = SymbolTable.of(table.pieces());
    for (long address = TEXT - 4; address < TinyElf.STUB + 24; address += 4) {
      assertThat(again.find(address)).isEqualTo(table.find(address));
    }
    assertThatThrownBy(() -> SymbolTable.of(table.pieces().reversed()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("pieces must ascend and not overlap: ");
    assertThatThrownBy(() -> new SymbolTable.Piece(TEXT, TEXT, "f", TEXT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private SymbolTable table(TinyElf elf) throws IOException {
    return SymbolTable.read(ElfImage.open(elf.write(folder.resolve("tiny"))));
  }

  private @Nullable String find(TinyElf elf, long offset) throws IOException {
    SymbolTable.Place place = table(elf).find(TEXT + offset);
    return place == null ? null : place.function() + "+" + place.offset();
  }
}
