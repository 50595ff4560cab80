package dev.cairn.trace;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.FormatException;
import dev.cairn.event.MemoryChange;
import dev.cairn.trace.format.BlockSizes;
import dev.cairn.trace.format.DefinitionDecoder;
import dev.cairn.trace.format.Section;
import dev.cairn.trace.format.SectionLayout;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The chunks of a trace, unpacked and read by a thread of its own, some pieces ahead of who takes
/// them: in the same order, with the same complaints in the same places.
///
/// The thread goes through the definitions itself, as what a chunk may name depends on them, and so
/// shares nothing with its taker but the file. **Memory**: four pieces of 32 768 words.
final class ChunksAhead implements ChunkSource, Closeable {
  /// Half of what takes them, so that one fits behind an execution that was held back.
  private static final int PIECE = 1 << 15;

  private static final int PIECES = 4;
  private static final long PATIENCE_MILLIS = 100;

  /// What comes next: words, a change of memory, the end of a chunk, or of all.
  private static final class Piece {
    final Batch words;
    int length;
    @Nullable MemoryChange change;
    boolean last;
    @Nullable FormatException leftOver;
    @Nullable Exception failure;

    Piece(boolean withValues) {
      words = new Batch(PIECE, withValues);
    }

    void clear() {
      length = 0;
      change = null;
      last = false;
      leftOver = null;
      failure = null;
    }
  }

  private final TraceSections sections;
  private final List<TraceSections.Entry> plan;
  private final ChunkSource source;
  private final BlockSizes sizes = new BlockSizes();
  private final DefinitionDecoder definitions = new DefinitionDecoder();
  private final BlockingQueue<Piece> ready = new ArrayBlockingQueue<>(PIECES);
  private final BlockingQueue<Piece> free = new ArrayBlockingQueue<>(PIECES);
  private final Thread thread = new Thread(this::run, "trace-reading");
  private volatile boolean closed;
  private @Nullable Piece current;

  /// @param plan the definitions and the chunks that will be asked for, in this order
  /// @param reader makes a reader of chunks by the sizes of blocks
  ChunksAhead(
      TraceSections sections,
      List<TraceSections.Entry> plan,
      boolean withValues,
      Function<BlockSizes, ChunkSource> reader) {
    this.sections = sections;
    this.plan = List.copyOf(plan);
    source = reader.apply(sizes);
    for (int i = 0; i < PIECES; i++) {
      free.add(new Piece(withValues));
    }
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      for (TraceSections.Entry entry : plan) {
        if (entry.type() == Section.DEFINITIONS) {
          define(sections.header(entry));
        } else if (!chunk(entry)) {
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      Piece piece = take(free);
      if (piece != null) {
        piece.clear();
        piece.failure = e;
        ready.add(piece);
      }
    }
  }

  private void define(SectionLayout.Header header) throws IOException {
    sections.beginDefinitions(header, definitions);
    BlockDefinition block = definitions.next();
    while (block != null) {
      sizes.add(block.instructions());
      block = definitions.next();
    }
  }

  /// {@return whether somebody still wants more}
  private boolean chunk(TraceSections.Entry entry) throws IOException {
    source.begin(entry);
    boolean more = true;
    while (more) {
      Piece piece = take(free);
      if (piece == null) {
        return false;
      }
      piece.clear();
      if (source.isChangeDue()) {
        piece.change = source.change();
      } else if (source.done()) {
        piece.last = true;
        piece.leftOver = source.leftOver();
        more = false;
      } else {
        piece.length = source.read(piece.words, 0, PIECE);
        if (piece.length == 0 && !source.done()) {
          throw new FormatException(
              sections.place(sections.header(entry)), "an execution with too many accesses");
        }
      }
      ready.add(piece);
    }
    return true;
  }

  /// {@return the next one, waiting for it; null once nobody wants any more}
  private @Nullable Piece take(BlockingQueue<Piece> from) {
    boolean interrupted = false;
    try {
      while (!closed) {
        try {
          Piece piece = from.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
          if (piece != null) {
            return piece;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return null;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// {@return what comes next, which stays}
  private Piece next() throws IOException {
    Piece piece = current;
    while (piece == null || (piece.length == 0 && piece.change == null && !piece.last)) {
      release();
      piece = take(ready);
      if (piece == null) {
        throw new IllegalStateException("closed");
      }
      if (piece.failure instanceof IOException failed) {
        throw failed;
      }
      if (piece.failure != null) {
        throw new IllegalStateException(piece.failure);
      }
      current = piece;
    }
    return piece;
  }

  /// Gives the piece back that was taken.
  private void release() {
    if (current != null) {
      free.add(current);
      current = null;
    }
  }

  @Override
  public void begin(TraceSections.Entry entry) throws IOException {
    release(); // the end of the chunk before
    next(); // complains here if the chunk can't be begun
  }

  @Override
  public boolean isChangeDue() throws IOException {
    return next().change != null;
  }

  @Override
  public MemoryChange change() throws IOException {
    MemoryChange change = next().change;
    if (change == null) {
      throw new IllegalStateException("there are no changes");
    }
    release();
    return change;
  }

  @Override
  public boolean done() throws IOException {
    return next().last;
  }

  @Override
  public int read(Batch into, int from, int until) throws IOException {
    Piece piece = next();
    if (piece.length > until - from) {
      return from;
    }
    Batch.copy(piece.words, 0, into, from, piece.length);
    int to = from + piece.length;
    if (piece.length > 0) {
      release();
    }
    return to;
  }

  @Override
  public @Nullable FormatException leftOver() throws IOException {
    return next().leftOver;
  }

  /// Ends the thread, and waits until it lets go of the file.
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
