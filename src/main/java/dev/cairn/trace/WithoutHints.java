package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.Forwarding;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Shows an analysis the accesses that move data, without prefetches and the maintenance of caches,
/// and everything else.
///
/// @param <R> the analysis's result
public final class WithoutHints<R> extends Forwarding<R> {
  private static final BitSet NONE = new BitSet();

  private final Isa isa;

  /// By block, which instructions may make a hint.
  private final List<BitSet> hinting = new ArrayList<>();

  private boolean any;
  private Batch kept = new Batch(1 << 10);

  /// @param isa by which the code is decoded
  public WithoutHints(Isa isa, Analysis<R> next) {
    super(next);
    this.isa = isa;
  }

  @Override
  public void define(BlockDefinition block) {
    BitSet found = new BitSet();
    int offset = 0;
    for (int i = 0; i < block.instructions(); i++) {
      if (isa.accessKind(block.code(), offset).isHint(false)) {
        found.set(i);
        any = true;
      }
      offset += block.sizes()[i];
    }
    hinting.add(found.isEmpty() ? NONE : found);
    super.define(block);
  }

  @Override
  public void accept(Batch batch) {
    if (!any) {
      super.accept(batch);
      return;
    }
    if (kept.words().length < batch.length() || kept.hasValues() != batch.hasValues()) {
      kept = new Batch(batch.words().length, batch.hasValues());
    }
    long[] from = batch.words();
    int length = 0;
    BitSet hints = NONE;
    for (int i = 0; i < batch.length(); i++) {
      long word = from[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        hints = hinting.get(EventWord.block(word));
      }
      boolean hint =
          kind == EventWord.ACCESS
              && !EventWord.isStore(word)
              && hints.get(EventWord.instruction(word));
      if (!hint) {
        Batch.copy(batch, i, kept, length++, 1);
      }
    }
    kept.reset(batch.thread(), batch.firstInstruction(), length);
    super.accept(kept);
  }
}
