package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an ELF file: whether it is one, and then its tables ([ElfTableReader]), its dynamic
/// section ([ElfDynamic]) and its notes ([ElfNotes]); [ElfSymbolReader] reads its symbols.
///
/// ```text
/// header  0 magic  4 class  5 byte order  16 type  18 machine  24 entry  32 segments  40 sections
///         54 bytes a segment  56 segments  58 bytes a section  60 sections  62 section of names
/// ```
final class ElfReader {
  private static final int MAGIC = 0x464c457f;
  private static final int HEADER_BYTES = 64;
  private static final int LONGEST_SCRIPT_LINE = 256;

  private final Path path;
  private final ElfBytes bytes;

  ElfReader(Path path, ElfBytes bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  ElfImage read() throws FormatException {
    checkIdentity();
    int type = bytes.unsignedShort(16, "the type");
    int machine = bytes.unsignedShort(18, "the machine");
    long entry = bytes.doubleword(24, "the entry address");
    ElfTableReader tables = new ElfTableReader(bytes);
    List<ElfSegment> segments = tables.readSegments();
    List<ElfSection> sections = tables.readSections();
    ElfDynamic dynamic = ElfDynamic.read(bytes, segments);
    String interpreter = interpreter(segments);
    return new ElfImage(
        path,
        kind(type, interpreter != null, dynamic),
        machine,
        entry,
        segments,
        sections,
        interpreter,
        dynamic.name(),
        dynamic.needed(),
        dynamic.runPath(),
        dynamic.legacyRunPath(),
        new ElfNotes(bytes).buildId(segments));
  }

  /// Reads a file that holds only the symbols and the debug information of another: its segments
  /// are the other's, and most of its sections have no bytes.
  ElfImage readSeparate() throws FormatException {
    checkIdentity();
    int machine = bytes.unsignedShort(18, "the machine");
    List<ElfSection> sections = new ElfTableReader(bytes).readSections();
    return new ElfImage(
        path,
        ElfImage.Kind.OTHER,
        machine,
        bytes.doubleword(24, "the entry address"),
        List.of(),
        sections,
        null,
        null,
        List.of(),
        null,
        null,
        new ElfNotes(bytes).buildIdOfSections(sections));
  }

  private void checkIdentity() throws FormatException {
    if (bytes.length() >= 2 && bytes.unsignedShort(0, "the magic") == ('#' | '!' << 8)) {
      throw new FormatException(path.toString(), script());
    }
    if (bytes.length() < 4 || bytes.word(0, "the magic") != MAGIC) {
      throw new FormatException(path.toString(), "is not an ELF program");
    }
    int width = bytes.unsignedByte(4, "the class");
    int order = bytes.unsignedByte(5, "the byte order");
    if (width != 1 && width != 2) {
      throw bytes.wrong(4, "the class of the ELF file must be 1 or 2: " + width);
    }
    if (order != 1 && order != 2) {
      throw bytes.wrong(5, "the byte order of the ELF file must be 1 or 2: " + order);
    }
    if (width == 1 || order == 2) {
      int machine = bytes.unsignedShort(18, "the machine");
      String title =
          ElfMachine.title(order == 2 ? Short.reverseBytes((short) machine) & 0xffff : machine);
      throw new FormatException(
          path.toString(),
          "is a "
              + (width == 1 ? "32-bit" : "64-bit")
              + (order == 2 ? " big-endian" : "")
              + " ELF file for "
              + title
              + "; only 64-bit little-endian ones are supported");
    }
    bytes.require(0, HEADER_BYTES, "the ELF header");
    if (bytes.word(20, "the version") != 1) {
      throw bytes.wrong(20, "the ELF version must be 1: " + bytes.word(20, "the version"));
    }
  }

  private String script() throws FormatException {
    StringBuilder line = new StringBuilder();
    for (long at = 2; at < Math.min(bytes.length(), LONGEST_SCRIPT_LINE); at++) {
      int c = bytes.unsignedByte(at, "the first line");
      if (c == '\n') {
        break;
      }
      line.append(c >= ' ' && c < 127 ? (char) c : '?');
    }
    String interpreter = line.toString().strip();
    return "is a script for "
        + interpreter
        + ", not an ELF program: give an AArch64 "
        + interpreter
        + " as the program and the script as its argument";
  }

  private @Nullable String interpreter(List<ElfSegment> segments) throws FormatException {
    ElfSegment segment = ElfSegment.first(segments, ElfSegment.INTERPRETER);
    if (segment == null) {
      return null;
    }
    bytes.require(segment.offset(), segment.fileBytes(), "the interpreter's name");
    return bytes.name(
        segment.offset(), segment.offset() + segment.fileBytes(), "the interpreter's name");
  }

  private static ElfImage.Kind kind(int type, boolean hasInterpreter, ElfDynamic dynamic) {
    return switch (type) {
      case 1 -> ElfImage.Kind.OBJECT;
      case 2 -> hasInterpreter ? ElfImage.Kind.DYNAMIC : ElfImage.Kind.STATIC;
      case 3 -> {
        if (hasInterpreter && (dynamic.isPie() || dynamic.name() == null)) {
          yield ElfImage.Kind.PIE;
        }
        yield dynamic.isPie() ? ElfImage.Kind.STATIC_PIE : ElfImage.Kind.LIBRARY;
      }
      case 4 -> ElfImage.Kind.CORE;
      default -> ElfImage.Kind.OTHER;
    };
  }
}
