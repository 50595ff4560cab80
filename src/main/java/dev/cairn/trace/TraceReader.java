package dev.cairn.trace;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.FormatException;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.trace.access.RecordedTranslation;
import dev.cairn.trace.format.BlockMark;
import dev.cairn.trace.format.Column;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A trace file, read: a source of the same definitions, words and system calls as the run itself.
///
/// A file that was cut off or damaged can be opened if its header is whole. Each method says what
/// it does when it comes to the damage.
///
/// One thread at a time. Chunks are unpacked and read by a second one while analyses look at those
/// before, in the same order, where there is a processor for it and nobody has asked to
/// [#stayInOneThread].
public final class TraceReader implements Closeable {
  private final TraceSections sections;
  private final @Nullable TraceEnd end;
  private @Nullable Replay current;
  private boolean accesses = true;
  private boolean values;
  private boolean alone;

  /// What a trace holds of a thread.
  ///
  /// @param first how many instructions the thread had executed before the first of them
  /// @param until behind the last
  /// @param instructions fewer than lie between the two where something was left out
  /// @param chunks how many stretches
  public record Extent(int thread, long first, long until, long instructions, long chunks) {}

  private TraceReader(TraceSections sections) throws IOException {
    this.sections = sections;
    end = readEnd(sections);
  }

  /// Opens a file.
  ///
  /// @throws FormatException if it is no trace file, or one of another version, or not even its
  ///   header is whole
  public static TraceReader open(Path path) throws IOException {
    TraceSections sections = TraceSections.open(path);
    try {
      return new TraceReader(sections);
    } catch (IOException e) {
      sections.close();
      throw e;
    }
  }

  private static @Nullable TraceEnd readEnd(TraceSections sections) throws IOException {
    for (TraceSections.Entry entry : sections.entries().reversed()) {
      if (entry.type() == Section.END) {
        SectionLayout.Header header = sections.header(entry);
        return TraceEnd.of(sections.needed(header, Column.END));
      }
    }
    return null;
  }

  /// {@return what the trace is of}
  public TraceManifest manifest() {
    return sections.manifest();
  }

  /// {@return how the run ended; null if the file ends before it says}
  public @Nullable TraceEnd end() {
    return end;
  }

  /// {@return what ends the file too early; null if it has its index}
  public @Nullable FormatException damage() {
    return sections.damage();
  }

  /// {@return the length of the file}
  public long bytes() {
    return sections.bytes();
  }

  /// {@return what is there of each thread, by number, as the index or the headers say}
  public List<Extent> extents() {
    Map<Integer, Extent> threads = new TreeMap<>();
    for (TraceSections.Entry entry : sections.entries()) {
      if (entry.type() == Section.CHUNK) {
        long until = entry.first() + entry.instructions();
        threads.merge(
            entry.thread(),
            new Extent(entry.thread(), entry.first(), until, entry.instructions(), 1),
            (all, more) ->
                new Extent(
                    all.thread(),
                    Math.min(all.first(), more.first()),
                    Math.max(all.until(), more.until()),
                    all.instructions() + more.instructions(),
                    all.chunks() + 1));
      }
    }
    return new ArrayList<>(threads.values());
  }

  /// {@return how many blocks are defined, as the index or the headers say}
  public long blocks() {
    return sections.entries().stream()
        .filter(entry -> entry.type() == Section.DEFINITIONS)
        .mapToLong(TraceSections.Entry::instructions)
        .sum();
  }

  /// {@return how many bytes of the file tell of what, as far as section headers can be read}
  public Map<ColumnKind, Long> columns() throws IOException {
    Map<ColumnKind, Long> bytes = new EnumMap<>(ColumnKind.class);
    for (TraceSections.Entry entry : sections.entries()) {
      try {
        for (SectionLayout.PackedColumn column : sections.header(entry).columns()) {
          bytes.merge(ColumnKind.of(column.id()), (long) column.bytes(), Long::sum);
        }
      } catch (FormatException e) {
        break; // what is damaged is said elsewhere
      }
    }
    return bytes;
  }

  /// Leaves memory accesses out from here on, unread, if the trace has any.
  public void leaveAccessesOut() {
    accesses = false;
  }

  /// Gives accesses their values from here on, and tells what memory holds besides, if the trace
  /// has that.
  public void giveValues() {
    values = true;
  }

  /// Has the thread that asks read everything itself from here on, and no other one read ahead.
  public void stayInOneThread() {
    alone = true;
  }

  /// Makes sure that the trace has the values of its accesses.
  ///
  /// @throws FormatException if it has not; says how to make one
  public void needValues() throws FormatException {
    if (!manifest().contents().values()) {
      throw new FormatException(
          sections.path().toString(),
          "has no values of memory accesses; 'cairn trace --values -o FILE -- PROG ARGS' makes a"
              + " trace that has them");
    }
  }

  /// Makes sure that the trace has memory accesses with their addresses.
  ///
  /// @throws FormatException if it has not; says how to make one
  public void needAddresses() throws FormatException {
    if (!manifest().contents().addresses()) {
      throw new FormatException(
          sections.path().toString(),
          "has no memory accesses; 'cairn trace --addresses -o FILE -- PROG ARGS' makes a trace"
              + " that has them");
    }
  }

  /// Gives everything to analyses, as the run itself would have.
  ///
  /// @throws FormatException where the file is damaged or ends too early, after all that comes
  ///   before was given
  public void replay(List<? extends Analysis<?>> analyses) throws IOException {
    replay(0, Long.MAX_VALUE, TraceManifest.ALL_THREADS, analyses);
  }

  /// Gives a part to analyses: all definitions up to it, and of each thread the instructions from
  /// one number on and before another, with the notes that stand before these instructions.
  ///
  /// @param from the first instruction of each thread, from 0
  /// @param until the first one that is left out
  /// @param thread the only one; [TraceManifest#ALL_THREADS] for all
  /// @throws FormatException where what is to be read is damaged or ends too early, after all that
  ///   comes before was given
  public void replay(long from, long until, int thread, List<? extends Analysis<?>> analyses)
      throws IOException {
    replay(from, until, thread, analyses, () -> false);
  }

  /// The same, up to where it is enough.
  ///
  /// @param enough is asked now and then; what comes then may be left out, whole or not
  public void replay(
      long from,
      long until,
      int thread,
      List<? extends Analysis<?>> analyses,
      BooleanSupplier enough)
      throws IOException {
    Replay replay =
        new Replay(
            sections,
            from,
            until,
            thread,
            accesses,
            values,
            alone,
            List.copyOf(analyses),
            end,
            enough);
    current = replay;
    try {
      replay.run();
    } finally {
      current = null;
    }
  }

  /// Tells an analysis of all blocks that can be read, without what was executed.
  public void define(Analysis<?> analysis) throws IOException {
    Replay replay =
        new Replay(
            sections,
            0,
            0,
            TraceManifest.ALL_THREADS,
            false,
            false,
            true,
            List.of(analysis),
            null,
            () -> false);
    current = replay;
    try {
      replay.define();
    } finally {
      current = null;
    }
  }

  /// {@return the marks in the block that an analysis is just told of}
  public List<BlockMark> marks() {
    return current == null ? List.of() : current.marks();
  }

  /// {@return where code of the block comes from that an analysis is just told of; null if that is
  /// not known, or of any other address}
  public @Nullable CodeLocation locate(long pc) {
    return current == null ? null : current.locate(pc);
  }

  /// {@return the line of source of an instruction of the block that an analysis is just told of;
  /// null if that is not known, or of any other address}
  public @Nullable SourceLine sourceLine(long pc) {
    return current == null ? null : current.sourceLine(pc);
  }

  /// {@return where accesses go in physical memory, of the words that an analysis is just given;
  /// null if the trace does not tell}
  public @Nullable AddressTranslation translation() {
    int pageBytes = manifest().contents().pageBytes();
    return pageBytes == 0 ? null : new Current(Integer.numberOfTrailingZeros(pageBytes));
  }

  /// What the way through the file knows that is under way.
  private final class Current implements AddressTranslation {
    private final int pageShift;

    Current(int pageShift) {
      this.pageShift = pageShift;
    }

    @Override
    public long physicalAddress(long virtualAddress) {
      RecordedTranslation known = current == null ? null : current.translation();
      return known == null ? RecordedTranslation.UNKNOWN : known.physicalAddress(virtualAddress);
    }

    @Override
    public int pageShift() {
      return pageShift;
    }

    @Override
    public long changes() {
      RecordedTranslation known = current == null ? null : current.translation();
      return known == null ? 0 : known.changes();
    }
  }

  /// Makes sure that the trace says where accesses go in physical memory.
  ///
  /// @throws FormatException if it does not; says how to make one that does
  public void needPhysical() throws FormatException {
    needAddresses();
    if (!manifest().contents().physical()) {
      throw new FormatException(
          sections.path().toString(),
          "has no physical addresses; 'cairn trace --addresses --physical MODEL -o FILE -- PROG"
              + " ARGS' makes a trace that has them");
    }
  }

  /// {@return the sections, for who looks at them one by one}
  TraceSections sections() {
    return sections;
  }

  @Override
  public void close() throws IOException {
    sections.close();
  }
}
