package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import java.util.Map;

/// Runs the line programs of a file: each is a small machine that appends rows to the line table.
///
/// Every opcode takes a byte at least, so a program cannot make more rows than it has bytes.
///
/// Source: DWARF 5, section 6.2.5; versions 2 to 4 have the same opcodes, or fewer.
final class LineProgramReader {
  private static final int EXTENDED = 0;
  private static final int COPY = 1;
  private static final int ADVANCE_ADDRESS = 2;
  private static final int ADVANCE_LINE = 3;
  private static final int SET_FILE = 4;
  private static final int NEGATE_STATEMENT = 6;
  private static final int ADD_CONSTANT_TO_ADDRESS = 8;
  private static final int ADD_FIXED_TO_ADDRESS = 9;

  private static final int END_SEQUENCE = 1;
  private static final int SET_ADDRESS = 2;
  private static final int DEFINE_FILE = 3;

  private final DwarfCursor cursor;
  private final FormReader forms;
  private final Map<Long, String> compilationFolders;
  private final LineTableBuilder table;

  private long address;
  private long operation;
  private long file;
  private long line;
  private boolean isStatement;

  LineProgramReader(DebugSections sections) throws FormatException {
    this.cursor = new DwarfCursor(sections.path(), ".debug_line", sections.lines());
    this.forms = new FormReader(sections);
    this.compilationFolders = CompilationFolders.read(sections, forms);
    this.table = new LineTableBuilder(sections.code());
  }

  LineTable read() throws FormatException {
    while (cursor.remaining() > 0) {
      long unit = cursor.position();
      int offsetBytes = cursor.beginUnit("a line program");
      if (cursor.remaining() > 0) { // else a linker's padding
        run(new LineProgramHeader(cursor, offsetBytes, unit, compilationFolders, forms));
      }
      cursor.endUnit();
    }
    return table.build();
  }

  private void run(LineProgramHeader header) throws FormatException {
    reset(header);
    while (cursor.remaining() > 0) {
      int opcode = cursor.unsignedByte("an opcode");
      if (opcode >= header.opcodeBase) {
        special(opcode - header.opcodeBase, header);
      } else if (opcode == EXTENDED) {
        extended(header);
      } else {
        standard(opcode, header);
      }
    }
    if (table.isInSequence()) {
      throw cursor.wrong("the last sequence of a line program has no end");
    }
  }

  private void reset(LineProgramHeader header) {
    address = 0;
    operation = 0;
    file = 1;
    line = 1;
    isStatement = header.startsAsStatement;
  }

  private void special(int number, LineProgramHeader header) throws FormatException {
    requireLineRange(header);
    advance(number / header.lineRange, header);
    line += header.lineBase + number % header.lineRange;
    append(header);
  }

  private void standard(int opcode, LineProgramHeader header) throws FormatException {
    switch (opcode) {
      case COPY -> append(header);
      case ADVANCE_ADDRESS -> advance(cursor.unsigned("an advance"), header);
      case ADVANCE_LINE -> line += cursor.signed("an advance");
      case SET_FILE -> file = cursor.unsigned("a file");
      case NEGATE_STATEMENT -> isStatement = !isStatement;
      case ADD_CONSTANT_TO_ADDRESS -> {
        requireLineRange(header);
        advance((255 - header.opcodeBase) / header.lineRange, header);
      }
      case ADD_FIXED_TO_ADDRESS -> {
        address += cursor.unsignedShort("an advance");
        operation = 0;
      }
      default -> {
        for (int i = 0; i < header.operandCount(opcode); i++) {
          cursor.unsigned("an operand");
        }
      }
    }
  }

  private void requireLineRange(LineProgramHeader header) throws FormatException {
    if (header.lineRange == 0) {
      throw cursor.wrong("an opcode needs a line range, which is 0");
    }
  }

  private void extended(LineProgramHeader header) throws FormatException {
    long bytes = cursor.unsigned("the length of an opcode");
    if (bytes < 1 || bytes > cursor.remaining()) {
      throw cursor.wrong("an opcode cannot have this length here: " + Long.toUnsignedString(bytes));
    }
    long start = cursor.position();
    switch (cursor.unsignedByte("an opcode")) {
      case END_SEQUENCE -> {
        table.endSequence(address);
        reset(header);
      }
      case SET_ADDRESS -> {
        if (bytes != 1 + Integer.BYTES && bytes != 1 + Long.BYTES) {
          throw cursor.wrong("an address must have 4 or 8 bytes: " + (bytes - 1));
        }
        address = cursor.number((int) bytes - 1, "an address");
        operation = 0;
      }
      case DEFINE_FILE -> header.addFile(cursor.name("a file"), cursor);
      default -> {}
    }
    long read = cursor.position() - start;
    if (read > bytes) {
      throw cursor.wrong("an opcode is longer than it says: " + bytes);
    }
    cursor.skip(bytes - read, "the rest of an opcode");
  }

  private void advance(long operations, LineProgramHeader header) {
    long sum = operation + operations;
    int each = header.operationsAnInstruction;
    address += header.instructionBytes * Long.divideUnsigned(sum, each);
    operation = Long.remainderUnsigned(sum, each);
  }

  private void append(LineProgramHeader header) throws FormatException {
    int index = header.fileIndex(file, table, cursor);
    boolean known = index >= 0 && line >= 1 && line <= Integer.MAX_VALUE;
    table.append(address, known ? index : LineTable.UNKNOWN, known ? (int) line : 0, isStatement);
  }
}
