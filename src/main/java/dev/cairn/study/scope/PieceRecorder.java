package dev.cairn.study.scope;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Notes where a scope pauses, from batches of the scope only.
///
/// **Memory**: 16 bytes a piece, of [#MOST] at most.
public final class PieceRecorder implements Analysis<PieceRecorder.Recorded> {
  /// More pieces than this are counted, but not kept.
  public static final int MOST = 1 << 20;

  private final int most;
  private long[] positions = new long[16];
  private long[] clocks = new long[16];
  private long pieces;
  private long first;

  /// Where the scope was seen last, and what the clock showed.
  private long position = -1;

  private long clock;

  /// What was found.
  ///
  /// @param count of pieces
  /// @param end instructions of the run before what comes behind the scope
  /// @param pieces null if there are none, or too many
  public record Recorded(long count, long end, @Nullable Pieces pieces) {}

  public PieceRecorder() {
    this(MOST);
  }

  PieceRecorder(int most) {
    this.most = most;
  }

  @Override
  public void define(BlockDefinition block) {}

  @Override
  public void accept(Batch batch) {
    if (batch.instructions() == 0) {
      return;
    }
    if (batch.firstInstruction() != position) {
      begin(batch.firstInstruction());
    }
    position += batch.instructions();
    clock += batch.instructions();
  }

  private void begin(long at) {
    if (pieces == 0) {
      first = at;
      clock = at;
    }
    position = at;
    if (pieces < most) {
      int piece = (int) pieces;
      if (piece == positions.length) {
        positions = Arrays.copyOf(positions, piece * 2);
        clocks = Arrays.copyOf(clocks, piece * 2);
      }
      positions[piece] = piece == 0 ? 0 : at;
      clocks[piece] = piece == 0 ? 0 : clock;
    }
    pieces++;
  }

  @Override
  public Recorded result() {
    if (pieces == 0 || pieces > most) {
      return new Recorded(pieces, Math.max(position, 0), null);
    }
    int count = (int) pieces;
    return new Recorded(
        pieces,
        position,
        new Pieces(first, Arrays.copyOf(positions, count), Arrays.copyOf(clocks, count), clock));
  }
}
