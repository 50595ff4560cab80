package dev.cairn.program.elf;

/// A section header of an ELF file.
///
/// @param name as ".text"
/// @param type as in the file: 2 symbols, 3 strings, 4 relocations, 7 notes, 8 no bytes, 11 dynamic
///   symbols
/// @param flags as in the file
/// @param address before the load bias is added; 0 if it is not loaded
/// @param offset where its bytes begin in the file
/// @param bytes how long it is
/// @param link index of the section that belongs to it
/// @param entryBytes size of its entries, 0 if it has none
public record ElfSection(
    String name,
    int type,
    long flags,
    long address,
    long offset,
    long bytes,
    int link,
    long entryBytes) {
  public static final int SYMBOLS = 2;
  static final int RELOCATIONS = 4;
  static final int NO_BYTES = 8;
  static final int DYNAMIC_SYMBOLS = 11;
  static final int NOTES = 7;
  private static final long EXECUTABLE = 4;
  private static final long COMPRESSED = 0x800;

  public boolean isExecutable() {
    return (flags & EXECUTABLE) != 0;
  }

  public boolean isCompressed() {
    return (flags & COMPRESSED) != 0;
  }

  public boolean hasBytes() {
    return type != NO_BYTES && type != 0;
  }
}
