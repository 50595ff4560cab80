package dev.cairn.trace;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.Marker;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.trace.access.TranslationRecorder;
import dev.cairn.trace.format.BlockMark;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.ByteSink;
import dev.cairn.trace.format.ChunkEncoder;
import dev.cairn.trace.format.Column;
import dev.cairn.trace.format.DefinitionEncoder;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionSink;
import dev.cairn.trace.format.SystemCalls;
import dev.cairn.trace.value.ValueChunk;
import dev.cairn.trace.value.ValueEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the sections of a trace of what it sees: executions, notes and system calls, and accesses
/// if it is asked to.
///
/// A chunk ends at each multiple of the chunk length, to the instruction, where the thread's count
/// jumps or there are 4 M accesses in it, and, when more than 32 threads have one under way, where
/// the one that was fed the longest time ago gives way.
///
/// Errors of the sink come as [UncheckedIOException]. **Memory**: about 1.5 MB for each thread that
/// has a chunk under way.
public final class TraceWriter implements Analysis<TraceSummary> {
  private static final int MOST_OPEN = 32;

  /// How many accesses a chunk has at most, about: as soon as there are so many it ends.
  private static final int ENOUGH_ACCESSES = 1 << 22;

  /// Bytes of what memory holds besides after which a chunk ends.
  private static final int ENOUGH_CHANGES = 1 << 26;

  /// A thread's way through its trace.
  private static final class ThreadTrace {
    final int number;
    final Deque<ByteSink> calls = new ArrayDeque<>();

    /// How memory changes before the next word.
    final Deque<MemoryChange> changes = new ArrayDeque<>();

    @Nullable OpenChunk chunk;
    long position;
    long begin;
    long boundary;
    boolean continues;
    boolean stopped;
    long lastFed;

    ThreadTrace(int number) {
      this.number = number;
    }
  }

  /// A chunk under way.
  ///
  /// @param values null if they are left out
  /// @param translations null if accesses have no physical addresses
  private record OpenChunk(
      ChunkEncoder words,
      @Nullable ValueEncoder values,
      @Nullable TranslationRecorder translations) {}

  private final SectionSink sink;
  private final boolean addresses;
  private final boolean withValues;
  private final @Nullable AddressTranslation translation;
  private final TranslationRecorder.Blocks blocks = new TranslationRecorder.Blocks();
  private final long chunkInstructions;
  private final LongFunction<@Nullable CodeLocation> locate;
  private final @Nullable LongFunction<@Nullable SourceLine> sourceLine;
  private final Function<BlockDefinition, List<BlockMark>> marks;
  private final DefinitionEncoder definitions = new DefinitionEncoder();
  private final BlockSizes sizes = new BlockSizes();
  private final List<@Nullable ThreadTrace> threads = new ArrayList<>();
  private final List<ThreadTrace> open = new ArrayList<>();
  private final Deque<OpenChunk> free = new ArrayDeque<>();
  private Batch piece = new Batch(1);

  private long batches;
  private long instructions;
  private long accesses;
  private long words;
  private long chunks;

  /// Leaves marks and accesses out.
  TraceWriter(
      SectionSink sink,
      long chunkInstructions,
      LongFunction<@Nullable CodeLocation> locate,
      @Nullable LongFunction<@Nullable SourceLine> sourceLine) {
    this(sink, chunkInstructions, TraceContents.CONTROL_FLOW, locate, sourceLine, _ -> List.of());
  }

  /// Leaves physical addresses out.
  public TraceWriter(
      SectionSink sink,
      long chunkInstructions,
      TraceContents contents,
      LongFunction<@Nullable CodeLocation> locate,
      @Nullable LongFunction<@Nullable SourceLine> sourceLine,
      Function<BlockDefinition, List<BlockMark>> marks) {
    this(sink, chunkInstructions, contents, null, locate, sourceLine, marks);
  }

  /// @param sink takes the sections
  /// @param chunkInstructions how long a chunk is
  /// @param contents what is recorded: whether accesses are, and their values
  /// @param translation says where in physical memory they go; null if that is not recorded
  /// @param locate says what lies at an address at the time of the call
  /// @param sourceLine says which line of source; null if nobody knows
  /// @param marks says which marks stand in a block, at the time of the call; see [#marks]
  public TraceWriter(
      SectionSink sink,
      long chunkInstructions,
      TraceContents contents,
      @Nullable AddressTranslation translation,
      LongFunction<@Nullable CodeLocation> locate,
      @Nullable LongFunction<@Nullable SourceLine> sourceLine,
      Function<BlockDefinition, List<BlockMark>> marks) {
    this.marks = marks;
    addresses = contents.addresses();
    withValues = contents.values();
    this.translation = translation;
    this.sink = sink;
    this.chunkInstructions = chunkInstructions;
    this.locate = locate;
    this.sourceLine = sourceLine;
  }

  /// {@return the marks in a block}
  ///
  /// @param at says which one stands at an address
  public static List<BlockMark> marks(BlockDefinition block, LongFunction<@Nullable Marker> at) {
    List<BlockMark> found = new ArrayList<>();
    long pc = block.pc();
    for (int i = 0; i < block.instructions(); i++) {
      Marker marker = at.apply(pc);
      if (marker != null) {
        found.add(new BlockMark(i, marker.begins(), marker.name()));
      }
      pc += block.sizes()[i];
    }
    return found;
  }

  @Override
  public void define(BlockDefinition block) {
    sizes.add(block.instructions());
    blocks.add(block);
    definitions.add(block, locate.apply(block.pc()), lines(block), marks.apply(block));
    if (definitions.full()) {
      write(definitions.end());
    }
  }

  private List<@Nullable SourceLine> lines(BlockDefinition block) {
    if (sourceLine == null) {
      return List.of();
    }
    List<@Nullable SourceLine> lines = new ArrayList<>();
    long pc = block.pc();
    for (byte size : block.sizes()) {
      lines.add(sourceLine.apply(pc));
      pc += size;
    }
    return lines;
  }

  @Override
  public void systemCall(SystemCall call) {
    ByteSink bytes = new ByteSink();
    SystemCalls.write(bytes, call);
    thread(call.thread()).calls.add(bytes);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    ByteSink bytes = new ByteSink();
    SystemCalls.write(bytes, result);
    thread(result.thread()).calls.add(bytes);
  }

  @Override
  public void memory(MemoryChange change) {
    if (withValues) {
      thread(change.thread()).changes.add(change);
    }
  }

  /// Adds how memory changes before the word that is added next.
  private void addChanges(ThreadTrace thread) {
    while (!thread.changes.isEmpty()) {
      OpenChunk chunk = chunk(thread);
      if (chunk.values != null) {
        chunk.values.change(thread.changes.remove(), chunk.words.words());
        if (chunk.values.changeBytes() >= ENOUGH_CHANGES) {
          close(thread);
        }
      }
    }
  }

  private ThreadTrace thread(int number) {
    while (threads.size() <= number) {
      threads.add(null);
    }
    ThreadTrace thread = threads.get(number);
    if (thread == null) {
      thread = new ThreadTrace(number);
      threads.set(number, thread);
    }
    return thread;
  }

  @Override
  public void accept(Batch batch) {
    ThreadTrace thread = thread(batch.thread());
    thread.lastFed = ++batches;
    thread.stopped = false;
    if (thread.position != batch.firstInstruction()) {
      close(thread);
      thread.position = batch.firstInstruction();
    }
    addChanges(thread);
    if (batch.instructions() < boundary(thread) - thread.position) {
      add(thread, batch, 0, batch.length());
      thread.position += batch.instructions();
    } else {
      addAndSplit(thread, batch);
    }
    OpenChunk chunk = thread.chunk;
    if (chunk != null && chunk.words.accesses() >= ENOUGH_ACCESSES) {
      close(thread);
    }
  }

  @Override
  public void pause(int number) {
    ThreadTrace thread = number < threads.size() ? threads.get(number) : null;
    if (thread != null) {
      thread.stopped = true;
      addCallsWithoutNotes(thread);
    }
  }

  /// Adds what was told of system calls whose notes were left out, behind the last note.
  private void addCallsWithoutNotes(ThreadTrace thread) {
    while (!thread.calls.isEmpty()) {
      chunk(thread).words.calls().bytes(thread.calls.remove().toByteArray());
    }
  }

  private void addAndSplit(ThreadTrace thread, Batch batch) {
    long[] from = batch.words();
    int length = batch.length();
    int added = 0;
    for (int i = 0; i < length; i++) {
      int count = instructions(from[i]);
      if (EventWord.kind(from[i]) == EventWord.ACCESS) {
        continue; // it goes with its execution
      }
      chunk(thread); // begins where this word does
      if (count > 0 && thread.position + count >= boundary(thread)) {
        add(thread, batch, added, i);
        int end = i + 1;
        while (end < length && EventWord.kind(from[end]) == EventWord.ACCESS) {
          end++;
        }
        split(thread, batch, i, end);
        added = end;
      } else {
        thread.position += count;
      }
    }
    add(thread, batch, added, length);
  }

  private static int instructions(long word) {
    return EventWord.kind(word) == EventWord.EXECUTION
        ? EventWord.end(word) - EventWord.first(word)
        : 0;
  }

  /// {@return where the thread's chunk ends}
  private long boundary(ThreadTrace thread) {
    return thread.chunk == null
        ? (thread.position / chunkInstructions + 1) * chunkInstructions
        : thread.boundary;
  }

  /// Adds an execution that reaches the end of the chunk, and perhaps of more.
  ///
  /// @param at where it stands; its accesses follow
  private void split(ThreadTrace thread, Batch batch, int at, int until) {
    long[] from = batch.words();
    long execution = from[at];
    int access = at + 1;
    if (piece.words().length < until - at) {
      piece = new Batch(until - at, withValues);
    }
    int block = EventWord.block(execution);
    int first = EventWord.first(execution);
    int end = EventWord.end(execution);
    while (first < end) {
      int count = (int) Math.min(end - first, boundary(thread) - thread.position);
      piece.words()[0] = EventWord.execution(block, first, first + count);
      first += count;
      int length = 1;
      while (access < until && EventWord.instruction(from[access]) < first) {
        Batch.copy(batch, access++, piece, length++, 1);
      }
      add(thread, piece, 0, length);
      thread.position += count;
      if (thread.position == thread.boundary) {
        close(thread);
        thread.continues = first < end;
      }
    }
  }

  private void add(ThreadTrace thread, Batch batch, int begin, int end) {
    if (begin == end) {
      return;
    }
    long[] from = batch.words();
    OpenChunk chunk = chunk(thread);
    if (chunk.translations != null) {
      chunk.translations.add(from, begin, end);
    }
    chunk.words.add(from, begin, end);
    if (chunk.values != null) {
      chunk.values.add(from, batch.values(), begin, end);
    }
    if (holdsNote(from, begin, end)) {
      addCalls(thread, chunk.words.calls(), from, begin, end);
    }
  }

  /// {@return whether one of the words has the upper kind bit}
  private static boolean holdsNote(long[] words, int begin, int end) {
    long any = 0;
    for (int i = begin; i < end; i++) {
      any |= words[i];
    }
    return any < 0;
  }

  /// Adds what is told of the system calls among the words.
  private static void addCalls(
      ThreadTrace thread, ByteSink into, long[] words, int begin, int end) {
    for (int i = begin; i < end && !thread.calls.isEmpty(); i++) {
      if (ChunkEncoder.isCall(words[i])) {
        into.bytes(thread.calls.remove().toByteArray());
      }
    }
  }

  /// {@return the chunk that is under way; begun here if there is none}
  private OpenChunk chunk(ThreadTrace thread) {
    OpenChunk chunk = thread.chunk;
    if (chunk == null) {
      if (open.size() == MOST_OPEN) {
        ThreadTrace oldest = open.getFirst();
        for (ThreadTrace each : open) {
          oldest = each.lastFed < oldest.lastFed ? each : oldest;
        }
        close(oldest);
      }
      chunk = free.isEmpty() ? newChunk() : free.pop();
      chunk.words.begin();
      if (chunk.translations != null) {
        chunk.translations.begin();
      }
      thread.boundary = boundary(thread);
      thread.chunk = chunk;
      thread.begin = thread.position;
      open.add(thread);
    }
    return chunk;
  }

  private OpenChunk newChunk() {
    return new OpenChunk(
        new ChunkEncoder(sizes, addresses),
        withValues ? new ValueEncoder() : null,
        translation == null ? null : new TranslationRecorder(translation, blocks));
  }

  private void close(ThreadTrace thread) {
    OpenChunk chunk = thread.chunk;
    if (chunk == null) {
      return;
    }
    if (definitions.pending() > 0) {
      write(definitions.end());
    }
    long count = thread.position - thread.begin;
    Section section = chunk.words.end(thread.number, thread.continues, thread.begin, count);
    if (chunk.translations != null) {
      section = section.with(List.of(chunk.translations.end()));
    }
    if (chunk.values == null) {
      write(section);
    } else {
      ValueChunk values = chunk.values.end();
      write(section, values::columns);
    }
    instructions += count;
    accesses += chunk.words.accesses();
    words += chunk.words.words() - chunk.words.accesses();
    chunks++;
    thread.continues = false;
    thread.chunk = null;
    open.remove(thread);
    free.push(chunk);
  }

  private void write(Section section) {
    write(section, List::of);
  }

  private void write(Section section, Supplier<List<Column>> more) {
    try {
      sink.accept(section, more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the chunks that are under way.
  ///
  /// @return what was written
  @Override
  public TraceSummary result() {
    List<Integer> stopped = new ArrayList<>();
    for (ThreadTrace thread : threads) {
      if (thread != null) {
        addChanges(thread);
        addCallsWithoutNotes(thread);
        close(thread);
        if (thread.stopped) {
          stopped.add(thread.number);
        }
      }
    }
    if (definitions.pending() > 0) {
      write(definitions.end());
    }
    return new TraceSummary(instructions, words, accesses, chunks, sizes.count(), stopped);
  }
}
