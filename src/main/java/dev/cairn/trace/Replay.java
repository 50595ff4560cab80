package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.trace.access.RecordedTranslation;
import dev.cairn.trace.format.BlockMark;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSource;
import dev.cairn.trace.format.ChunkEncoder;
import dev.cairn.trace.format.Column;
import dev.cairn.trace.format.DefinitionDecoder;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import dev.cairn.trace.format.SystemCalls;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// One way through a trace file: sections in their order, each word once.
///
/// An execution that the end of a chunk cut in two is put together again: the last word of a chunk
/// is held back if it may be the first part of one.
final class Replay implements SystemCalls.Taker {
  private static final int CAPACITY = 1 << 16;

  private final TraceSections sections;
  private final long from;
  private final long until;
  private final int thread;
  private final List<Analysis<?>> analyses;
  private final BooleanSupplier enough;
  private final WordCut cut = new WordCut();
  private final BlockSizes sizes = new BlockSizes();
  private final DefinitionDecoder definitions = new DefinitionDecoder();
  private final boolean alone;
  private ChunkSource chunk;
  private final boolean accesses;
  private final boolean values;
  private final @Nullable RecordedTranslation translation;
  private final Batch batch;
  private Batch piece;
  private final long[] words;

  /// By thread, where its last word begins that is held back.
  private final Map<Integer, Held> held = new TreeMap<>();

  /// By thread, how many instructions it had executed behind its last chunk.
  private final Map<Integer, Long> reached = new TreeMap<>();

  /// Threads that analyses have been given something of.
  private final BitSet given = new BitSet();

  private final @Nullable TraceEnd runEnd;

  private @Nullable BlockDefinition block;

  /// Whether what is told of system calls belongs to the part that is wanted.
  private boolean wanted;

  /// @param words an execution and its accesses
  /// @param length how many words
  private record Held(long position, Batch words, int length) {
    int instructions() {
      long execution = words.words()[0];
      return EventWord.end(execution) - EventWord.first(execution);
    }
  }

  /// @param accesses whether they are given, too
  /// @param values whether accesses have their values, and memory is told of
  /// @param alone whether no other thread may read ahead
  /// @param runEnd how the run ended; null if the trace ends before it says
  /// @param enough says whether the rest need not be read
  Replay(
      TraceSections sections,
      long from,
      long until,
      int thread,
      boolean accesses,
      boolean values,
      boolean alone,
      List<Analysis<?>> analyses,
      @Nullable TraceEnd runEnd,
      BooleanSupplier enough) {
    this.runEnd = runEnd;
    this.enough = enough;
    this.alone = alone;
    this.sections = sections;
    this.from = from;
    this.until = until;
    this.thread = thread;
    this.accesses = accesses && sections.manifest().contents().addresses();
    this.values = values && this.accesses && sections.manifest().contents().values();
    this.analyses = analyses;
    TraceContents contents = sections.manifest().contents();
    translation =
        this.accesses && contents.physical()
            ? new RecordedTranslation(Integer.numberOfTrailingZeros(contents.pageBytes()))
            : null;
    chunk = reader(sizes);
    batch = new Batch(CAPACITY, this.values);
    piece = batch;
    words = batch.words();
  }

  /// Reads all blocks that can be read, and nothing else.
  void define() throws IOException {
    try {
      for (TraceSections.Entry entry : sections.entries()) {
        if (entry.type() == Section.DEFINITIONS) {
          define(sections.header(entry));
        }
      }
    } catch (FormatException e) {
      block = null; // whoever reads the rest hears of it
    }
  }

  private ChunkSource reader(BlockSizes sizes) {
    return new ChunkWords(sections, sizes, accesses, values);
  }

  /// {@return the definitions and chunks that are to be read, in order}
  private List<TraceSections.Entry> plan() {
    return sections.entries().subList(0, lastWanted() + 1).stream()
        .filter(entry -> entry.type() == Section.DEFINITIONS || wants(entry))
        .toList();
  }

  void run() throws IOException {
    List<TraceSections.Entry> plan = plan();
    long chunks = plan.stream().filter(entry -> entry.type() == Section.CHUNK).count();
    if (alone || chunks < 2 || Runtime.getRuntime().availableProcessors() < 2) {
      run(plan);
      return;
    }
    try (ChunksAhead ahead = new ChunksAhead(sections, plan, values, this::reader)) {
      chunk = ahead;
      run(plan);
    }
  }

  private void run(List<TraceSections.Entry> plan) throws IOException {
    try {
      for (TraceSections.Entry entry : plan) {
        if (enough.getAsBoolean()) {
          return;
        }
        if (entry.type() == Section.DEFINITIONS) {
          define(sections.header(entry));
        } else {
          chunk(entry);
        }
      }
    } catch (FormatException e) {
      releaseAll();
      pauseAll(_ -> true);
      throw e;
    }
    releaseAll();
    pauseAll(each -> runEnd == null || stops(each, runEnd));
    FormatException damage = sections.damage();
    if (damage != null && !coversEverything()) {
      throw damage;
    }
  }

  /// {@return whether a thread went on behind what was given of it}
  private boolean stops(int each, TraceEnd ended) {
    return ended.stopped().contains(each) || reachesEnd(each);
  }

  /// Says of some threads that what they did next is not in the trace, or not wanted.
  private void pauseAll(IntPredicate which) {
    given.stream()
        .filter(which)
        .forEach(each -> analyses.forEach(analysis -> analysis.pause(each)));
  }

  private void releaseAll() {
    for (int each : held.keySet().toArray(new Integer[0])) {
      release(each);
    }
  }

  /// {@return whether what was wanted lies before the damage for certain}
  private boolean coversEverything() {
    return thread != TraceManifest.ALL_THREADS && reachesEnd(thread);
  }

  /// {@return whether a thread comes to the end of what is wanted, or behind it}
  private boolean reachesEnd(int each) {
    return sections.entries().stream()
        .anyMatch(entry ->
            entry.type() == Section.CHUNK
                && entry.thread() == each
                && entry.first() + entry.instructions() >= until);
  }

  private boolean wants(TraceSections.Entry entry) {
    if (entry.type() != Section.CHUNK
        || (thread != TraceManifest.ALL_THREADS && entry.thread() != thread)
        || entry.first() >= until) {
      return false;
    }
    long end = entry.first() + entry.instructions();
    // Behind a chunk that ended at its full length no note of this place can stand.
    boolean full = entry.instructions() > 0 && end % sections.manifest().chunkInstructions() == 0;
    return full ? end > from : end >= from;
  }

  /// {@return the index of the last section that matters, so that those behind need not be whole}
  private int lastWanted() {
    if (until == Long.MAX_VALUE) {
      return sections.entries().size() - 1;
    }
    int last = -1;
    for (int i = 0; i < sections.entries().size(); i++) {
      if (wants(sections.entries().get(i))) {
        last = i;
      }
    }
    return last;
  }

  private void define(SectionLayout.Header header) throws IOException {
    sections.beginDefinitions(header, definitions);
    block = definitions.next();
    while (block != null) {
      sizes.add(block.instructions());
      for (Analysis<?> analysis : analyses) {
        analysis.define(block);
      }
      block = definitions.next();
    }
  }

  @Nullable CodeLocation locate(long pc) {
    CodeLocation place = definitions.lastPlace();
    BlockDefinition current = block;
    if (current == null || place == null) {
      return null;
    }
    long offset = pc - current.pc();
    if (offset < 0 || offset > current.code().length) {
      return null;
    }
    return new CodeLocation(
        place.file(),
        place.address() + offset,
        place.function(),
        place.function() == null ? 0 : place.functionOffset() + offset);
  }

  @Nullable SourceLine sourceLine(long pc) {
    BlockDefinition current = block;
    List<@Nullable SourceLine> lines = definitions.lastLines();
    if (current == null || lines.isEmpty()) {
      return null;
    }
    long at = current.pc();
    for (int i = 0; i < lines.size(); i++) {
      if (at == pc) {
        return lines.get(i);
      }
      at += current.sizes()[i];
    }
    return null;
  }

  List<BlockMark> marks() {
    return block == null ? List.of() : definitions.lastMarks();
  }

  private void chunk(TraceSections.Entry entry) throws IOException {
    SectionLayout.Header header = sections.header(entry);
    Section section = header.section();
    ByteSource calls = sections.column(header, Column.CALLS);
    chunk.begin(entry);
    int number = section.thread();
    long position = section.first();
    int length = 0;
    int resumed = 0;
    if (section.continues()) {
      Held before = held.remove(number);
      if (before != null && before.position + before.instructions() == position) {
        position = before.position;
        length = before.length;
        resumed = length;
        Batch.copy(before.words, 0, batch, 0, length);
      }
    } else {
      release(number);
      pauseAtGap(number, position);
    }
    if (translation != null) {
      translation.begin(number, section.first(), sections.needed(header, Column.TRANSLATIONS));
    }
    reached.put(number, section.first() + section.instructions());
    long read = position;
    int counted = 0;
    while (!chunk.done() || chunk.isChangeDue()) {
      if (chunk.isChangeDue()) {
        position = give(number, position, length);
        read = position;
        counted = 0;
        length = 0;
        change(position);
        continue;
      }
      int before = length;
      length = chunk.read(batch, length, CAPACITY);
      boolean full = length == CAPACITY || length == before;
      if (length == 0 && !chunk.done()) {
        throw new FormatException(sections.place(header), "an execution with too many accesses");
      }
      if (resumed > 0 && length > resumed) {
        length = join(resumed, length);
        resumed = 0;
      }
      if (length > before
          && calls != null
          && calls.remaining() > 0
          && ChunkEncoder.isCall(words[length - 1])) {
        read += instructions(counted, length);
        counted = length;
        wanted = isWanted(read);
        SystemCalls.read(calls, number, this);
      }
      if (full) {
        position = give(number, position, length);
        read = position;
        counted = 0;
        length = 0;
      }
    }
    finish(header, calls, position, length);
  }

  /// Tells how memory changes before an instruction of a thread.
  private void change(long position) throws IOException {
    MemoryChange change = chunk.change();
    if (isWanted(position)) {
      analyses.forEach(analysis -> analysis.memory(change));
    }
  }

  /// Says so where a part of a thread was not recorded.
  private void pauseAtGap(int number, long position) {
    Long before = reached.get(number);
    if (before != null && before != position) {
      analyses.forEach(analysis -> analysis.pause(number));
    }
  }

  /// Puts the first word of a chunk and the one before together, if they are parts of one.
  ///
  /// @param at where the chunk's words begin
  /// @return how many words there are now
  private int join(int at, int length) {
    long next = words[at];
    if (EventWord.kind(next) != EventWord.EXECUTION
        || EventWord.block(next) != EventWord.block(words[0])
        || EventWord.first(next) != EventWord.end(words[0])) {
      return length;
    }
    words[0] =
        EventWord.execution(EventWord.block(next), EventWord.first(words[0]), EventWord.end(next));
    Batch.copy(batch, at + 1, batch, at, length - at - 1);
    return length - 1;
  }

  /// {@return how many instructions some of the words executed}
  private long instructions(int begin, int end) {
    long sum = 0;
    for (int i = begin; i < end; i++) {
      sum += WordCut.count(words[i]);
    }
    return sum;
  }

  private boolean isWanted(long position) {
    return position >= from && position < until;
  }

  private void finish(
      SectionLayout.Header header, @Nullable ByteSource calls, long position, int length)
      throws IOException {
    Section section = header.section();
    int number = section.thread();
    long end = section.first() + section.instructions();
    long seen = position + instructions(0, length);
    FormatException damage = chunk.leftOver();
    if (damage == null && seen != end) {
      damage =
          new FormatException(
              sections.place(header),
              "a chunk of %d instructions has %d"
                  .formatted(section.instructions(), seen - section.first()));
    }
    int whole = length;
    int last = length - 1;
    while (last > 0 && EventWord.kind(words[last]) == EventWord.ACCESS) {
      last--;
    }
    if (last >= 0 && mayContinue(words[last])) {
      held.put(
          number, new Held(seen - WordCut.count(words[last]), held(last, length), length - last));
      whole = last;
    }
    give(number, position, whole);
    if (translation != null) {
      translation.advance(end);
    }
    wanted = isWanted(end);
    while (calls != null && calls.remaining() > 0) {
      SystemCalls.read(calls, number, this);
    }
    if (damage != null) {
      throw damage;
    }
  }

  /// {@return a copy of some of the words}
  private Batch held(int begin, int end) {
    Batch copy = new Batch(end - begin, values);
    Batch.copy(batch, begin, copy, 0, end - begin);
    return copy;
  }

  private boolean mayContinue(long word) {
    return EventWord.kind(word) == EventWord.EXECUTION
        && EventWord.end(word) < sizes.of(EventWord.block(word));
  }

  /// Gives the word of a thread that is held back.
  private void release(int number) {
    Held word = held.remove(number);
    if (word != null) {
      Batch.copy(word.words, 0, batch, 0, word.length);
      give(number, word.position, word.length);
    }
  }

  /// Gives the first words, as far as they are wanted.
  ///
  /// @return how many instructions the thread has executed behind them
  private long give(int number, long position, int length) {
    if (length == 0) {
      return position;
    }
    batch.reset(number, position, length);
    long end = position + batch.instructions();
    if (translation != null) {
      translation.turnTo(number);
      translation.advance(position);
      if (translation.nextChange() < end) {
        givePieces(translation, number, position, end, length);
        return end;
      }
    }
    if (position < from || end >= until) {
      int kept = cut.cut(batch, length, position, from, until, batch);
      batch.reset(number, cut.begin(), kept);
    }
    if (batch.length() > 0) {
      given.set(number);
      for (Analysis<?> analysis : analyses) {
        analysis.accept(batch);
      }
    }
    return end;
  }

  /// Gives words between which pages come to lie elsewhere.
  private void givePieces(
      RecordedTranslation translation, int number, long position, long end, int length) {
    if (piece == batch) {
      piece = new Batch(CAPACITY, values);
    }
    long begin = position;
    while (begin <= end) {
      translation.advance(begin);
      long next = translation.nextChange();
      int kept =
          cut.cut(batch, length, position, Math.max(from, begin), Math.min(until, next), piece);
      if (kept > 0) {
        given.set(number);
        piece.reset(number, cut.begin(), kept);
        for (Analysis<?> analysis : analyses) {
          analysis.accept(piece);
        }
      }
      begin = next;
    }
  }

  /// {@return where the words that analyses are given go in physical memory; null if that is not
  /// known}
  @Nullable RecordedTranslation translation() {
    return translation;
  }

  @Override
  public void systemCall(SystemCall call) {
    if (wanted) {
      for (Analysis<?> analysis : analyses) {
        analysis.systemCall(call);
      }
    }
  }

  @Override
  public void systemReturn(SystemReturn result) {
    if (wanted) {
      for (Analysis<?> analysis : analyses) {
        analysis.systemReturn(result);
      }
    }
  }
}
