package dev.cairn.program.debug;

/// What decides how long the values of a unit of debug information are.
///
/// @param version of DWARF, 2 to 5
/// @param offsetBytes of an offset into a section: 4, or 8 in 64-bit DWARF
/// @param addressBytes of an address in the program
record DwarfFormat(int version, int offsetBytes, int addressBytes) {}
