package dev.cairn.trace;

import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSource;
import dev.cairn.trace.format.Column;
import dev.cairn.trace.format.DefinitionDecoder;
import dev.cairn.trace.format.JumpColumns;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import dev.cairn.trace.value.ValueColumns;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sections of a trace file, found by its index, or one by one where it has none.
///
/// Does not change once it is open; any number of threads may read.
final class TraceSections implements Closeable {
  private static final int LEAST_BYTES = TraceFile.MAGIC.length + 12;

  private final Path path;
  private final FileChannel channel;
  private final long bytes;
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable TraceManifest manifest;
  private @Nullable FormatException damage;
  private long readableBytes;

  /// A section, as the index or its header tells of it.
  ///
  /// @param first of a chunk: how many instructions the thread had executed before
  record Entry(int type, int thread, long offset, long first, long instructions) {}

  private TraceSections(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    bytes = channel.size();
  }

  static TraceSections open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new FormatException(path.toString(), "no trace file but a folder");
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      TraceSections sections = new TraceSections(path, channel);
      long begin = sections.readManifest();
      if (!sections.readIndex(begin)) {
        sections.scan(begin);
      }
      return sections;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private FormatException wrong(long offset, String what) {
    return new FormatException(path + ": byte " + offset, what);
  }

  private long readManifest() throws IOException {
    ByteBuffer start = read(0, TraceFile.MAGIC.length + 8);
    byte[] magic = new byte[Math.min(TraceFile.MAGIC.length, start.remaining())];
    start.get(magic);
    if (!Arrays.equals(magic, TraceFile.MAGIC)) {
      throw wrong(0, "no trace file: it does not begin with CAIRNTRC");
    }
    if (bytes < LEAST_BYTES) {
      throw wrong(bytes, "the file ends in its header");
    }
    int version = start.getInt();
    if (version != TraceFile.VERSION) {
      throw wrong(
          TraceFile.MAGIC.length,
          "version %s, and this Cairn reads version %d; record the program again, or read it with"
                  .formatted(Integer.toUnsignedString(version), TraceFile.VERSION)
              + " the Cairn that wrote it");
    }
    int length = start.getInt();
    if (length < 0 || length > bytes - LEAST_BYTES) {
      throw wrong(TraceFile.MAGIC.length + 4, "the file ends in its header");
    }
    ByteBuffer all = read(0, LEAST_BYTES + length);
    byte[] header = new byte[LEAST_BYTES + length - 4];
    all.get(header);
    if (SectionLayout.crc(header, header.length) != all.getInt()) {
      throw wrong(0, "the header does not have its checksum");
    }
    byte[] text = Arrays.copyOfRange(header, LEAST_BYTES - 4, header.length);
    manifest = TraceManifest.of(new ByteSource(text, path + ": byte " + (LEAST_BYTES - 4)));
    return LEAST_BYTES + (long) length;
  }

  /// {@return bytes of the file, fewer at its end}
  private ByteBuffer read(long offset, int count) throws IOException {
    int length = (int) Math.max(0, Math.min(count, bytes - offset));
    ByteBuffer into = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (into.hasRemaining()) {
      if (channel.read(into, offset + into.position()) < 0) {
        throw wrong(offset + into.position(), "the file has become shorter");
      }
    }
    return into.flip();
  }

  /// {@return whether there is an index, whole}
  private boolean readIndex(long begin) throws IOException {
    long footerAt = bytes - TraceFile.FOOTER_BYTES;
    if (footerAt < begin) {
      return false;
    }
    ByteBuffer footer = read(footerAt, TraceFile.FOOTER_BYTES);
    long at = footer.getLong(0);
    byte[] checked = new byte[8];
    footer.get(0, checked);
    byte[] magic = new byte[TraceFile.FOOTER_MAGIC.length];
    footer.get(12, magic);
    if (!Arrays.equals(magic, TraceFile.FOOTER_MAGIC)
        || SectionLayout.crc(checked, checked.length) != footer.getInt(8)
        || at < begin
        || at > footerAt) {
      return false;
    }
    try {
      SectionLayout.Header header = header(at);
      ByteSource from = column(header, Column.INDEX);
      if (header.section().type() != Section.INDEX || from == null || header.end() != footerAt) {
        return false;
      }
      readEntries(from, header.section().instructions(), begin, at);
      readableBytes = bytes;
      return true;
    } catch (FormatException _) {
      entries.clear();
      return false; // each section says what it is itself
    }
  }

  private void readEntries(ByteSource from, long count, long begin, long end)
      throws FormatException {
    long offset = 0;
    for (long i = 0; i < count; i++) {
      int type = from.number(Byte.MAX_VALUE);
      int thread = from.number(Integer.MAX_VALUE);
      offset += from.number();
      Entry entry = new Entry(type, thread, offset, from.number(), from.number());
      if (offset < begin || offset >= end || (i == 0 && offset != begin)) {
        throw from.wrong("a section at byte " + offset);
      }
      entries.add(entry);
    }
    from.finish();
  }

  /// Goes from section to section up to the end or to what is none.
  private void scan(long begin) throws IOException {
    long offset = begin;
    boolean ended = false;
    while (offset < bytes) {
      readableBytes = offset;
      if (ended && bytes - offset <= TraceFile.FOOTER_BYTES) {
        damage = wrong(offset, "the footer is damaged");
        return;
      }
      try {
        SectionLayout.Header header = header(offset);
        Section section = header.section();
        ended |= section.type() == Section.INDEX;
        if (!ended) {
          entries.add(
              new Entry(
                  section.type(),
                  section.thread(),
                  offset,
                  section.first(),
                  section.instructions()));
        }
        offset = header.end();
      } catch (FormatException e) {
        damage = e;
        return;
      }
    }
    readableBytes = bytes;
    damage = wrong(offset, "the trace is not complete: its recording was interrupted");
  }

  /// {@return the file and the byte at which a section begins, for complaints}
  String place(SectionLayout.Header header) {
    return path + ": byte " + header.offset();
  }

  Path path() {
    return path;
  }

  TraceManifest manifest() {
    if (manifest == null) {
      throw new IllegalStateException("not opened");
    }
    return manifest;
  }

  List<Entry> entries() {
    return entries;
  }

  /// {@return what ends the file too early; null if it is whole, as far as its index tells}
  @Nullable FormatException damage() {
    return damage;
  }

  long bytes() {
    return bytes;
  }

  /// {@return where sections end or [#damage] is}
  long readableBytes() {
    return readableBytes;
  }

  /// {@return the header of the section at an offset}
  private SectionLayout.Header header(long offset) throws IOException {
    ByteBuffer start = read(offset, SectionLayout.MOST_HEADER_BYTES);
    return SectionLayout.header(path.toString(), start, offset, bytes);
  }

  /// {@return the header of a section}
  SectionLayout.Header header(Entry entry) throws IOException {
    SectionLayout.Header header = header(entry.offset());
    Section section = header.section();
    if (section.type() != entry.type()
        || section.thread() != entry.thread()
        || section.first() != entry.first()
        || section.instructions() != entry.instructions()) {
      throw wrong(entry.offset(), "another section than the index says: " + section);
    }
    return header;
  }

  /// Has a section of definitions read from its beginning.
  void beginDefinitions(SectionLayout.Header header, DefinitionDecoder definitions)
      throws IOException {
    definitions.begin(
        needed(header, Column.SHAPES),
        needed(header, Column.CODE),
        needed(header, Column.PLACES),
        column(header, Column.LINES),
        column(header, Column.MARKS),
        header.section().first(),
        header.section().instructions());
  }

  /// {@return a column, checked and unpacked; null if the section has none of that kind}
  @Nullable ByteSource column(SectionLayout.Header header, int id) throws IOException {
    for (SectionLayout.PackedColumn column : header.columns()) {
      if (column.id() == id) {
        byte[] unpacked =
            SectionLayout.unpack(
                path.toString(), column, read(column.offset(), column.bytes()).array());
        return new ByteSource(
            unpacked, path + ": byte " + column.offset() + ", column " + column.id());
      }
    }
    return null;
  }

  /// {@return a column that the section must have}
  ByteSource needed(SectionLayout.Header header, int id) throws IOException {
    ByteSource column = column(header, id);
    if (column == null) {
      throw wrong(header.offset(), "the section has no column " + id);
    }
    return column;
  }

  /// {@return what a chunk tells of the addresses of its accesses}
  JumpColumns jumps(SectionLayout.Header header) throws IOException {
    ByteSource none = new ByteSource(new byte[0], place(header));
    return new JumpColumns(
        orElse(column(header, Column.JUMP_STEPS), none),
        orElse(column(header, Column.JUMPS), none));
  }

  /// {@return the columns of a chunk that tell of values, unpacked}
  ValueColumns values(SectionLayout.Header header) throws IOException {
    ByteSource none = new ByteSource(new byte[0], place(header));
    List<ByteSource> told = new ArrayList<>();
    for (int i = 0; i < ValueColumns.SIZES; i++) {
      told.add(orElse(column(header, Column.VALUE_BYTES + i), none));
    }
    return new ValueColumns(
        needed(header, Column.VALUE_RUNS),
        needed(header, Column.VALUE_CODES),
        orElse(column(header, Column.VALUE_DIFFERENCES), none),
        told,
        column(header, Column.MEMORY));
  }

  private static ByteSource orElse(@Nullable ByteSource column, ByteSource other) {
    return column == null ? other : column;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
