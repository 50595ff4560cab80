package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.util.ArrayList;
import java.util.List;

/// Reads the program headers and the section headers of an ELF file, and checks that what they tell
/// of lies inside of it.
final class ElfTableReader {
  private static final int SEGMENT_BYTES = 56;
  private static final int SECTION_BYTES = 64;
  private static final int EXTENDED_COUNT = 0xffff;

  private final ElfBytes bytes;

  ElfTableReader(ElfBytes bytes) {
    this.bytes = bytes;
  }

  List<ElfSegment> readSegments() throws FormatException {
    long count = bytes.unsignedShort(56, "the number of segments");
    long sectionTable = sectionTable();
    if (count == EXTENDED_COUNT && sectionTable != 0) {
      count = bytes.word(sectionTable + 44, "segments");
    }
    if (count == 0) {
      return List.of();
    }
    List<ElfSegment> segments = new ArrayList<>();
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
        if (segment.fileBytes() != 0) { // nobody reads where one without bytes begins
          bytes.require(segment.offset(), segment.fileBytes(), "a loaded segment");
        }
        requireAddresses(segment, at);
      }
      segments.add(segment);
    }
    return segments;
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

  List<ElfSection> readSections() throws FormatException {
    long table = sectionTable();
    if (table == 0) {
      return List.of();
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
    List<ElfSection> sections = new ArrayList<>();
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
    return sections;
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
}
