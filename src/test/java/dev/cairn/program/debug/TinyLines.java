package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import dev.cairn.program.debug.DebugSections.CodeRange;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Builds small sections of debug information by hand: one line program of folders `/work` and
/// `include`, files `a.c` and `include/b.h`, and the compilation unit that has it.
///
/// Special opcodes advance the address by 4 and the line by -3 to 10.
final class TinyLines {
  static final long CODE = 0x1000;
  static final long CODE_END = 0x2000;
  private static final int OPCODE_BASE = 14;
  private static final int LINE_BASE = -3;
  private static final int LINE_RANGE = 14;

  private final int version;
  private final boolean wide;
  private final ByteArrayOutputStream program = new ByteArrayOutputStream();
  private int operationsAnInstruction = 1;
  private byte[] folder = "/work\0".getBytes(StandardCharsets.UTF_8);

  TinyLines(int version, boolean wide) {
    this.version = version;
    this.wide = wide;
  }

  TinyLines operationsAnInstruction(int count) {
    operationsAnInstruction = count;
    return this;
  }

  /// Names the folder in which the compiler worked.
  TinyLines folder(String name) {
    folder = (name + "\0").getBytes(StandardCharsets.UTF_8);
    return this;
  }

  TinyLines opcode(int opcode, int... operands) {
    program.write(opcode);
    for (int operand : operands) {
      program.write(operand);
    }
    return this;
  }

  TinyLines address(long address) {
    ByteBuffer bytes = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
    program.writeBytes(bytes.put((byte) 0).put((byte) 9).put((byte) 2).putLong(address).array());
    return this;
  }

  /// Appends a row at the present address.
  TinyLines copy() {
    return opcode(1);
  }

  TinyLines advanceAddress(int units) {
    return opcode(2, units);
  }

  TinyLines advanceLine(int lines) {
    return opcode(3, lines & 0x7f);
  }

  TinyLines file(int number) {
    return opcode(4, number);
  }

  /// Goes on by instructions and lines, and appends a row.
  TinyLines row(int instructions, int lines) {
    return opcode(OPCODE_BASE + instructions * LINE_RANGE + lines - LINE_BASE);
  }

  TinyLines end() {
    return opcode(0, 1, 1);
  }

  LineTable read() throws FormatException {
    return LineTable.read(sections());
  }

  DebugSections sections() {
    return sections(lines(), lineStrings(), unit(), abbreviations());
  }

  static DebugSections sections(
      byte[] lines, byte[] lineStrings, byte[] units, byte[] abbreviations) {
    return new DebugSections(
        "tiny",
        MemorySegment.ofArray(lines),
        MemorySegment.ofArray(lineStrings),
        DebugSections.MISSING,
        DebugSections.MISSING,
        MemorySegment.ofArray(units),
        MemorySegment.ofArray(abbreviations),
        List.of(new CodeRange(CODE, CODE_END)));
  }

  byte[] lineStrings() {
    return version == 5
        ? "/work\0include\0a.c\0b.h\0".getBytes(StandardCharsets.UTF_8)
        : new byte[0];
  }

  byte[] lines() {
    Bytes header = new Bytes();
    header.put(4); // bytes of an instruction
    if (version >= 4) {
      header.put(operationsAnInstruction);
    }
    header.put(1).put(LINE_BASE).put(LINE_RANGE).put(OPCODE_BASE);
    for (int operands : new int[] {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 2}) { // 13: unknown
      header.put(operands);
    }
    if (version == 5) {
      header.put(1).put(1).put(0x1f).put(2).offset(0).offset(6); // two folders
      header.put(3).put(1).put(0x1f).put(2).put(0x0b).put(5).put(0x1e).put(3); // three files
      header.offset(14).put(0).put(new byte[16]);
      header.offset(14).put(0).put(new byte[16]);
      header.offset(18).put(1).put(new byte[16]);
    } else {
      header.put("include\0\0".getBytes(StandardCharsets.UTF_8));
      header.put("a.c\0".getBytes(StandardCharsets.UTF_8)).put(0).put(0).put(0);
      header.put("b.h\0".getBytes(StandardCharsets.UTF_8)).put(1).put(0).put(0).put(0);
    }
    Bytes unit = new Bytes().twoBytes(version);
    if (version == 5) {
      unit.put(8).put(0);
    }
    return unit.offset(header.bytes().length).put(header.bytes()).put(program.toByteArray()).unit();
  }

  byte[] unit() {
    Bytes unit = new Bytes().twoBytes(version);
    if (version == 5) {
      unit.put(1).put(8).offset(0);
    } else {
      unit.offset(0).put(8);
    }
    return unit.put(2).put(77).offset(0).put(folder).unit();
  }

  /// Of a unit with its language, line program and folder; another that is not used lies before.
  byte[] abbreviations() {
    int offsetForm = version >= 4 ? 0x17 : wide ? 0x07 : 0x06;
    return new Bytes()
        .put(new byte[] {1, 0x24, 0, 0x0b, 0x0b, 0, 0})
        .put(new byte[] {2, 0x11, 1, 0x13, 0x0b, 0x10, (byte) offsetForm, 0x1b, 0x08, 0, 0, 0})
        .bytes();
  }

  /// Bytes under construction.
  private final class Bytes {
    private final List<Byte> content = new ArrayList<>();

    Bytes put(int value) {
      content.add((byte) value);
      return this;
    }

    Bytes put(byte[] values) {
      for (byte value : values) {
        content.add(value);
      }
      return this;
    }

    Bytes twoBytes(int value) {
      return put(value).put(value >> 8);
    }

    Bytes offset(long value) {
      for (int i = 0; i < (wide ? 8 : 4); i++) {
        put((int) (value >> (8 * i)));
      }
      return this;
    }

    byte[] bytes() {
      byte[] result = new byte[content.size()];
      for (int i = 0; i < result.length; i++) {
        result[i] = content.get(i);
      }
      return result;
    }

    /// {@return the length of what was put, and that}
    byte[] unit() {
      byte[] body = bytes();
      Bytes whole = new Bytes();
      if (wide) {
        whole.put(new byte[] {-1, -1, -1, -1});
      }
      return whole.offset(body.length).put(body).bytes();
    }
  }
}
