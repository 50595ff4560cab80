package dev.cairn.capture.scope;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a thread's stack pointer, of notes and of what the code does to it in between.
final class StackTrack {
  private final Isa isa;

  /// By block: how far its first instructions move the stack pointer; null if none does.
  private final List<long @Nullable []> effects = new ArrayList<>();

  private boolean known;
  private long value;

  StackTrack(Isa isa) {
    this.isa = isa;
  }

  void define(BlockDefinition block) {
    long[] sums = new long[block.instructions() + 1];
    boolean any = false;
    int offset = 0;
    for (int i = 0; i < block.instructions(); i++) {
      long effect = isa.stackEffect(block.code(), offset);
      sums[i + 1] = sums[i] + effect;
      any |= effect != 0;
      offset += block.sizes()[i];
    }
    effects.add(any ? sums : null);
  }

  void set(long stackPointer) {
    known = true;
    value = stackPointer;
  }

  void forget() {
    known = false;
  }

  /// Takes instructions of a block.
  void execute(int block, int first, int end) {
    value += effect(block, first, end);
  }

  private long effect(int block, int first, int end) {
    long[] sums = effects.get(block);
    return sums == null ? 0 : sums[end] - sums[first];
  }

  /// {@return whether it is known}
  boolean isKnown() {
    return known;
  }

  /// {@return the stack pointer behind some instructions of a block that comes next}
  long behind(int block, int first, int end) {
    return value + effect(block, first, end);
  }
}
