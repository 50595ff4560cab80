package dev.cairn.program;

import dev.cairn.event.FormatException;
import dev.cairn.program.debug.LineTable;
import dev.cairn.program.elf.ElfBytes;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import dev.cairn.program.elf.ElfSegment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of the code in a file: which function and which line of source each address
/// belongs to. What was stripped is taken from a separate file where there is one. Addresses are
/// before the load bias is added. One thread at a time.
public final class CodeImage {
  private final String path;
  private final @Nullable String buildId;
  private final List<ElfSegment> segments;
  private final SymbolTable symbols;
  private final List<Marker> marks;
  private final LineSource lineSource;
  private @Nullable LineTable lines;

  private interface LineSource {
    LineTable read() throws IOException;
  }

  private CodeImage(
      String path,
      @Nullable String buildId,
      List<ElfSegment> segments,
      SymbolTable symbols,
      List<Marker> marks,
      LineSource lineSource) {
    this.path = path;
    this.buildId = buildId;
    this.segments = List.copyOf(segments);
    this.symbols = symbols;
    this.marks = List.copyOf(marks);
    this.lineSource = lineSource;
  }

  /// Reads a file, but for its lines.
  ///
  /// @param sysroot where separate files are looked for before the host's own; null for none
  /// @throws FormatException if it is no ELF file or damaged
  public static CodeImage read(Path path, @Nullable Path sysroot) throws IOException {
    ElfImage image = ElfImage.open(path);
    DebugFiles files = new DebugFiles(new Sysroot(sysroot));
    boolean hasSymbols =
        image.sections().stream().anyMatch(section -> section.type() == ElfSection.SYMBOLS);
    boolean hasLines = DebugReader.hasLines(image);
    ElfImage separate = hasSymbols && hasLines ? null : files.find(image);
    ElfImage withLines = hasLines || separate == null ? image : separate;
    return new CodeImage(
        path.toString(),
        image.buildId(),
        image.segments(),
        symbols(image, hasSymbols ? null : separate),
        marks(image),
        () -> DebugReader.lines(withLines, files));
  }

  /// A file whose symbols are damaged runs all the same; its code then has addresses and no names.
  private static SymbolTable symbols(ElfImage image, @Nullable ElfImage separate) {
    try {
      return SymbolTable.read(image, separate);
    } catch (IOException e) {
      return SymbolTable.of(List.of());
    }
  }

  /// Marks that are damaged are none.
  private static List<Marker> marks(ElfImage image) {
    try {
      return Marker.of(image);
    } catch (IOException e) {
      return List.of();
    }
  }

  /// Builds what was read before, somewhere else.
  ///
  /// @param segments the program headers; of these, the loaded ones are used
  public static CodeImage of(
      String path,
      @Nullable String buildId,
      List<ElfSegment> segments,
      SymbolTable symbols,
      LineTable lines) {
    return new CodeImage(path, buildId, segments, symbols, List.of(), () -> lines);
  }

  public String path() {
    return path;
  }

  /// {@return in hexadecimal; null if the file has none}
  public @Nullable String buildId() {
    return buildId;
  }

  public List<ElfSegment> segments() {
    return segments;
  }

  /// {@return the marks that its author has put into it, by address}
  public List<Marker> marks() {
    return marks;
  }

  public SymbolTable symbols() {
    return symbols;
  }

  /// {@return the lines, which are read when first asked for; empty if there is no debug
  /// information}
  ///
  /// @throws FormatException if the debug information is damaged
  public LineTable lines() throws IOException {
    LineTable known = lines;
    if (known == null) {
      known = lineSource.read();
      lines = known;
    }
    return known;
  }

  /// Reads code as it is in the file.
  ///
  /// @param start its address
  /// @param bytes how many
  /// @throws FormatException if no part of the file is loaded there
  public byte[] code(long start, int bytes) throws IOException {
    for (ElfSegment segment : segments) {
      if (segment.isLoaded() && segment.holdsAddress(start)) {
        try (Arena arena = Arena.ofConfined()) {
          long offset = start - segment.virtualAddress() + segment.offset();
          return ElfBytes.map(Path.of(path), arena).copy(offset, bytes, "code");
        }
      }
    }
    throw new FormatException(path, "has no code at 0x" + Long.toHexString(start));
  }

  /// {@return the address of a byte of the file; -1 if it is not loaded}
  public long addressOf(long fileOffset) {
    return ElfSegment.addressOf(segments, fileOffset);
  }

  /// {@return where the byte of an address lies in the file; -1 if it is not loaded}
  public long fileOffsetOf(long address) {
    return ElfSegment.fileOffsetOf(segments, address);
  }
}
