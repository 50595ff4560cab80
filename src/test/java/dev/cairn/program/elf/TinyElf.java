package dev.cairn.program.elf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds small ELF files with all that [ElfImage] reads: one loaded segment from offset 0 with
/// code at [#TEXT], a stub at [#STUB] that calls `puts`, the dynamic section, a build id, symbols.
public final class TinyElf {
  public static final long BASE = 0x40_0000;
  public static final long TEXT = BASE + 0x400;
  public static final long TEXT_BYTES = 0x100;
  public static final long STUB = TEXT + TEXT_BYTES;
  public static final String BUILD_ID = "0123456789abcdef";
  private static final long SLOT = BASE + 0x1_0018;
  private static final int BYTES_BEFORE_TABLES = 0x400;

  private record Symbol(
      String name, long address, long bytes, int type, int binding, int section) {}

  private int type = 3;
  private int machine = 183;
  private long entry = TEXT;
  private @Nullable String interpreter = "/lib/ld-linux-aarch64.so.1";
  private @Nullable String soname;
  private @Nullable String runPath;
  private @Nullable String legacyRunPath;
  private boolean pieFlag;
  private final List<String> needed = new ArrayList<>();
  private final List<Symbol> symbols = new ArrayList<>();

  public TinyElf type(int type) {
    this.type = type;
    return this;
  }

  public TinyElf machine(int machine) {
    this.machine = machine;
    return this;
  }

  public TinyElf entry(long entry) {
    this.entry = entry;
    return this;
  }

  public TinyElf interpreter(@Nullable String interpreter) {
    this.interpreter = interpreter;
    return this;
  }

  public TinyElf library(String soname) {
    this.soname = soname;
    interpreter = null;
    entry = 0;
    return this;
  }

  public TinyElf pieFlag() {
    pieFlag = true;
    return this;
  }

  public TinyElf runPath(String runPath) {
    this.runPath = runPath;
    return this;
  }

  public TinyElf legacyRunPath(String legacyRunPath) {
    this.legacyRunPath = legacyRunPath;
    return this;
  }

  public TinyElf needs(String library) {
    needed.add(library);
    return this;
  }

  /// Adds a symbol of the code section.
  public TinyElf symbol(String name, long address, long bytes, int type, int binding) {
    symbols.add(new Symbol(name, address, bytes, type, binding, 1));
    return this;
  }

  public TinyElf function(String name, long address, long bytes) {
    return symbol(name, address, bytes, ElfSymbol.FUNCTION, ElfSymbol.GLOBAL);
  }

  public Path write(Path file) throws IOException {
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    Files.write(file, build());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  public byte[] build() {
    Strings dynamicStrings = new Strings();
    List<long[]> dynamic = new ArrayList<>();
    for (String library : needed) {
      dynamic.add(new long[] {1, dynamicStrings.add(library)});
    }
    addName(dynamic, 14, soname, dynamicStrings);
    addName(dynamic, 15, legacyRunPath, dynamicStrings);
    addName(dynamic, 29, runPath, dynamicStrings);
    if (pieFlag) {
      dynamic.add(new long[] {0x6ffffffbL, 0x08000000L});
    }
    int putsName = dynamicStrings.add("puts");
    Strings strings = new Strings();
    ByteBuffer symbolTable = table(24 * (symbols.size() + 1));
    symbolTable.position(24);
    for (Symbol symbol : symbols) {
      symbolTable.putInt(strings.add(symbol.name)).put((byte) (symbol.binding << 4 | symbol.type));
      symbolTable.put((byte) 0).putShort((short) symbol.section);
      symbolTable.putLong(symbol.address).putLong(symbol.bytes);
    }
    ByteBuffer dynamicSymbols = table(48);
    dynamicSymbols.position(24);
    dynamicSymbols.putInt(putsName).put((byte) 0x12).put((byte) 0).putShort((short) 0);
    ByteBuffer relocations = table(24);
    relocations.putLong(SLOT).putLong(1L << 32 | 1026).putLong(0);

    Strings names = new Strings();
    ByteArrayOutputStream tables = new ByteArrayOutputStream();
    int at = BYTES_BEFORE_TABLES + (int) TEXT_BYTES + 16;
    List<long[]> sections = new ArrayList<>();
    sections.add(new long[10]);
    sections.add(section(names.add(".text"), 1, 6, TEXT, 0x400, TEXT_BYTES, 0, 0));
    sections.add(section(names.add(".plt"), 1, 6, STUB, 0x400 + TEXT_BYTES, 16, 0, 0));
    int dynamicStringsAt = at;
    at = append(tables, at, dynamicStrings.bytes());
    sections.add(
        section(
            names.add(".dynstr"),
            3,
            2,
            BASE + dynamicStringsAt,
            dynamicStringsAt,
            dynamicStrings.bytes().length,
            0,
            0));
    sections.add(section(names.add(".dynsym"), 11, 2, BASE + at, at, 48, 3, 24));
    at = append(tables, at, bytes(dynamicSymbols));
    sections.add(section(names.add(".rela.plt"), 4, 2, BASE + at, at, 24, 4, 24));
    at = append(tables, at, bytes(relocations));
    sections.add(section(names.add(".symtab"), 2, 0, 0, at, symbolTable.capacity(), 7, 24));
    at = append(tables, at, bytes(symbolTable));
    sections.add(section(names.add(".strtab"), 3, 0, 0, at, strings.bytes().length, 0, 0));
    at = append(tables, at, strings.bytes());
    dynamic.add(new long[] {5, BASE + dynamicStringsAt});
    dynamic.add(new long[] {10, dynamicStrings.bytes().length});
    dynamic.add(new long[] {0, 0});
    ByteBuffer dynamicTable = table(16 * dynamic.size());
    dynamic.forEach(entry -> dynamicTable.putLong(entry[0]).putLong(entry[1]));
    int dynamicAt = at;
    at = append(tables, at, bytes(dynamicTable));
    int namesName = names.add(".shstrtab");
    sections.add(section(namesName, 3, 0, 0, at, names.bytes().length, 0, 0));
    at = append(tables, at, names.bytes());
    int sectionsAt = at;

    ByteBuffer file = table(at + 64 * sections.size());
    List<long[]> segments = new ArrayList<>();
    segments.add(segment(1, 5, 0, BASE, at, 0x1000));
    segments.add(segment(2, 6, dynamicAt, BASE + dynamicAt, dynamicTable.capacity(), 8));
    segments.add(segment(4, 4, 0x380, BASE + 0x380, 24, 4));
    if (interpreter != null) {
      segments.add(segment(3, 4, 0x300, BASE + 0x300, interpreter.length() + 1, 1));
      file.position(0x300).put(interpreter.getBytes(StandardCharsets.UTF_8));
    }
    file.position(0x380)
        .putInt(4)
        .putInt(8)
        .putInt(3)
        .put("GNU\0".getBytes(StandardCharsets.US_ASCII));
    file.putLong(Long.reverseBytes(Long.parseUnsignedLong(BUILD_ID, 16)));
    putStub(file.position(0x400 + (int) TEXT_BYTES));
    file.position(BYTES_BEFORE_TABLES + (int) TEXT_BYTES + 16).put(tables.toByteArray());
    putHeader(file.position(0), segments.size(), sectionsAt, sections.size());
    segments.forEach(s -> {
      file.putInt((int) s[0]).putInt((int) s[1]).putLong(s[2]).putLong(s[3]).putLong(s[3]);
      file.putLong(s[4]).putLong(s[4]).putLong(s[5]);
    });
    file.position(sectionsAt);
    for (long[] s : sections) {
      file.putInt((int) s[0]).putInt((int) s[1]).putLong(s[2]).putLong(s[3]).putLong(s[4]);
      file.putLong(s[5]).putInt((int) s[6]).putInt((int) s[7]).putLong(s[8]).putLong(s[9]);
    }
    return bytes(file);
  }

  private void putHeader(ByteBuffer file, int segments, int sectionsAt, int sections) {
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    file.putShort((short) type).putShort((short) machine).putInt(1).putLong(entry);
    file.putLong(64).putLong(sectionsAt).putInt(0).putShort((short) 64).putShort((short) 56);
    file.putShort((short) segments).putShort((short) 64).putShort((short) sections);
    file.putShort((short) (sections - 1));
  }

  /// `adrp x16`, `ldr x17`, `add x16`, `br x17`.
  private static void putStub(ByteBuffer file) {
    int pages = (int) ((SLOT >> 12) - (STUB >> 12));
    int low = (int) (SLOT & 0xfff);
    file.putInt(0x9000_0010 | (pages & 3) << 29 | (pages >> 2) << 5);
    file.putInt(0xf940_0211 | (low / 8) << 10).putInt(0x9100_0210 | low << 10).putInt(0xd61f_0220);
  }

  private static void addName(
      List<long[]> dynamic, long tag, @Nullable String name, Strings strings) {
    if (name != null) {
      dynamic.add(new long[] {tag, strings.add(name)});
    }
  }

  private static long[] section(
      int name, int type, long flags, long address, long offset, long bytes, int link, long entry) {
    return new long[] {name, type, flags, address, offset, bytes, link, 0, 8, entry};
  }

  private static long[] segment(
      int type, int flags, long offset, long address, long bytes, long alignment) {
    return new long[] {type, flags, offset, address, bytes, alignment};
  }

  private static int append(ByteArrayOutputStream out, int at, byte[] bytes) {
    byte[] padded = new byte[(bytes.length + 7) / 8 * 8];
    System.arraycopy(bytes, 0, padded, 0, bytes.length);
    out.writeBytes(padded);
    return at + padded.length;
  }

  private static byte[] bytes(ByteBuffer whole) {
    byte[] bytes = new byte[whole.capacity()];
    whole.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer table(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A string table under construction.
  private static final class Strings {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Strings() {
      out.write(0);
    }

    int add(String text) {
      int at = out.size();
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      out.write(0);
      return at;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
