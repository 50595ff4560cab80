package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the notes of an ELF file, as far as they tell its build id.
final class ElfNotes {
  private final ElfBytes bytes;

  ElfNotes(ElfBytes bytes) {
    this.bytes = bytes;
  }

  /// {@return the build id, or null if no segment of notes has one}
  @Nullable String buildId(List<ElfSegment> segments) throws FormatException {
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

  /// {@return the build id, or null if no section of notes has one}
  @Nullable String buildIdOfSections(List<ElfSection> sections) throws FormatException {
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
}
