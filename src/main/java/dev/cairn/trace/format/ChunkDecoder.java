package dev.cairn.trace.format;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads the words of a chunk as [ChunkEncoder] wrote them, piece by piece.
///
/// Trusts nothing: a chunk that names an unknown block or goes on behind its end gives
/// [FormatException]. One thread at a time; reused from chunk to chunk.
public final class ChunkDecoder {
  private final WordModel model = new WordModel();
  private final long[] lastValues = new long[EventWord.NOTE_MASK + 1];
  private final BlockSizes sizes;
  private ByteSource runs = new ByteSource(new byte[0], "");
  private ByteSource surprises = runs;
  private ByteSource spelled = runs;
  private long left;
  private int run;
  private boolean runKnown;
  private final JumpSource jumps = new JumpSource();

  /// Whether accesses get their addresses.
  private boolean jumping;

  /// The address of the access that was spelled out last.
  private long lastAddress;

  /// @param sizes of the blocks defined so far, at any time
  public ChunkDecoder(BlockSizes sizes) {
    this.sizes = sizes;
  }

  /// Begins a chunk.
  ///
  /// @param addresses null if addresses of accesses are not there or not wanted; all are 0 then, or
  ///   as if nothing had jumped
  /// @param words how many it has
  public void begin(
      ByteSource runs,
      ByteSource surprises,
      ByteSource spelled,
      @Nullable JumpColumns addresses,
      long words)
      throws FormatException {
    jumping = addresses != null;
    if (addresses == null) {
      jumps.leaveOut();
    } else {
      jumps.begin(addresses.steps(), addresses.jumps());
    }
    lastAddress = 0;
    this.runs = runs;
    this.surprises = surprises;
    this.spelled = spelled;
    left = words;
    run = 0;
    runKnown = false;
    model.clear();
    Arrays.fill(lastValues, 0);
  }

  /// {@return whether all words have been read}
  public boolean done() {
    return left == 0;
  }

  /// Reads words until there is no more room, the chunk is over, or a note of a system call or a
  /// return was read.
  ///
  /// @return the index behind the last one
  public int read(long[] into, int begin, int end) throws FormatException {
    model.giveTo(into, begin);
    int at = begin;
    while (at < end && left > 0) {
      if (model.expects() && !runKnown) {
        run = runs.number(Integer.MAX_VALUE);
        runKnown = true;
        if (run > left) {
          throw runs.wrong("a run of %d words where %d are left".formatted(run, left));
        }
      }
      if (run > 0) {
        int piece = Math.min(run, end - at);
        model.giveExpected(piece, jumps);
        at += piece;
        run -= piece;
        left -= piece;
        continue;
      }
      long word = surprise();
      runKnown = false;
      left--;
      at++;
      if (ChunkEncoder.isCall(word)) {
        break;
      }
    }
    model.give();
    return at;
  }

  private long surprise() throws FormatException {
    int kind = surprises.next();
    if (kind == ChunkEncoder.ACCESS) {
      long word = access();
      model.giveAccess(word);
      return word;
    }
    long word = unexpected(kind);
    model.giveSurprise(word);
    return word;
  }

  private long access() throws FormatException {
    long kind = spelled.number((1 << (EventWord.KIND_SHIFT - EventWord.INSTRUCTION_SHIFT)) - 1);
    if (jumping) {
      lastAddress += jumps.told(model.number());
    }
    long word = kind << EventWord.INSTRUCTION_SHIFT | (lastAddress & WordModel.ADDRESS_MASK);
    long before = model.previous();
    if (EventWord.kind(before) != EventWord.EXECUTION
        || EventWord.instruction(word) >= sizes.of(EventWord.block(before))) {
      throw spelled.wrong("an access of instruction " + EventWord.instruction(word));
    }
    return word;
  }

  private long unexpected(int kind) throws FormatException {
    return switch (kind) {
      case ChunkEncoder.FIRST_CANDIDATE -> candidate(0);
      case ChunkEncoder.SECOND_CANDIDATE -> candidate(1);
      case ChunkEncoder.WHOLE -> {
        int block = block();
        yield EventWord.execution(block, 0, sizes.of(block));
      }
      case ChunkEncoder.PART -> part(block());
      default -> note(kind - ChunkEncoder.NOTE);
    };
  }

  private long candidate(int rank) throws FormatException {
    long word = model.candidate(rank);
    if (word == 0) {
      throw surprises.wrong("there is no candidate " + rank);
    }
    return word;
  }

  private int block() throws FormatException {
    long block = ChunkEncoder.blockOf(model.previous()) + spelled.difference();
    if (block < 0 || block >= sizes.count()) {
      throw spelled.wrong("block %d of %d".formatted(block, sizes.count()));
    }
    return (int) block;
  }

  private long part(int block) throws FormatException {
    int size = sizes.of(block);
    int first = spelled.number(size);
    int end = first + spelled.number(size - first);
    return EventWord.execution(block, first, end);
  }

  private long note(int kind) throws FormatException {
    if (kind > EventWord.NOTE_MASK) {
      throw surprises.wrong("note " + kind);
    }
    int detail = spelled.number(EventWord.DETAIL_MASK);
    long word = EventWord.note(kind, detail, lastValues[kind] + spelled.difference());
    lastValues[kind] = EventWord.address(word);
    return word;
  }

  /// Makes sure that the columns end where the chunk does.
  ///
  /// @return what is wrong; null if nothing is
  public @Nullable FormatException leftOver() {
    for (ByteSource each : new ByteSource[] {runs, surprises, spelled}) {
      if (each.remaining() > 0) {
        return each.wrong(each.remaining() + " bytes too many");
      }
    }
    return jumping && !jumps.isDone() ? jumps.wrong("jumps behind the end of the chunk") : null;
  }
}
