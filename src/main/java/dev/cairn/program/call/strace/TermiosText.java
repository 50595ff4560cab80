package dev.cairn.program.call.strace;

import dev.cairn.program.call.NamedValues;
import java.nio.ByteBuffer;
import java.util.List;

/// How QEMU prints a terminal's settings, `struct termios`:
///
/// ```text
/// 0 c_iflag  4 c_oflag  8 c_cflag  12 c_lflag  16 c_line  17 c_cc[19]  36 c_ispeed  40 c_ospeed
/// ```
final class TermiosText {
  /// Members among flags, which are printed one by one and only if they are not 0.
  private record Part(NamedValues names, int mask) {}

  private static final NamedValues INPUT = QemuNames.set("iflag");
  private static final NamedValues OUTPUT = QemuNames.set("oflag");
  private static final NamedValues CONTROL = QemuNames.set("cflag");
  private static final NamedValues LOCAL = QemuNames.set("lflag");
  private static final List<Part> DELAYS =
      List.of(
          new Part(QemuNames.set("NLDLY"), 0000400),
          new Part(QemuNames.set("CRDLY"), 0003000),
          new Part(QemuNames.set("TABDLY"), 0014000),
          new Part(QemuNames.set("BSDLY"), 0020000),
          new Part(QemuNames.set("VTDLY"), 0040000),
          new Part(QemuNames.set("FFDLY"), 0100000));
  private static final List<Part> LINE =
      List.of(new Part(QemuNames.set("CBAUD"), 0010017), new Part(QemuNames.set("CSIZE"), 0000060));
  private static final int CHARACTERS = 17;

  private TermiosText() {}

  static void write(StringBuilder out, ByteBuffer from, int offset, boolean speeds) {
    out.append("{c_iflag = ");
    QemuNames.flags(out, INPUT, Integer.toUnsignedLong(from.getInt(offset)));
    out.append(",c_oflag = ");
    int output = from.getInt(offset + 4);
    QemuNames.flags(out, OUTPUT, Integer.toUnsignedLong(output & ~mask(DELAYS)));
    out.append(',');
    parts(out, DELAYS, output);
    out.append("c_cflag = ");
    int control = from.getInt(offset + 8);
    parts(out, LINE, control);
    QemuNames.flags(out, CONTROL, Integer.toUnsignedLong(control & ~mask(LINE)));
    out.append(",c_lflag = ");
    QemuNames.flags(out, LOCAL, Integer.toUnsignedLong(from.getInt(offset + 12)));
    if (speeds) {
      out.append(",c_ispeed = ").append(Integer.toUnsignedString(from.getInt(offset + 36)));
      out.append(",c_ospeed = ").append(Integer.toUnsignedString(from.getInt(offset + 40)));
    }
    out.append(",c_cc = \"");
    for (int i = offset + CHARACTERS; i < from.limit() && from.get(i) != 0; i++) {
      out.append((char) (from.get(i) & 0xff));
    }
    out.append("\",c_line = '").append((char) (from.get(offset + 16) & 0xff)).append("'}");
  }

  private static int mask(List<Part> parts) {
    int mask = 0;
    for (Part each : parts) {
      mask |= each.mask;
    }
    return mask;
  }

  private static void parts(StringBuilder out, List<Part> parts, int flags) {
    for (Part each : parts) {
      if ((flags & each.mask) != 0) {
        QemuNames.member(out, each.names, flags & each.mask);
        out.append(',');
      }
    }
  }
}
