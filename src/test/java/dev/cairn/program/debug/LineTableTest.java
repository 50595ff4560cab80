package dev.cairn.program.debug;

import static dev.cairn.program.debug.TinyLines.CODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.FormatException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineTableTest {
  @ParameterizedTest(name = "DWARF {0}, 64 bits: {1}")
  @CsvSource({"2, false", "2, true", "3, false", "4, false", "4, true", "5, false", "5, true"})
  void readsEveryVersion(int version, boolean wide) throws IOException {
    LineTable table =
        new TinyLines(version, wide).address(CODE).row(0, 9).file(2).row(2, -3).end().read();
    assertThat(rows(table))
        .containsExactly("1000 /work/a.c:10 s", "1008 /work/include/b.h:7 s", "1008 end");
    assertThat(table.files()).containsExactly("/work/a.c", "/work/include/b.h");
  }

  @Test
  void findsTheLineThatHoldsAtAnAddress() throws IOException {
    LineTable table =
        v4().address(CODE).row(0, 9).row(2, 1).row(2, 1).advanceAddress(1).end().read();
    assertThat(find(table, 0)).isEqualTo("/work/a.c:10");
    assertThat(find(table, 7)).isEqualTo("/work/a.c:10");
    assertThat(find(table, 8)).isEqualTo("/work/a.c:11");
    assertThat(find(table, 19)).isEqualTo("/work/a.c:12");
    assertThat(find(table, 20)).isNull();
    assertThat(find(table, -1)).isNull();
    assertThat(LineTable.EMPTY.find(CODE)).isNull();
  }

  @Test
  void keepsAllLinesOfAnAddressAndFindsTheLast() throws IOException {
    LineTable table =
        v4().address(CODE).row(0, 1).row(0, 1).opcode(6).row(0, 1).advanceAddress(1).end().read();
    assertThat(rows(table))
        .containsExactly(
            "1000 /work/a.c:2 s", "1000 /work/a.c:3 s", "1000 /work/a.c:4", "1004 end");
    assertThat(find(table, 0)).isEqualTo("/work/a.c:4");
  }

  @Test
  void leavesOutRowsThatSayWhatTheLastSaid() throws IOException {
    LineTable table = v4().address(CODE).copy().copy().row(1, 0).advanceAddress(1).end().read();
    assertThat(rows(table)).containsExactly("1000 /work/a.c:1 s", "1004 /work/a.c:1 s", "1008 end");
  }

  @Test
  void knowsNoLineWhereTheCompilerMadeCodeOfItsOwn() throws IOException {
    LineTable table =
        v4().address(CODE)
            .advanceLine(-1)
            .copy()
            .row(1, 5)
            .file(9)
            .row(1, 0)
            .advanceAddress(1)
            .end()
            .read();
    assertThat(rows(table))
        .containsExactly("1000 ? s", "1004 /work/a.c:5 s", "1008 ? s", "100c end");
    assertThat(find(table, 0)).isNull();
    assertThat(find(table, 8)).isNull();
  }

  @Test
  void followsOpcodesThatCompilersSeldomUse() throws IOException {
    LineTable table =
        v4().address(CODE)
            .opcode(5, 3) // column
            .opcode(7) // basic block
            .opcode(10) // prologue ends
            .opcode(12, 1) // instruction set
            .opcode(13, 0x81, 1, 0x80, 1) // unknown, of two numbers
            .opcode(0, 3, 0x80, 1, 1) // unknown, of three bytes
            .copy()
            .opcode(8) // advances like special opcode 255: by 17 instructions
            .row(0, 1)
            .opcode(9, 0x10, 0x02) // advances by 0x210 bytes
            .row(0, 1)
            .opcode(0, 8, 3, 'c', '.', 'h', 0, 1, 0, 0) // defines file 3
            .file(3)
            .row(1, 1)
            .advanceAddress(1)
            .end()
            .read();
    assertThat(rows(table))
        .containsExactly(
            "1000 /work/a.c:1 s",
            "1044 /work/a.c:2 s",
            "1254 /work/a.c:3 s",
            "1258 /work/include/c.h:4 s",
            "125c end");
  }

  @Test
  void countsOperationsWhereAnInstructionHasSeveral() throws IOException {
    LineTable table =
        v4().operationsAnInstruction(3)
            .address(CODE)
            .row(0, 1)
            .row(2, 1)
            .row(2, 1)
            .advanceAddress(5)
            .end()
            .read();
    assertThat(rows(table))
        .containsExactly(
            "1000 /work/a.c:2 s", "1000 /work/a.c:3 s", "1004 /work/a.c:4 s", "100c end");
  }

  @Test
  void dropsCodeThatTheLinkerLeftOut() throws IOException {
    LineTable table =
        v4().address(0)
            .row(0, 1)
            .row(4, 1)
            .end()
            .address(-1)
            .row(0, 1)
            .row(4, 1)
            .end()
            .address(CODE + 8)
            .row(0, 7)
            .advanceAddress(1)
            .end()
            .address(TinyLines.CODE_END - 4)
            .row(0, 1)
            .advanceAddress(2)
            .end()
            .read();
    assertThat(rows(table)).containsExactly("1008 /work/a.c:8 s", "100c end");
  }

  @Test
  void keepsTheFirstOfCopiesAndOrdersSequences() throws IOException {
    LineTable table =
        v4().address(CODE + 0x20)
            .row(0, 1)
            .advanceAddress(2)
            .end()
            .address(CODE)
            .row(0, 5)
            .advanceAddress(4)
            .end()
            .address(CODE + 0x20)
            .row(0, 7)
            .advanceAddress(2)
            .end()
            .address(CODE + 0xc)
            .row(0, 8)
            .advanceAddress(3)
            .end()
            .address(CODE + 0x10)
            .row(0, 9)
            .advanceAddress(1)
            .end()
            .read();
    assertThat(rows(table))
        .containsExactly(
            "1000 /work/a.c:6 s",
            "1010 end",
            "1010 /work/a.c:10 s",
            "1014 end",
            "1020 /work/a.c:2 s",
            "1028 end");
    assertThat(find(table, 0x10)).isEqualTo("/work/a.c:10");
    assertThat(find(table, 0x14)).isNull();
  }

  @Test
  void sortsASequenceThatGoesBackAndDropsOneThatEndsBeforeItsStart() throws IOException {
    LineTable table =
        v4().address(CODE + 8)
            .row(0, 1)
            .address(CODE)
            .row(0, 1)
            .address(CODE + 0x10)
            .end()
            .address(CODE + 0x20)
            .row(0, 1)
            .address(CODE + 0x18)
            .end()
            .read();
    assertThat(rows(table)).containsExactly("1000 /work/a.c:3 s", "1008 /work/a.c:2 s", "1010 end");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"/work/./x//y/., /work/x/y/a.c", "rel/.., rel/../a.c", "/, /a.c", "'', a.c"})
  void makesNamesAbsoluteButDoesNotGuessWhatLinksMean(String folder, String expected)
      throws IOException {
    LineTable table = v4().folder(folder).address(CODE).copy().advanceAddress(1).end().read();
    assertThat(table.files()).containsExactly(expected);
  }

  @Test
  void takesTheFolderFromAFileThatSeveralShare() throws IOException {
    DebugSections own = v4().address(CODE).copy().advanceAddress(1).end().sections();
    byte[] unit = {12, 0, 0, 0, 4, 0, 0, 0, 0, 0, 8, 1, 0, 0, 0, 0, 4, 0, 0, 0};
    unit[0] = (byte) (unit.length - 4);
    byte[] abbreviations = {1, 0x11, 0, 0x10, 0x17, 0x1b, (byte) 0xa1, 0x3e, 0, 0, 0};
    byte[] shared = "abc\0/shared\0".getBytes(StandardCharsets.UTF_8);
    for (boolean isThere : new boolean[] {true, false}) {
      LineTable table =
          LineTable.read(
              new DebugSections(
                  "tiny",
                  own.lines(),
                  DebugSections.MISSING,
                  DebugSections.MISSING,
                  isThere ? MemorySegment.ofArray(shared) : DebugSections.MISSING,
                  MemorySegment.ofArray(unit),
                  MemorySegment.ofArray(abbreviations),
                  own.code()));
      assertThat(table.files()).containsExactly(isThere ? "/shared/a.c" : "a.c");
    }
  }

  @Test
  void walksTheRowsOfARange() throws IOException {
    LineTable table =
        v4().address(CODE)
            .row(0, 1)
            .row(0, 1)
            .row(2, 1)
            .advanceAddress(1)
            .end()
            .address(CODE + 0x10)
            .row(0, 9)
            .advanceAddress(1)
            .end()
            .read();
    assertThat(walk(table, 0, 0x1000)).containsExactly("0+0:2", "0+8:3", "8+4:4", "10+4:10");
    assertThat(walk(table, 0, 8)).containsExactly("0+0:2", "0+8:3");
    assertThat(walk(table, 4, 12)).containsExactly("0+8:3", "8+4:4");
    assertThat(walk(table, 4, 8)).containsExactly("0+8:3");
    assertThat(walk(table, 12, 16)).isEmpty();
    assertThat(walk(table, 12, 17)).containsExactly("10+4:10");
    assertThat(walk(table, 4, 4)).isEmpty();
    assertThat(walk(table, -0x1000, 0)).isEmpty();
    assertThat(walk(table, 0x14, 0x100)).isEmpty();
  }

  @Test
  void isBuiltAgainOfWhatItTold() throws IOException {
    LineTable table =
        v4().address(CODE)
            .row(0, 1)
            .opcode(6)
            .advanceLine(-5)
            .row(2, 0)
            .file(2)
            .row(1, 9)
            .advanceAddress(1)
            .end()
            .address(CODE + 0x20)
            .row(0, 3)
            .advanceAddress(1)
            .end()
            .read();
    int rows = table.rows();
    long[] addresses = new long[rows];
    int[] files = new int[rows];
    int[] lines = new int[rows];
    boolean[] statements = new boolean[rows];
    boolean[] ends = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      addresses[row] = table.address(row);
      files[row] = table.fileIndex(row);
      lines[row] = table.line(row);
      statements[row] = table.isStatement(row);
      ends[row] = table.endsSequence(row);
    }
    LineTable again = LineTable.of(table.files(), addresses, files, lines, statements, ends);
    assertThat(again.files()).isEqualTo(table.files());
    assertThat(rows(again)).isEqualTo(rows(table)).hasSize(6);
    int[] noFile = files.clone();
    noFile[0] = 2;
    assertThatThrownBy(
            () -> LineTable.of(table.files(), addresses, noFile, lines, statements, ends))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row 0 cannot be: address 0x1000 after 0x0, file 2, line 2");
    long[] back = addresses.clone();
    back[5] = 0;
    assertThatThrownBy(() -> LineTable.of(table.files(), back, files, lines, statements, ends))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("row 5 cannot be");
    assertThatThrownBy(
            () -> LineTable.of(table.files(), addresses, files, lines, statements, new boolean[6]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> LineTable.of(table.files(), addresses, new int[5], lines, statements, ends))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 0xffff})
  void refusesOtherVersions(int version) {
    byte[] lines = v4().lines();
    lines[4] = (byte) version;
    lines[5] = (byte) (version >> 8);
    assertThatThrownBy(
            () -> LineTable.read(TinyLines.sections(lines, new byte[0], new byte[0], new byte[0])))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "tiny: .debug_line at offset 6: the version of a line program must be 2 to 5: "
                + version);
  }

  @Test
  void saysWhereALineProgramIsWrong() {
    TinyLines endless = v4().address(CODE).row(0, 1);
    assertThatThrownBy(endless::read)
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "tiny: .debug_line at offset %d: the last sequence of a line program has no end"
                .formatted(endless.lines().length));
    assertThatThrownBy(v4().opcode(0, 9, 2, 1)::read)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("an opcode cannot have this length here: 9");
    assertThatThrownBy(v4().opcode(0, 4, 2, 1, 1, 1)::read)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("an address must have 4 or 8 bytes: 3");
  }

  @Test
  void readsSectionsThatOtherwiseHoldNothingAsEmpty() throws IOException {
    LineTable padded =
        LineTable.read(TinyLines.sections(new byte[8], new byte[0], new byte[4], new byte[0]));
    assertThat(padded.rows()).isZero();
    assertThat(v4().read().rows()).isZero();
  }

  private static TinyLines v4() {
    return new TinyLines(4, false);
  }

  private static @Nullable String find(LineTable table, long offset) {
    SourceLine line = table.find(CODE + offset);
    return line == null ? null : line.toString();
  }

  private static List<String> rows(LineTable table) {
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      SourceLine source = table.source(row);
      String what = table.endsSequence(row) ? "end" : source == null ? "?" : source.toString();
      rows.add(
          Long.toHexString(table.address(row)) + " " + what + (table.isStatement(row) ? " s" : ""));
    }
    return rows;
  }

  private static List<String> walk(LineTable table, long start, long end) {
    List<String> rows = new ArrayList<>();
    for (LineCursor cursor = table.rows(CODE + start, CODE + end); cursor.next(); ) {
      long offset = cursor.address() - CODE;
      long bytes = cursor.end() - cursor.address();
      assertThat(cursor.isStatement()).isTrue();
      assertThat(table.files().get(cursor.fileIndex())).isEqualTo("/work/a.c");
      rows.add(Long.toHexString(offset) + "+" + Long.toHexString(bytes) + ":" + cursor.line());
    }
    return rows;
  }
}
