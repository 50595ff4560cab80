package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the headers of an ELF file, its dynamic section and its notes; [ElfSymbolReader] reads its
/// symbols.
///
/// ```text
/// header  0 magic  4 class  5 byte order  16 type  18 machine  24 entry  32 segments  40 sections
///         54 bytes a segment  56 segments  58 bytes a section  60 sections  62 section of names
/// ```
final class ElfReader {
  private static final int MAGIC = 0x464c457f;
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int SECTION_BYTES = 64;
  private static final int EXTENDED_COUNT = 0xffff;
  private static final int LONGEST_SCRIPT_LINE = 256;

  private static final long NEEDED = 1;
  private static final long STRINGS = 5;
  private static final long STRINGS_BYTES = 10;
  private static final long NAME = 14;
  private static final long LEGACY_RUN_PATH = 15;
  private static final long RUN_PATH = 29;
  private static final long FLAGS_1 = 0x6ffffffbL;
  private static final long FLAGS_1_PIE = 0x08000000L;

  private final Path path;
  private final ElfBytes bytes;
  private final List<ElfSegment> segments = new ArrayList<>();
  private final List<ElfSection> sections = new ArrayList<>();
  private final List<String> needed = new ArrayList<>();
  private @Nullable String name;
  private @Nullable String runPath;
  private @Nullable String legacyRunPath;
  private boolean hasDynamic;
  private boolean isPie;

  ElfReader(Path path, ElfBytes bytes) {
    this.path = path;
    this.bytes = bytes;
  }

  ElfImage read() throws FormatException {
    checkIdentity();
    int type = bytes.unsignedShort(16, "the type");
    int machine = bytes.unsignedShort(18, "the machine");
    long entry = bytes.doubleword(24, "the entry address");
    readSegments();
    readSections();
    readDynamic();
    String interpreter = interpreter();
    return new ElfImage(
        path,
        kind(type, interpreter != null),
        machine,
        entry,
        segments,
        sections,
        interpreter,
        name,
        needed,
        runPath,
        legacyRunPath,
        buildId());
  }

  /// Reads a file that holds only the symbols and the debug information of another: its segments
  /// are the other's, and most of its sections have no bytes.
  ElfImage readSeparate() throws FormatException {
    checkIdentity();
    int machine = bytes.unsignedShort(18, "the machine");
    readSections();
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
        buildIdOfSections());
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

  private void readSegments() throws FormatException {
    long count = bytes.unsignedShort(56, "the number of segments");
    long sectionTable = sectionTable();
    if (count == EXTENDED_COUNT && sectionTable != 0) {
      count = bytes.word(sectionTable + 44, "segments");
    }
    if (count == 0) {
      return;
    }
    expect(54, bytes.unsignedShort(54, "bytes a segment"), SEGMENT_BYTES, "bytes a segment");
    long table = bytes.doubleword(32, "the place of the segments");
    requireTable(table, count, SEGMENT_BYTES, "the program headers");
    for (long at = table; at < table + count * SEGMENT_BYTES; at += SEGMENT_BYTES) {
      ElfSegment segment =
          new ElfSegment(
              bytes.word(at, "type"),
              bytes.word(at + 4, "flags"),
              bytes.doubleword(at + 8, "offset"),
              bytes.doubleword(at + 16, "address"),
              bytes.doubleword(at + 32, "bytes"),
              bytes.doubleword(at + 40, "bytes in memory"),
              bytes.doubleword(at + 48, "alignment"));
      if (segment.isLoaded()) {
        bytes.require(segment.offset(), segment.fileBytes(), "a loaded segment");
        requireAddresses(segment, at);
      }
      segments.add(segment);
    }
  }

  private void requireAddresses(ElfSegment segment, long at) throws FormatException {
    boolean inUserSpace =
        segment.virtualAddress() >= 0
            && segment.memoryBytes() >= segment.fileBytes()
            && segment.virtualAddress() <= Long.MAX_VALUE - segment.memoryBytes();
    if (!inUserSpace) {
      throw bytes.wrong(
          at,
          "a loaded segment has impossible addresses: 0x"
              + Long.toHexString(segment.virtualAddress())
              + " and "
              + Long.toUnsignedString(segment.memoryBytes())
              + " bytes");
    }
  }

  /// {@return where the section headers lie; 0 if there are none}
  private long sectionTable() throws FormatException {
    long table = bytes.doubleword(40, "the place of the sections");
    if (table != 0) {
      expect(58, bytes.unsignedShort(58, "bytes a section"), SECTION_BYTES, "bytes a section");
      bytes.require(table, SECTION_BYTES, "the first section header");
    }
    return table;
  }

  private void readSections() throws FormatException {
    long table = sectionTable();
    if (table == 0) {
      return;
    }
    long count = bytes.unsignedShort(60, "the number of sections");
    count = count == 0 ? bytes.doubleword(table + 32, "sections") : count;
    long namesIndex = bytes.unsignedShort(62, "the section of names");
    namesIndex = namesIndex == EXTENDED_COUNT ? bytes.word(table + 40, "names") : namesIndex;
    requireTable(table, count, SECTION_BYTES, "the section headers");
    if (namesIndex < 0 || namesIndex >= count) {
      throw bytes.wrong(62, "the section of names must be below " + count + ": " + namesIndex);
    }
    long names = bytes.doubleword(table + namesIndex * SECTION_BYTES + 24, "names");
    long namesBytes = bytes.doubleword(table + namesIndex * SECTION_BYTES + 32, "names");
    if (namesIndex != 0) {
      bytes.require(names, namesBytes, "the names of the sections");
    }
    for (long at = table; at < table + count * SECTION_BYTES; at += SECTION_BYTES) {
      String sectionName =
          namesIndex == 0
              ? ""
              : bytes.name(
                  names + Integer.toUnsignedLong(bytes.word(at, "name")),
                  names + namesBytes,
                  "the name of a section");
      ElfSection section =
          new ElfSection(
              sectionName,
              bytes.word(at + 4, "type"),
              bytes.doubleword(at + 8, "flags"),
              bytes.doubleword(at + 16, "address"),
              bytes.doubleword(at + 24, "offset"),
              bytes.doubleword(at + 32, "bytes"),
              bytes.word(at + 40, "link"),
              bytes.doubleword(at + 56, "bytes an entry"));
      if (section.hasBytes()) {
        bytes.require(section.offset(), section.bytes(), "section " + sectionName);
      }
      sections.add(section);
    }
  }

  private void requireTable(long offset, long count, int entryBytes, String what)
      throws FormatException {
    if (count < 0 || count > bytes.length() / entryBytes) {
      throw bytes.wrong(offset, what + " cannot be " + Long.toUnsignedString(count));
    }
    bytes.require(offset, count * entryBytes, what);
  }

  private void expect(long offset, long actual, long expected, String what) throws FormatException {
    if (actual != expected) {
      throw bytes.wrong(offset, what + " must be " + expected + ": " + actual);
    }
  }

  private void readDynamic() throws FormatException {
    ElfSegment dynamic = firstSegment(ElfSegment.DYNAMIC);
    if (dynamic == null) {
      return;
    }
    hasDynamic = true;
    bytes.require(dynamic.offset(), dynamic.fileBytes(), "the dynamic section");
    long strings = -1;
    long stringsBytes = 0;
    for (long at = dynamic.offset(); at < dynamicEnd(dynamic); at += 16) {
      long tag = bytes.doubleword(at, "a dynamic tag");
      long value = bytes.doubleword(at + 8, "a dynamic value");
      if (tag == STRINGS) {
        strings = offsetOf(value, at);
      } else if (tag == STRINGS_BYTES) {
        stringsBytes = value;
      } else if (tag == FLAGS_1) {
        isPie = (value & FLAGS_1_PIE) != 0;
      }
    }
    if (strings >= 0) {
      bytes.require(strings, stringsBytes, "the dynamic strings");
      readDynamicNames(dynamic, strings, strings + stringsBytes);
    }
  }

  private void readDynamicNames(ElfSegment dynamic, long strings, long end) throws FormatException {
    for (long at = dynamic.offset(); at < dynamicEnd(dynamic); at += 16) {
      long tag = bytes.doubleword(at, "a dynamic tag");
      if (tag == NEEDED || tag == NAME || tag == RUN_PATH || tag == LEGACY_RUN_PATH) {
        long value = bytes.doubleword(at + 8, "a dynamic value");
        if (value < 0 || value >= end - strings) {
          throw bytes.wrong(at + 8, "the name of a library lies outside of the dynamic strings");
        }
        String text = bytes.name(strings + value, end, "the name of a library");
        if (tag == NEEDED) {
          needed.add(text);
        } else if (tag == NAME) {
          name = text;
        } else if (tag == RUN_PATH) {
          runPath = text;
        } else {
          legacyRunPath = text;
        }
      }
    }
  }

  /// {@return the offset of the entry that ends the dynamic section, or its end}
  private long dynamicEnd(ElfSegment dynamic) throws FormatException {
    long end = dynamic.offset() + dynamic.fileBytes() / 16 * 16;
    for (long at = dynamic.offset(); at < end; at += 16) {
      if (bytes.doubleword(at, "a dynamic tag") == 0) {
        return at;
      }
    }
    return end;
  }

  private long offsetOf(long address, long at) throws FormatException {
    for (ElfSegment segment : segments) {
      if (segment.isLoaded() && segment.holdsAddress(address)) {
        return address - segment.virtualAddress() + segment.offset();
      }
    }
    throw bytes.wrong(at, "no segment holds address " + Long.toHexString(address));
  }

  private @Nullable String interpreter() throws FormatException {
    ElfSegment segment = firstSegment(ElfSegment.INTERPRETER);
    if (segment == null) {
      return null;
    }
    bytes.require(segment.offset(), segment.fileBytes(), "the interpreter's name");
    return bytes.name(
        segment.offset(), segment.offset() + segment.fileBytes(), "the interpreter's name");
  }

  private @Nullable String buildId() throws FormatException {
    for (ElfSegment segment : segments) {
      if (segment.type() == ElfSegment.NOTE) {
        bytes.require(segment.offset(), segment.fileBytes(), "the notes");
        String id = buildId(segment.offset(), segment.fileBytes(), segment.alignment());
        if (id != null) {
          return id;
        }
      }
    }
    return null;
  }

  private @Nullable String buildIdOfSections() throws FormatException {
    for (ElfSection section : sections) {
      String id =
          section.type() == ElfSection.NOTES
              ? buildId(section.offset(), section.bytes(), Integer.BYTES)
              : null;
      if (id != null) {
        return id;
      }
    }
    return null;
  }

  private @Nullable String buildId(long offset, long length, long noteAlignment)
      throws FormatException {
    long end = offset + length;
    long alignment = noteAlignment == 8 ? 8 : 4;
    long at = offset;
    while (at + 12 <= end) {
      long nameBytes = Integer.toUnsignedLong(bytes.word(at, "a note"));
      long valueBytes = Integer.toUnsignedLong(bytes.word(at + 4, "a note"));
      int type = bytes.word(at + 8, "a note");
      long value = at + 12 + aligned(nameBytes, 4);
      if (value > end || valueBytes > end - value) {
        throw bytes.wrong(at, "a note is longer than the notes");
      }
      boolean isBuildId =
          type == 3 && nameBytes == 4 && bytes.word(at + 12, "a note") == 0x00554e47;
      if (isBuildId && valueBytes <= 64) {
        return HexFormat.of().formatHex(bytes.copy(value, valueBytes, "the build id"));
      }
      at = value + aligned(valueBytes, alignment);
    }
    return null;
  }

  private static long aligned(long bytes, long alignment) {
    return (bytes + alignment - 1) / alignment * alignment;
  }

  private @Nullable ElfSegment firstSegment(int type) {
    for (ElfSegment segment : segments) {
      if (segment.type() == type) {
        return segment;
      }
    }
    return null;
  }

  private ElfImage.Kind kind(int type, boolean hasInterpreter) {
    return switch (type) {
      case 1 -> ElfImage.Kind.OBJECT;
      case 2 -> hasInterpreter ? ElfImage.Kind.DYNAMIC : ElfImage.Kind.STATIC;
      case 3 -> {
        if (hasInterpreter && (isPie || name == null)) {
          yield ElfImage.Kind.PIE;
        }
        boolean program = hasDynamic && isPie;
        yield program ? ElfImage.Kind.STATIC_PIE : ElfImage.Kind.LIBRARY;
      }
      case 4 -> ElfImage.Kind.CORE;
      default -> ElfImage.Kind.OTHER;
    };
  }
}
