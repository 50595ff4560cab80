package dev.cairn.program.debug;

import dev.cairn.event.FormatException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Reads the values of attributes, each of a form that says how it is written.
///
/// Source: DWARF 5, section 7.5.6, and the forms that GNU added to earlier versions.
final class FormReader {
  private static final int ADDRESS = 0x01;
  private static final int BLOCK2 = 0x03;
  private static final int BLOCK4 = 0x04;
  private static final int DATA2 = 0x05;
  private static final int DATA4 = 0x06;
  private static final int DATA8 = 0x07;
  private static final int STRING = 0x08;
  private static final int BLOCK = 0x09;
  private static final int BLOCK1 = 0x0a;
  private static final int DATA1 = 0x0b;
  private static final int FLAG = 0x0c;
  private static final int SIGNED_DATA = 0x0d;
  private static final int STRING_OFFSET = 0x0e;
  private static final int UNSIGNED_DATA = 0x0f;
  private static final int REFERENCE_ADDRESS = 0x10;
  private static final int REFERENCE1 = 0x11;
  private static final int REFERENCE2 = 0x12;
  private static final int REFERENCE4 = 0x13;
  private static final int REFERENCE8 = 0x14;
  private static final int REFERENCE_UNSIGNED = 0x15;
  private static final int INDIRECT = 0x16;
  private static final int SECTION_OFFSET = 0x17;
  private static final int EXPRESSION = 0x18;
  private static final int FLAG_PRESENT = 0x19;
  private static final int STRING_INDEX = 0x1a;
  private static final int ADDRESS_INDEX = 0x1b;
  private static final int SHARED_REFERENCE4 = 0x1c;
  private static final int SHARED_STRING_OFFSET = 0x1d;
  private static final int DATA16 = 0x1e;
  private static final int LINE_STRING_OFFSET = 0x1f;
  private static final int REFERENCE_SIGNATURE = 0x20;
  static final int IMPLICIT_CONSTANT = 0x21;
  private static final int LOCATION_LIST_INDEX = 0x22;
  private static final int RANGE_LIST_INDEX = 0x23;
  private static final int SHARED_REFERENCE8 = 0x24;
  private static final int STRING_INDEX1 = 0x25;
  private static final int STRING_INDEX2 = 0x26;
  private static final int STRING_INDEX3 = 0x27;
  private static final int STRING_INDEX4 = 0x28;
  private static final int ADDRESS_INDEX1 = 0x29;
  private static final int ADDRESS_INDEX2 = 0x2a;
  private static final int ADDRESS_INDEX3 = 0x2b;
  private static final int ADDRESS_INDEX4 = 0x2c;
  private static final int GNU_ADDRESS_INDEX = 0x1f01;
  private static final int GNU_STRING_INDEX = 0x1f02;
  private static final int GNU_SHARED_REFERENCE = 0x1f20;
  private static final int GNU_SHARED_STRING_OFFSET = 0x1f21;

  /// A damaged table can name the same long text again and again.
  private static final long TEXT_REUSE_LIMIT = 64;

  private static final long TEXT_REUSE_FLOOR = 1 << 20;

  private final DebugSections sections;
  private long textLeft;

  FormReader(DebugSections sections) {
    this.sections = sections;
    this.textLeft =
        TEXT_REUSE_FLOOR
            + TEXT_REUSE_LIMIT
                * (sections.lines().byteSize()
                    + sections.lineStrings().byteSize()
                    + sections.strings().byteSize());
  }

  /// Counts text that was made; there is an end to what a file of this size can need.
  void spend(int characters, DwarfCursor at) throws FormatException {
    textLeft -= characters;
    if (textLeft < 0) {
      throw at.wrong("the names are out of proportion to the sections that hold them");
    }
  }

  /// {@return a text; null if it is none, or lies in a section that is missing}
  @Nullable String text(DwarfCursor cursor, long form, DwarfFormat format) throws FormatException {
    String text =
        switch ((int) form) {
          case STRING -> cursor.name("a name");
          case STRING_OFFSET -> at(cursor, format, ".debug_str", sections.strings());
          case LINE_STRING_OFFSET -> at(cursor, format, ".debug_line_str", sections.lineStrings());
          case SHARED_STRING_OFFSET, GNU_SHARED_STRING_OFFSET ->
              at(cursor, format, "the shared .debug_str", sections.sharedStrings());
          case INDIRECT -> text(cursor, directForm(cursor), format);
          default -> {
            skip(cursor, form, format);
            yield null;
          }
        };
    if (text != null) {
      spend(text.length(), cursor);
    }
    return text;
  }

  private @Nullable String at(
      DwarfCursor cursor, DwarfFormat format, String section, MemorySegment strings)
      throws FormatException {
    long offset = cursor.number(format.offsetBytes(), "a name's place");
    if (strings.byteSize() == 0) {
      return null;
    }
    DwarfCursor text = new DwarfCursor(sections.path(), section, strings);
    text.moveTo(offset, "a name");
    return text.name("a name");
  }

  /// {@return a number that is no address; -1 if it is none}
  long number(DwarfCursor cursor, long form, DwarfFormat format) throws FormatException {
    return switch ((int) form) {
      case DATA1, FLAG -> cursor.unsignedByte("a number");
      case DATA2 -> cursor.unsignedShort("a number");
      case DATA4 -> cursor.unsignedInt("a number");
      case DATA8 -> cursor.doubleword("a number");
      case UNSIGNED_DATA -> cursor.unsigned("a number");
      case SIGNED_DATA -> cursor.signed("a number");
      case SECTION_OFFSET -> cursor.number(format.offsetBytes(), "an offset");
      case INDIRECT -> number(cursor, directForm(cursor), format);
      default -> {
        skip(cursor, form, format);
        yield -1;
      }
    };
  }

  private static long directForm(DwarfCursor cursor) throws FormatException {
    long form = cursor.unsigned("a form");
    if (form == INDIRECT || form == IMPLICIT_CONSTANT) {
      throw cursor.wrong("this form cannot stand with the value: 0x" + Long.toHexString(form));
    }
    return form;
  }

  /// Passes a value over.
  void skip(DwarfCursor cursor, long form, DwarfFormat format) throws FormatException {
    if (form != (int) form) {
      throw unknown(cursor, form);
    }
    switch ((int) form) {
      case FLAG_PRESENT, IMPLICIT_CONSTANT -> {}
      case DATA1, FLAG, REFERENCE1, STRING_INDEX1, ADDRESS_INDEX1 -> cursor.skip(1, "a value");
      case DATA2, REFERENCE2, STRING_INDEX2, ADDRESS_INDEX2 -> cursor.skip(2, "a value");
      case STRING_INDEX3, ADDRESS_INDEX3 -> cursor.skip(3, "a value");
      case DATA4, REFERENCE4, SHARED_REFERENCE4, STRING_INDEX4, ADDRESS_INDEX4 ->
          cursor.skip(4, "a value");
      case DATA8, REFERENCE8, SHARED_REFERENCE8, REFERENCE_SIGNATURE -> cursor.skip(8, "a value");
      case DATA16 -> cursor.skip(16, "a value");
      case ADDRESS -> cursor.skip(format.addressBytes(), "an address");
      case REFERENCE_ADDRESS ->
          cursor.skip(
              format.version() == 2 ? format.addressBytes() : format.offsetBytes(), "a reference");
      case STRING_OFFSET,
          LINE_STRING_OFFSET,
          SHARED_STRING_OFFSET,
          SECTION_OFFSET,
          GNU_SHARED_REFERENCE,
          GNU_SHARED_STRING_OFFSET ->
          cursor.skip(format.offsetBytes(), "an offset");
      case UNSIGNED_DATA,
          SIGNED_DATA,
          REFERENCE_UNSIGNED,
          STRING_INDEX,
          ADDRESS_INDEX,
          LOCATION_LIST_INDEX,
          RANGE_LIST_INDEX,
          GNU_ADDRESS_INDEX,
          GNU_STRING_INDEX ->
          cursor.unsigned("a number");
      case STRING -> cursor.name("a name");
      case BLOCK1 -> cursor.skip(cursor.unsignedByte("a block's length"), "a block");
      case BLOCK2 -> cursor.skip(cursor.unsignedShort("a block's length"), "a block");
      case BLOCK4 -> cursor.skip(cursor.unsignedInt("a block's length"), "a block");
      case BLOCK, EXPRESSION -> cursor.skip(cursor.unsigned("a block's length"), "a block");
      case INDIRECT -> skip(cursor, directForm(cursor), format);
      default -> throw unknown(cursor, form);
    }
  }

  private static FormatException unknown(DwarfCursor cursor, long form) {
    return cursor.wrong("no form has this number: 0x" + Long.toHexString(form));
  }
}
