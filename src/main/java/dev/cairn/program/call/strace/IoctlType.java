package dev.cairn.program.call.strace;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What an ioctl's argument points to, and how QEMU prints it: everything as plain numbers and
/// characters, but for terminals' settings.
sealed interface IoctlType {
  int bytes();

  int alignment();

  void write(StringBuilder out, ByteBuffer from, int offset);

  /// Reads a type in the form of `qemu.ioctls`.
  static IoctlType parse(String text) {
    Parser parser = new Parser(text);
    IoctlType type = parser.type();
    if (parser.at != text.length()) {
      throw new IllegalArgumentException("no type: " + text);
    }
    return type;
  }

  /// A number or a character.
  ///
  /// @param letter as in `qemu.ioctls`
  record Scalar(char letter) implements IoctlType {
    @Override
    public int bytes() {
      return switch (letter) {
        case 'c' -> 1;
        case 'h', 'o' -> 2;
        case 'i' -> 4;
        case 'l', 'q', 'L', 'Q', 'p' -> 8;
        default -> throw new IllegalArgumentException("no such letter: " + letter);
      };
    }

    @Override
    public int alignment() {
      return bytes();
    }

    @Override
    public void write(StringBuilder out, ByteBuffer from, int offset) {
      switch (letter) {
        case 'c' -> out.append((char) (from.get(offset) & 0xff));
        case 'h' -> out.append(from.getShort(offset));
        case 'o' -> out.append(from.getShort(offset) & 0xffff);
        case 'i' -> out.append(from.getInt(offset));
        case 'l', 'q' -> out.append(from.getLong(offset));
        case 'L', 'Q' -> out.append(Long.toUnsignedString(from.getLong(offset)));
        default -> out.append("0x").append(Long.toHexString(from.getLong(offset)));
      }
    }
  }

  /// An array; one of characters is a text with all that it holds.
  record Array(int length, IoctlType element) implements IoctlType {
    @Override
    public int bytes() {
      return length * element.bytes();
    }

    @Override
    public int alignment() {
      return element.alignment();
    }

    @Override
    public void write(StringBuilder out, ByteBuffer from, int offset) {
      boolean text = element.equals(new Scalar('c'));
      out.append(text ? '"' : '[');
      for (int i = 0; i < length; i++) {
        out.append(text || i == 0 ? "" : ",");
        element.write(out, from, offset + i * element.bytes());
      }
      out.append(text ? '"' : ']');
    }
  }

  /// A struct in natural alignment.
  record Struct(List<IoctlType> fields) implements IoctlType {
    @Override
    public int bytes() {
      int end = 0;
      for (IoctlType each : fields) {
        end = roundUp(end, each.alignment()) + each.bytes();
      }
      return roundUp(end, alignment());
    }

    @Override
    public int alignment() {
      return fields.stream().mapToInt(IoctlType::alignment).max().orElse(1);
    }

    @Override
    public void write(StringBuilder out, ByteBuffer from, int offset) {
      int end = 0;
      out.append('{');
      for (IoctlType each : fields) {
        out.append(end == 0 ? "" : ",");
        end = roundUp(end, each.alignment());
        each.write(out, from, offset + end);
        end += each.bytes();
      }
      out.append('}');
    }

    private static int roundUp(int offset, int alignment) {
      return (offset + alignment - 1) / alignment * alignment;
    }
  }

  /// A terminal's settings.
  ///
  /// @param speeds whether they end with two speeds
  record Termios(boolean speeds) implements IoctlType {
    @Override
    public int bytes() {
      return speeds ? 44 : 36;
    }

    @Override
    public int alignment() {
      return 4;
    }

    @Override
    public void write(StringBuilder out, ByteBuffer from, int offset) {
      TermiosText.write(out, from, offset, speeds);
    }
  }

  /// Reads types from left to right.
  final class Parser {
    private final String text;
    private int at;

    private Parser(String text) {
      this.text = text;
    }

    private IoctlType type() {
      char c = text.charAt(at++);
      return switch (c) {
        case '[' -> {
          int end = text.indexOf(']', at);
          int length = Integer.parseInt(text.substring(at, end));
          at = end + 1;
          yield new Array(length, type());
        }
        case '{' -> {
          List<IoctlType> fields = new ArrayList<>();
          for (; text.charAt(at) != '}'; at += text.charAt(at) == ' ' ? 1 : 0) {
            fields.add(type());
          }
          at++;
          yield new Struct(List.copyOf(fields));
        }
        case '@' -> {
          boolean speeds = text.startsWith("termios2", at);
          at += speeds ? 8 : 7;
          yield new Termios(speeds);
        }
        default -> new Scalar(c);
      };
    }
  }
}
