package dev.cairn.study.checkpoint;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The memory of a stopped guest on its way from the thread that reads it to the one that keeps it,
/// which may be some way behind: then the guest goes on already.
///
/// One thread calls [#copy], another one reads.
final class CopiedMemory implements MemoryContents {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final int PIECE_PAGES = 64;

  /// Some pages.
  private static final class Piece {
    private final long[] addresses;
    private final byte[] bytes;
    private int pages;

    Piece(int most) {
      addresses = new long[most];
      bytes = new byte[most * PAGE];
    }
  }

  /// Room for pages that are on their way, of all checkpoints of a run.
  static final class Room {
    private final BlockingQueue<Piece> empty;
    private int left;

    /// @param bytes of pages that may be on their way
    Room(int bytes) {
      left = Math.max(2, bytes / (PIECE_PAGES * PAGE));
      empty = new ArrayBlockingQueue<>(left);
    }

    private Piece take() throws IOException {
      Piece piece = empty.poll();
      if (piece == null && left > 0) {
        left--;
        piece = new Piece(PIECE_PAGES);
      }
      return piece == null ? taken(empty) : piece;
    }
  }

  private final Room room;
  private final BlockingQueue<Piece> full = new LinkedBlockingQueue<>();

  /// What comes behind the last piece.
  private final Piece end = new Piece(0);

  private volatile boolean complete;
  private @Nullable Piece filling;
  private @Nullable Piece current;
  private int next;
  private boolean ended;

  CopiedMemory(Room room) {
    this.room = room;
  }

  private static Piece taken(BlockingQueue<Piece> queue) throws IOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while memory was copied");
    }
  }

  /// Copies memory. However this ends, the reader hears of it.
  void copy(List<Mapping> mappings, MemoryContents memory) throws IOException {
    try {
      for (Mapping mapping : mappings) {
        memory.forEachPage(mapping, this::put);
      }
      complete = true;
    } finally {
      if (filling != null) {
        full.add(filling);
      }
      full.add(end);
    }
  }

  private void put(long address, byte[] page) throws IOException {
    Piece piece = filling;
    if (piece == null) {
      piece = room.take();
      piece.pages = 0;
      filling = piece;
    }
    piece.addresses[piece.pages] = address;
    System.arraycopy(page, 0, piece.bytes, piece.pages * PAGE, PAGE);
    if (++piece.pages == PIECE_PAGES) {
      full.add(piece);
      filling = null;
    }
  }

  @Override
  public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
    byte[] page = new byte[PAGE];
    while (!ended) {
      Piece piece = current == null ? nextPiece() : current;
      if (piece == null || piece.addresses[next] >= mapping.end()) {
        return;
      }
      System.arraycopy(piece.bytes, next * PAGE, page, 0, PAGE);
      consumer.accept(piece.addresses[next], page);
      if (++next == piece.pages) {
        current = null;
        room.empty.add(piece);
      }
    }
  }

  /// {@return the piece that is to be read next; null behind the last one}
  private @Nullable Piece nextPiece() throws IOException {
    Piece piece = taken(full);
    if (piece == end) {
      ended = true;
      if (!complete) {
        throw new IOException("the guest's memory could not be read to its end");
      }
      return null;
    }
    current = piece;
    next = 0;
    return piece;
  }

  /// Takes what is left, so that who copies need not wait.
  void drain() throws IOException {
    if (current != null) {
      room.empty.add(current);
      current = null;
    }
    while (!ended) {
      Piece piece = taken(full);
      if (piece == end) {
        ended = true;
      } else {
        room.empty.add(piece);
      }
    }
  }
}
