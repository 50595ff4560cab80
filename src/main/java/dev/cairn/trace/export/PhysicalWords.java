package dev.cairn.trace.export;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.Forwarding;
import java.util.ArrayList;
import java.util.List;

/// Shows an analysis a run with physical addresses in place of virtual ones, of instructions and of
/// data.
///
/// A block stands where it was when it was executed first; one that is moved is shown as another.
///
/// @param <R> the analysis's result
final class PhysicalWords<R> extends Forwarding<R> {
  /// A block, and where it was told to lie.
  private record Shown(BlockDefinition block, int id, long physicalPc) {}

  private final AddressTranslation translation;
  private final List<Shown> shown = new ArrayList<>();
  private Batch placed = new Batch(1 << 10);
  private int defined;

  PhysicalWords(AddressTranslation translation, Analysis<R> next) {
    super(next);
    this.translation = translation;
  }

  @Override
  public void define(BlockDefinition block) {
    shown.add(new Shown(block, -1, -1));
  }

  @Override
  public void accept(Batch batch) {
    if (placed.words().length < batch.length()) {
      placed = new Batch(batch.words().length);
    }
    long[] from = batch.words();
    long[] into = placed.words();
    for (int i = 0; i < batch.length(); i++) {
      long word = from[i];
      into[i] =
          switch (EventWord.kind(word)) {
            case EventWord.EXECUTION ->
                EventWord.execution(
                    show(EventWord.block(word)), EventWord.first(word), EventWord.end(word));
            case EventWord.ACCESS ->
                EventWord.access(
                    translation.physicalAddress(EventWord.address(word)),
                    EventWord.instruction(word),
                    EventWord.bytes(word),
                    EventWord.isStore(word));
            default -> word;
          };
    }
    placed.reset(batch.thread(), batch.firstInstruction(), batch.length());
    super.accept(placed);
  }

  /// {@return the id under which a block is shown}
  private int show(int id) {
    Shown known = shown.get(id);
    long pc = translation.physicalAddress(known.block.pc());
    if (known.physicalPc != pc || known.id < 0) {
      BlockDefinition block = known.block;
      known = new Shown(block, defined++, pc);
      shown.set(id, known);
      super.define(new BlockDefinition(known.id, pc, block.code(), block.sizes()));
    }
    return known.id;
  }
}
