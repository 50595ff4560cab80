package dev.cairn.program.elf;

import dev.cairn.event.FormatException;
import dev.cairn.program.isa.AArch64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Reads the symbols of an ELF file, and names the stubs by which it calls other libraries.
///
/// A stub is found by what it does, not by where it lies, as linkers and security options differ in
/// its size: it loads its target from the slot that a relocation of `.rela.plt` fills.
final class ElfSymbolReader {
  private static final int SYMBOL_BYTES = 24;
  private static final int RELOCATION_BYTES = 24;
  private static final int INDIRECT_RELOCATION = 1032;

  /// A damaged table can name the same long text again and again.
  private static final int NAME_REUSE_LIMIT = 64;

  private static final int NAME_REUSE_FLOOR_BYTES = 1 << 20;

  private final ElfBytes bytes;
  private final List<ElfSection> sections;
  private final int machine;

  ElfSymbolReader(ElfBytes bytes, List<ElfSection> sections, int machine) {
    this.bytes = bytes;
    this.sections = sections;
    this.machine = machine;
  }

  List<ElfSymbol> read() throws FormatException {
    List<ElfSymbol> symbols = new ArrayList<>();
    for (ElfSection section : sections) {
      boolean holdsSymbols =
          section.type() == ElfSection.SYMBOLS || section.type() == ElfSection.DYNAMIC_SYMBOLS;
      if (holdsSymbols) {
        for (ElfSymbol symbol : readTable(section)) {
          if (symbol.section() != 0) {
            symbols.add(symbol);
          }
        }
      }
    }
    if (machine == ElfMachine.AARCH64.number()) {
      addStubs(symbols);
    }
    return symbols;
  }

  /// {@return the names of symbols that other files must define}
  Set<String> undefined() throws FormatException {
    Set<String> names = new TreeSet<>();
    for (ElfSection section : sections) {
      boolean holdsSymbols =
          section.type() == ElfSection.SYMBOLS || section.type() == ElfSection.DYNAMIC_SYMBOLS;
      if (holdsSymbols) {
        for (ElfSymbol symbol : readTable(section)) {
          if (symbol.section() == 0) {
            names.add(symbol.name());
          }
        }
      }
    }
    return names;
  }

  private List<ElfSymbol> readTable(ElfSection table) throws FormatException {
    if (table.entryBytes() != SYMBOL_BYTES) {
      throw bytes.wrong(table.offset(), "bytes a symbol must be 24: " + table.entryBytes());
    }
    if (table.link() < 0 || table.link() >= sections.size()) {
      throw bytes.wrong(table.offset(), table.name() + " names no section of strings");
    }
    ElfSection strings = sections.get(table.link());
    if (strings.type() == ElfSection.NO_BYTES) {
      throw bytes.wrong(table.offset(), "the strings of " + table.name() + " are not in the file");
    }
    bytes.require(strings.offset(), strings.bytes(), "the strings of " + table.name());
    long nameBudget = strings.bytes() * NAME_REUSE_LIMIT + NAME_REUSE_FLOOR_BYTES;
    int count = Math.toIntExact(Math.min(table.bytes() / SYMBOL_BYTES, Integer.MAX_VALUE - 8));
    ByteBuffer entries =
        ByteBuffer.wrap(bytes.copy(table.offset(), (long) count * SYMBOL_BYTES, "the symbols"))
            .order(ByteOrder.LITTLE_ENDIAN);
    List<ElfSymbol> symbols = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ElfSymbol symbol = readSymbol(entries, table, strings);
      nameBudget -= symbol.name().length();
      if (nameBudget < 0) {
        throw bytes.wrong(
            table.offset(), "the names of " + table.name() + " are out of proportion");
      }
      symbols.add(symbol);
    }
    return symbols;
  }

  private ElfSymbol readSymbol(ByteBuffer entries, ElfSection table, ElfSection strings)
      throws FormatException {
    long nameOffset = Integer.toUnsignedLong(entries.getInt());
    if (nameOffset != 0 && nameOffset >= strings.bytes()) {
      throw bytes.wrong(
          table.offset() + entries.position() - Integer.BYTES,
          "the name of a symbol lies outside of " + strings.name());
    }
    String name =
        nameOffset == 0
            ? ""
            : bytes.name(
                strings.offset() + nameOffset,
                strings.offset() + strings.bytes(),
                "the name of a symbol");
    int info = entries.get() & 0xff;
    entries.get(); // its visibility
    int section = entries.getShort() & 0xffff;
    long address = entries.getLong();
    long size = entries.getLong();
    return new ElfSymbol(name, address, size, info & 0xf, info >>> 4, section);
  }

  private void addStubs(List<ElfSymbol> symbols) throws FormatException {
    Map<Long, String> nameOfSlot = new HashMap<>();
    for (ElfSection section : sections) {
      boolean fillsSlots =
          section.type() == ElfSection.RELOCATIONS
              && section.name().startsWith(".rela.")
              && section.name().contains("plt");
      if (fillsSlots) {
        readSlots(section, symbols, nameOfSlot);
      }
    }
    if (nameOfSlot.isEmpty()) {
      return;
    }
    for (int i = 0; i < sections.size(); i++) {
      ElfSection section = sections.get(i);
      boolean holdsStubs =
          section.isExecutable()
              && section.type() != ElfSection.NO_BYTES
              && section.name().contains("plt");
      if (holdsStubs) {
        addStubs(i, section, nameOfSlot, symbols);
      }
    }
  }

  private void readSlots(ElfSection section, List<ElfSymbol> symbols, Map<Long, String> names)
      throws FormatException {
    Map<Long, String> functions = null;
    List<ElfSymbol> table = List.of();
    if (section.link() > 0 && section.link() < sections.size()) {
      ElfSection linked = sections.get(section.link());
      if (linked.type() == ElfSection.DYNAMIC_SYMBOLS || linked.type() == ElfSection.SYMBOLS) {
        table = readTable(linked);
      }
    }
    long end = section.offset() + section.bytes() / RELOCATION_BYTES * RELOCATION_BYTES;
    for (long at = section.offset(); at < end; at += RELOCATION_BYTES) {
      long slot = bytes.doubleword(at, "a relocation");
      long info = bytes.doubleword(at + 8, "a relocation");
      long symbol = info >>> 32;
      if (symbol > 0 && symbol < table.size()) {
        names.put(slot, table.get((int) symbol).name());
      } else if ((int) info == INDIRECT_RELOCATION) {
        long chooser = bytes.doubleword(at + 16, "a relocation");
        if (functions == null) {
          functions = ElfSymbol.functionNames(symbols);
        }
        names.put(slot, StubName.chosenBy(chooser, functions));
      }
    }
  }

  private void addStubs(
      int index, ElfSection section, Map<Long, String> nameOfSlot, List<ElfSymbol> symbols)
      throws FormatException {
    byte[] code = bytes.copy(section.offset(), section.bytes(), "section " + section.name());
    for (int offset = 0; offset + 4 <= code.length; offset += 4) {
      long pc = section.address() + offset;
      AArch64.LinkageStub stub = AArch64.linkageStub(pc, code, offset);
      String name = stub == null ? null : nameOfSlot.get(stub.slot());
      if (stub != null && name != null) {
        symbols.add(
            new ElfSymbol(
                name + StubName.SUFFIX,
                pc,
                stub.bytes(),
                ElfSymbol.FUNCTION,
                ElfSymbol.GLOBAL,
                index));
        offset += stub.bytes() - 4;
      }
    }
  }
}
