package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.Forwarding;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;

/// Shows an analysis only some of the accesses, and everything else.
///
/// @param <R> the analysis's result
public final class AccessFilter<R> extends Forwarding<R> {
  /// Which accesses are shown.
  ///
  /// @param loads whether loads are
  /// @param stores whether stores are
  /// @param lowest the lowest address of which a byte must be touched, unsigned
  /// @param highest the highest one, inclusive
  public record Choice(boolean loads, boolean stores, long lowest, long highest) {
    /// All of them.
    public static final Choice ALL = new Choice(true, true, 0, -1);

    public Choice {
      if (Long.compareUnsigned(lowest, highest) > 0) {
        throw new IllegalArgumentException(
            "no address lies between 0x%x and 0x%x".formatted(lowest, highest));
      }
    }
  }

  private final Choice choice;
  private final LongPredicate code;
  private final List<BitSet> wanted = new ArrayList<>();
  private Batch filtered = new Batch(1 << 10);

  /// @param code says of an instruction whether its accesses are shown, when its block is defined
  public AccessFilter(Choice choice, LongPredicate code, Analysis<R> next) {
    super(next);
    this.choice = choice;
    this.code = code;
  }

  @Override
  public void define(BlockDefinition block) {
    BitSet instructions = new BitSet(block.instructions());
    long pc = block.pc();
    for (int i = 0; i < block.instructions(); i++) {
      instructions.set(i, code.test(pc));
      pc += block.sizes()[i];
    }
    wanted.add(instructions);
    super.define(block);
  }

  @Override
  public void accept(Batch batch) {
    boolean values = batch.hasValues();
    if (filtered.words().length < batch.length() || filtered.hasValues() != values) {
      filtered = new Batch(batch.words().length, values);
    }
    long[] from = batch.words();
    long[] into = filtered.words();
    int kept = 0;
    BitSet instructions = new BitSet();
    for (int i = 0; i < batch.length(); i++) {
      long word = from[i];
      if (EventWord.kind(word) == EventWord.EXECUTION) {
        instructions = wanted.get(EventWord.block(word));
      } else if (EventWord.kind(word) == EventWord.ACCESS && !isWanted(word, instructions)) {
        continue;
      }
      if (values) {
        Batch.copy(batch, i, filtered, kept, 1);
      }
      into[kept++] = word;
    }
    filtered.reset(batch.thread(), batch.firstInstruction(), kept);
    super.accept(filtered);
  }

  private boolean isWanted(long access, BitSet instructions) {
    long address = EventWord.address(access);
    long last = address + EventWord.bytes(access) - 1;
    return (EventWord.isStore(access) ? choice.stores() : choice.loads())
        && Long.compareUnsigned(last, choice.lowest()) >= 0
        && Long.compareUnsigned(address, choice.highest()) <= 0
        && instructions.get(EventWord.instruction(access));
  }
}
