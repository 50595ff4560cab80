package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import java.util.HashMap;
import java.util.Map;

/// The folder in which the compiler worked, for each line program. Before DWARF 5 only a
/// compilation unit's first entry in `.debug_info` tells; nothing else of the unit is read.
///
/// Source: DWARF 5, sections 7.5.1 to 7.5.3.
final class CompilationFolders {
  private static final int TYPE_UNIT = 2;
  private static final int SKELETON_UNIT = 4;
  private static final int SPLIT_UNIT = 5;
  private static final int SPLIT_TYPE_UNIT = 6;
  private static final int STATEMENTS = 0x10;
  private static final int FOLDER = 0x1b;

  /// A sound file's tables of abbreviations do not overlap, and each unit has a few attributes.
  private static final long READING_LIMIT = 64;

  private static final long READING_FLOOR_BYTES = 1 << 20;

  private record Abbreviation(long table, long code) {}

  private final DwarfCursor units;
  private final DwarfCursor abbreviations;
  private final FormReader forms;
  private final Map<Abbreviation, Long> known = new HashMap<>();
  private final Map<Long, String> folders = new HashMap<>();
  private long readingLeft;

  private CompilationFolders(DebugSections sections, FormReader forms) {
    this.units = new DwarfCursor(sections.path(), ".debug_info", sections.units());
    this.abbreviations =
        new DwarfCursor(sections.path(), ".debug_abbrev", sections.abbreviations());
    this.forms = forms;
    this.readingLeft =
        READING_FLOOR_BYTES
            + READING_LIMIT * sections.abbreviations().byteSize()
            + sections.units().byteSize();
  }

  /// {@return the folder by the offset of the line program in `.debug_line`}
  static Map<Long, String> read(DebugSections sections, FormReader forms) throws FormatException {
    CompilationFolders reader = new CompilationFolders(sections, forms);
    while (reader.units.remaining() > 0) {
      reader.readUnit();
    }
    return reader.folders;
  }

  private void readUnit() throws FormatException {
    int offsetBytes = units.beginUnit("a unit");
    if (units.remaining() > 0) { // else a linker's padding
      readUnit(offsetBytes);
    }
    units.endUnit();
  }

  private void readUnit(int offsetBytes) throws FormatException {
    int version = units.unsignedShort("the version of a unit");
    int type = version == 5 ? units.unsignedByte("the type of a unit") : 0;
    boolean holdsFolder =
        version >= 2 && version <= 5 && type != TYPE_UNIT && type != SPLIT_TYPE_UNIT;
    if (holdsFolder) {
      int addressBytes = version == 5 ? units.unsignedByte("bytes of an address") : 0;
      long table = units.number(offsetBytes, "the place of abbreviations");
      if (version < 5) {
        addressBytes = units.unsignedByte("bytes of an address");
      }
      if (type == SKELETON_UNIT || type == SPLIT_UNIT) {
        units.skip(Long.BYTES, "the id of a unit");
      }
      readFirstEntry(new DwarfFormat(version, offsetBytes, addressBytes), table);
    }
  }

  private void readFirstEntry(DwarfFormat format, long table) throws FormatException {
    long code = units.unsigned("the first entry of a unit");
    if (code == 0) {
      return;
    }
    moveToAttributes(new Abbreviation(table, code));
    long start = abbreviations.position();
    long statements = -1;
    String folder = null;
    while (true) {
      long name = abbreviations.unsigned("an attribute");
      long form = abbreviations.unsigned("a form");
      if (form == FormReader.IMPLICIT_CONSTANT) {
        abbreviations.signed("a constant");
      }
      if (name == 0 && form == 0) {
        break;
      }
      if (name == STATEMENTS) {
        statements = forms.number(units, form, format);
      } else if (name == FOLDER) {
        folder = forms.text(units, form, format);
      } else {
        forms.skip(units, form, format);
      }
    }
    spend(start);
    if (statements >= 0 && folder != null && !folder.isEmpty()) {
      folders.putIfAbsent(statements, folder);
    }
  }

  private void moveToAttributes(Abbreviation abbreviation) throws FormatException {
    Long place = known.get(abbreviation);
    if (place != null) {
      abbreviations.moveTo(place, "an abbreviation");
      return;
    }
    abbreviations.moveTo(abbreviation.table, "the abbreviations of a unit");
    while (true) {
      long start = abbreviations.position();
      long code = abbreviations.unsigned("an abbreviation");
      if (code == 0) {
        throw abbreviations.wrong("no abbreviation has the number " + abbreviation.code);
      }
      abbreviations.unsigned("a tag");
      abbreviations.unsignedByte("whether entries lie below");
      if (code == abbreviation.code) {
        known.put(abbreviation, abbreviations.position());
        return;
      }
      passAttributes();
      spend(start);
    }
  }

  private void spend(long start) throws FormatException {
    readingLeft -= abbreviations.position() - start;
    if (readingLeft < 0) {
      throw abbreviations.wrong("the abbreviations are read out of proportion to their size");
    }
  }

  private void passAttributes() throws FormatException {
    long name;
    long form;
    do {
      name = abbreviations.unsigned("an attribute");
      form = abbreviations.unsigned("a form");
      if (form == FormReader.IMPLICIT_CONSTANT) {
        abbreviations.signed("a constant");
      }
    } while (name != 0 || form != 0);
  }
}
