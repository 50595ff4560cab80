package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a little-endian ELF64 file tells of the program or library in it, but for its symbols,
/// which are many and are read when they are asked for. Holds no file open.
///
/// Source: System V ABI (gABI 4.1), ELF for the Arm 64-bit Architecture.
///
/// @param path the file
/// @param kind what it is
/// @param machine the number of the architecture, as in the file
/// @param entry where execution starts, before the load bias is added
/// @param segments the program headers
/// @param sections the section headers; empty if they were stripped
/// @param interpreter the program that loads it, as "/lib/ld-linux-aarch64.so.1"
/// @param name what other files call this library (`DT_SONAME`)
/// @param needed names of the libraries that it needs, in the file's order
/// @param runPath where to look for them (`DT_RUNPATH`)
/// @param legacyRunPath where to look for them and theirs first (`DT_RPATH`)
/// @param buildId in hexadecimal
public record ElfImage(
    Path path,
    Kind kind,
    int machine,
    long entry,
    List<ElfSegment> segments,
    List<ElfSection> sections,
    @Nullable String interpreter,
    @Nullable String name,
    List<String> needed,
    @Nullable String runPath,
    @Nullable String legacyRunPath,
    @Nullable String buildId) {

  /// What an ELF file is.
  public enum Kind {
    /// A program at fixed addresses without libraries.
    STATIC,
    /// A program at fixed addresses that its interpreter loads with its libraries.
    DYNAMIC,
    /// A program at any address without libraries.
    STATIC_PIE,
    /// A program at any address that its interpreter loads with its libraries.
    PIE,
    /// A library, or an interpreter.
    LIBRARY,
    /// An object file, to be linked.
    OBJECT,
    /// A memory image of a process.
    CORE,
    OTHER;

    public boolean isProgram() {
      return this == STATIC || this == DYNAMIC || this == STATIC_PIE || this == PIE;
    }
  }

  public ElfImage {
    segments = List.copyOf(segments);
    sections = List.copyOf(sections);
    needed = List.copyOf(needed);
  }

  /// Reads a file.
  ///
  /// @throws FormatException if it is a directory, empty, a script, no ELF, of 32 bits, big-endian,
  ///   or damaged
  public static ElfImage open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return new ElfReader(path, ElfBytes.map(path, arena)).read();
    }
  }

  /// Reads the symbols of `.symtab` and `.dynsym` that are defined here, in the file's order, and
  /// the stubs that call other libraries, as `puts@plt`, or `*ABS*+0x86a40@plt` where the name of
  /// the function at that address was stripped.
  ///
  /// @throws FormatException if they are damaged, or the file is another by now
  public List<ElfSymbol> readSymbols() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return new ElfSymbolReader(ElfBytes.map(path, arena), sections, machine).read();
    }
  }

  /// Reads a file that holds only the symbols and the debug information of another.
  public static ElfImage openSeparate(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return new ElfReader(path, ElfBytes.map(path, arena)).readSeparate();
    }
  }

  /// {@return the section of a name, or null if there is none with bytes in the file}
  public @Nullable ElfSection section(String sectionName) {
    for (ElfSection section : sections) {
      if (section.hasBytes() && section.name().equals(sectionName)) {
        return section;
      }
    }
    return null;
  }

  /// {@return what to call the architecture in a message, as "x86-64"}
  public String machineName() {
    return ElfMachine.title(machine);
  }

  public boolean isAArch64() {
    return machine == ElfMachine.AARCH64.number();
  }

  /// {@return the address, before the load bias is added, of a byte of the file; -1 if it is not
  /// loaded}
  public long addressOf(long fileOffset) {
    return ElfSegment.addressOf(segments, fileOffset);
  }

  /// {@return where the byte of an address, before the load bias is added, lies in the file; -1 if
  /// it is not loaded}
  public long fileOffsetOf(long address) {
    return ElfSegment.fileOffsetOf(segments, address);
  }

  /// {@return the names of symbols that other files must define, with their versions if the file
  /// has them}
  ///
  /// @throws FormatException if the symbols are damaged, or the file is another by now
  public Set<String> readUndefined() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return new ElfSymbolReader(ElfBytes.map(path, arena), sections, machine).undefined();
    }
  }
}
