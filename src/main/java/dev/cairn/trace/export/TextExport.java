package dev.cairn.trace.export;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AccessKind;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes instructions and accesses in a form in text. Threads come interleaved, as they were seen.
final class TextExport implements Analysis<Long> {
  /// What does not change of a block.
  private record Block(long[] pcs, byte[] sizes, AccessKind[] kinds) {}

  private final AccessLines lines;
  private final Isa isa;
  private final @Nullable AddressTranslation translation;
  private final boolean fetches;
  private final ByteBuffering out;
  private final BatchCursor cursor = new BatchCursor();
  private final List<Block> blocks = new ArrayList<>();
  private long written;

  /// Whether values are told, and those of the batch.
  private final boolean values;

  private long[] batchValues = {};

  /// @param translation says where accesses go in physical memory; null if nobody asks
  TextExport(
      AccessLines lines,
      Isa isa,
      ExportShape shape,
      @Nullable AddressTranslation translation,
      ByteTaker into) {
    this.lines = lines;
    fetches = shape.fetches();
    values = shape.values();
    this.isa = isa;
    this.translation = translation;
    out = new ByteBuffering(into);
    lines.begin(out, translation != null, values);
  }

  @Override
  public void define(BlockDefinition block) {
    int count = block.instructions();
    long[] pcs = new long[count];
    AccessKind[] kinds = new AccessKind[count];
    int offset = 0;
    for (int i = 0; i < count; i++) {
      pcs[i] = block.pc() + offset;
      kinds[i] = isa.accessKind(block.code(), offset);
      offset += block.sizes()[i];
    }
    blocks.add(new Block(pcs, block.sizes(), kinds));
  }

  @Override
  public void accept(Batch batch) {
    long position = batch.firstInstruction();
    cursor.wrap(batch);
    batchValues = batch.values();
    while (cursor.next()) {
      Block block = blocks.get(cursor.block());
      int access = cursor.firstAccess();
      for (int i = cursor.first(); i < cursor.end(); i++) {
        if (fetches) {
          out.reserve();
          lines.instruction(out, batch.thread(), position, block.pcs[i], block.sizes[i]);
        }
        while (access < cursor.endAccess() && EventWord.instruction(cursor.word(access)) == i) {
          access = access(batch.thread(), position, block, i, access);
        }
        position++;
        written++;
      }
    }
  }

  /// @return the index of the next access
  private int access(int thread, long position, Block block, int instruction, int at) {
    long word = cursor.word(at);
    boolean store = EventWord.isStore(word);
    long other = word | 1L << EventWord.STORE_SHIFT;
    boolean known = values && batchValues.length > 0;
    boolean modify =
        lines.joins() && !store && at + 1 < cursor.endAccess() && cursor.word(at + 1) == other;
    out.reserve();
    lines.access(
        out,
        new AccessLines.Access(
            thread,
            position,
            block.pcs[instruction],
            block.kinds[instruction],
            store,
            EventWord.address(word),
            EventWord.bytes(word),
            translation == null ? -1 : translation.physicalAddress(EventWord.address(word)),
            known ? batchValues[2 * at] : 0,
            known ? batchValues[2 * at + 1] : 0),
        modify);
    return modify ? at + 2 : at + 1;
  }

  @Override
  public Long result() {
    out.flush();
    return written;
  }
}
