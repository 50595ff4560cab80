package dev.cairn.program;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.cairn.event.FormatException;
import dev.cairn.program.debug.DebugSections;
import dev.cairn.program.debug.DebugSections.CodeRange;
import dev.cairn.program.debug.LineTable;
import dev.cairn.program.elf.ElfBytes;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;

/// Reads the line table of an ELF file: finds the sections and unpacks those that are compressed.
///
/// Source: gABI, "Section Compression"; binutils' older form, sections called `.zdebug_…`.
final class DebugReader {
  private static final int HEADER_BYTES = 24;
  private static final int ZLIB = 1;
  private static final int ZSTD = 2;

  private static final int OLD_HEADER_BYTES = 12;
  private static final int OLD_MAGIC = 'Z' | 'L' << 8 | 'I' << 16 | 'B' << 24;

  /// What zlib can save at best is 1 to 1032; no debug information comes near.
  private static final long LARGEST_RATIO = 1032;

  private final ElfImage image;
  private final ElfBytes bytes;

  private DebugReader(ElfImage image, Arena arena) throws IOException {
    this.image = image;
    this.bytes = ElfBytes.map(image.path(), arena);
  }

  static boolean hasLines(ElfImage image) {
    return image.section(".debug_line") != null || image.section(".zdebug_line") != null;
  }

  /// {@return the lines of a file, empty if it has none}
  ///
  /// @throws FormatException if its debug information is damaged
  static LineTable lines(ElfImage image, DebugFiles files) throws IOException {
    if (!hasLines(image)) {
      return LineTable.EMPTY;
    }
    try (Arena arena = Arena.ofConfined()) {
      DebugReader reader = new DebugReader(image, arena);
      ElfImage shared = files.findShared(image);
      return LineTable.read(
          new DebugSections(
              image.path().toString(),
              reader.section("debug_line"),
              reader.section("debug_line_str"),
              reader.section("debug_str"),
              shared == null
                  ? DebugSections.MISSING
                  : new DebugReader(shared, arena).section("debug_str"),
              reader.section("debug_info"),
              reader.section("debug_abbrev"),
              code(image)));
    }
  }

  private static List<CodeRange> code(ElfImage image) {
    List<CodeRange> ranges = new ArrayList<>();
    for (ElfSection section : image.sections()) {
      long end = section.address() + section.bytes();
      if (section.isExecutable() && section.address() >= 0 && end >= section.address()) {
        ranges.add(new CodeRange(section.address(), end));
      }
    }
    return ranges;
  }

  private MemorySegment section(String name) throws FormatException {
    ElfSection section = image.section("." + name);
    if (section != null) {
      return section.isCompressed()
          ? unpacked(section)
          : bytes.segment().asSlice(section.offset(), section.bytes());
    }
    ElfSection old = image.section(".z" + name);
    return old == null ? DebugSections.MISSING : unpackedOld(old);
  }

  private MemorySegment unpacked(ElfSection section) throws FormatException {
    requireHeader(section, HEADER_BYTES);
    int type = bytes.word(section.offset(), "the kind of compression");
    long length = bytes.doubleword(section.offset() + 8, "the length of a section");
    return unpack(section, type, length, HEADER_BYTES);
  }

  private MemorySegment unpackedOld(ElfSection section) throws FormatException {
    requireHeader(section, OLD_HEADER_BYTES);
    if (bytes.word(section.offset(), "the magic") != OLD_MAGIC) {
      throw bytes.wrong(section.offset(), section.name() + " does not begin with ZLIB");
    }
    long length = Long.reverseBytes(bytes.doubleword(section.offset() + 4, "the length"));
    return unpack(section, ZLIB, length, OLD_HEADER_BYTES);
  }

  private void requireHeader(ElfSection section, int headerBytes) throws FormatException {
    if (section.bytes() < headerBytes) {
      throw bytes.wrong(
          section.offset(), section.name() + " is too short for a compressed section");
    }
  }

  private MemorySegment unpack(ElfSection section, int type, long length, int headerBytes)
      throws FormatException {
    String what = section.name();
    byte[] packed = bytes.copy(section.offset() + headerBytes, section.bytes() - headerBytes, what);
    if (length < 0
        || length > Integer.MAX_VALUE - 8
        || length > LARGEST_RATIO * (packed.length + 1L)) {
      throw bytes.wrong(
          section.offset(),
          what + " cannot have this length unpacked: " + Long.toUnsignedString(length));
    }
    try (InputStream stream = stream(section, type, packed)) {
      byte[] content = stream.readNBytes((int) length);
      if (content.length < length || stream.read() >= 0) {
        throw bytes.wrong(
            section.offset(), what + " does not have the length it claims unpacked: " + length);
      }
      return MemorySegment.ofArray(content);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException(
          bytes.path() + " at offset " + section.offset(), what + " cannot be unpacked", e);
    }
  }

  private InputStream stream(ElfSection section, int type, byte[] packed) throws IOException {
    ByteArrayInputStream source = new ByteArrayInputStream(packed);
    return switch (type) {
      case ZLIB -> new InflaterInputStream(source);
      case ZSTD -> new ZstdInputStreamNoFinalizer(source);
      default ->
          throw bytes.wrong(
              section.offset(),
              section.name() + " is compressed in an unknown way, of number " + type);
    };
  }
}
