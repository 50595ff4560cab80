package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a line program begins with: how its opcodes are to be read, and the files it names.
///
/// Source: DWARF 2 to 4, section 6.2.4; DWARF 5, sections 6.2.4 and 6.2.4.1.
final class LineProgramHeader {
  private static final int PATH = 1;
  private static final int FOLDER_INDEX = 2;

  private static final int UNRESOLVED = -2;

  /// A file or folder that the header names, and where the table has it.
  private static final class SourceFile {
    final @Nullable String name;
    final long folder;
    int index = UNRESOLVED;

    SourceFile(@Nullable String name, long folder) {
      this.name = name;
      this.folder = folder;
    }
  }

  private record Column(long content, long form) {}

  final int version;
  final int instructionBytes;
  final int operationsAnInstruction;
  final boolean startsAsStatement;
  final int lineBase;
  final int lineRange;
  final int opcodeBase;
  private final int[] operandCounts;
  private final List<@Nullable String> folders = new ArrayList<>();
  private final List<SourceFile> files = new ArrayList<>();
  private final FormReader forms;

  /// Reads a header and leaves the cursor at the first opcode.
  ///
  /// @param cursor behind the unit's length
  /// @param offsetBytes 4, or 8 in 64-bit DWARF
  /// @param unit offset of the unit in `.debug_line`
  /// @param compilationFolders by such offsets
  LineProgramHeader(
      DwarfCursor cursor,
      int offsetBytes,
      long unit,
      Map<Long, String> compilationFolders,
      FormReader forms)
      throws FormatException {
    this.forms = forms;
    version = cursor.unsignedShort("the version of a line program");
    if (version < 2 || version > 5) {
      throw cursor.wrong("the version of a line program must be 2 to 5: " + version);
    }
    int addressBytes = Long.BYTES;
    if (version == 5) {
      addressBytes = cursor.unsignedByte("bytes of an address");
      cursor.unsignedByte("bytes of a segment's number");
    }
    long headerBytes = cursor.number(offsetBytes, "the length of a header");
    long start = cursor.position();
    if (headerBytes < 0 || headerBytes > cursor.remaining()) {
      throw cursor.wrong("a header is longer than its line program: " + headerBytes);
    }
    instructionBytes = cursor.unsignedByte("bytes of an instruction");
    operationsAnInstruction = version >= 4 ? cursor.unsignedByte("operations") : 1;
    if (operationsAnInstruction == 0) {
      throw cursor.wrong("an instruction must have at least one operation");
    }
    startsAsStatement = cursor.unsignedByte("whether rows are statements") != 0;
    lineBase = (byte) cursor.unsignedByte("the line base");
    lineRange = cursor.unsignedByte("the line range");
    opcodeBase = cursor.unsignedByte("the opcode base");
    operandCounts = new int[Math.max(opcodeBase, 1)];
    for (int opcode = 1; opcode < opcodeBase; opcode++) {
      operandCounts[opcode] = cursor.unsignedByte("the operands of an opcode");
    }
    if (version == 5) {
      readTables(cursor, new DwarfFormat(version, offsetBytes, addressBytes));
    } else {
      readLists(cursor, compilationFolders.get(unit));
    }
    if (cursor.position() - start > headerBytes) {
      throw cursor.wrong("the names of a line program reach beyond its header");
    }
    cursor.skip(headerBytes - (cursor.position() - start), "the rest of a header");
  }

  /// {@return how many numbers follow an opcode that is neither special nor extended}
  int operandCount(int opcode) {
    return operandCounts[opcode];
  }

  private void readLists(DwarfCursor cursor, @Nullable String compilationFolder)
      throws FormatException {
    folders.add(compilationFolder);
    files.add(new SourceFile(null, 0)); // files are counted from 1
    while (true) {
      String folder = cursor.name("a folder");
      if (folder.isEmpty()) {
        break;
      }
      folders.add(folder);
    }
    while (true) {
      String name = cursor.name("a file");
      if (name.isEmpty()) {
        break;
      }
      addFile(name, cursor);
    }
  }

  /// Adds a file as a program before DWARF 5 names it: name, folder, time, length.
  void addFile(String name, DwarfCursor cursor) throws FormatException {
    long folder = cursor.unsigned("the folder of a file");
    cursor.unsigned("the time of a file");
    cursor.unsigned("the length of a file");
    files.add(new SourceFile(name, folder));
  }

  private void readTables(DwarfCursor cursor, DwarfFormat format) throws FormatException {
    for (SourceFile folder : readTable(cursor, format, "folders")) {
      folders.add(folder.name);
    }
    files.addAll(readTable(cursor, format, "files"));
  }

  private List<SourceFile> readTable(DwarfCursor cursor, DwarfFormat format, String what)
      throws FormatException {
    List<Column> columns = new ArrayList<>();
    int columnCount = cursor.unsignedByte("the columns of the " + what);
    for (int i = 0; i < columnCount; i++) {
      columns.add(new Column(cursor.unsigned("a column"), cursor.unsigned("a form")));
    }
    long count = cursor.unsigned("the number of " + what);
    if (count < 0 || count > cursor.remaining() || (count > 0 && columnCount == 0)) {
      throw cursor.wrong("there cannot be so many " + what + ": " + Long.toUnsignedString(count));
    }
    List<SourceFile> rows = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      String name = null;
      long folder = 0;
      for (Column column : columns) {
        if (column.content == PATH) {
          name = forms.text(cursor, column.form, format);
        } else if (column.content == FOLDER_INDEX) {
          folder = forms.number(cursor, column.form, format);
        } else {
          forms.skip(cursor, column.form, format);
        }
      }
      rows.add(new SourceFile(name, folder));
    }
    return rows;
  }

  /// {@return the table's index of the file that rows name by this number; [LineTable#UNKNOWN] if
  /// there is none}
  int fileIndex(long number, LineTableBuilder table, DwarfCursor cursor) throws FormatException {
    if (number < 0 || number >= files.size()) {
      return LineTable.UNKNOWN;
    }
    SourceFile file = files.get((int) number);
    if (file.index == UNRESOLVED) {
      if (file.name == null || file.name.isEmpty()) {
        file.index = LineTable.UNKNOWN;
      } else {
        String path = clean(join(folder(file.folder), file.name));
        forms.spend(path.length(), cursor);
        file.index = table.fileIndex(path);
      }
    }
    return file.index;
  }

  private @Nullable String folder(long number) {
    if (number < 0 || number >= folders.size()) {
      return null;
    }
    String folder = folders.get((int) number);
    return number == 0 || folder == null ? folder : join(folders.getFirst(), folder);
  }

  private static String join(@Nullable String folder, String name) {
    return name.startsWith("/") || folder == null || folder.isEmpty() ? name : folder + "/" + name;
  }

  /// Takes out what changes nothing; `..` stays, as what it means depends on links.
  private static String clean(String path) {
    boolean needless =
        path.contains("//") || path.contains("/./") || path.startsWith("./") || path.endsWith("/.");
    if (!needless) {
      return path;
    }
    StringBuilder result = new StringBuilder(path.length());
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        result.append(result.isEmpty() && !path.startsWith("/") ? "" : "/").append(part);
      }
    }
    return result.isEmpty() ? path : result.toString();
  }
}
