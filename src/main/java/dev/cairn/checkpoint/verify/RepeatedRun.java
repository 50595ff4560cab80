package dev.cairn.checkpoint.verify;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// How a run that was started again differs, at one place, from what was kept of an earlier one.
///
/// What the kernel has told the program is another thing each time. So two runs are made: a word in
/// which the first one differs from what was kept must differ between the two as well. If it does
/// not, what was kept is wrong.
///
/// @param state of the run
/// @param words in which its memory differs from what was kept
/// @param kept the registers that were kept
public record RepeatedRun(
    ProcessState state, NavigableMap<Long, MemoryComparison.Words> words, A64Registers kept) {
  private static final int SECOND = 1_000_000_000;

  /// Compares a run with what was kept.
  public static RepeatedRun of(
      ProcessState state, MemoryContents memory, ProcessState kept, MemoryContents pages)
      throws IOException {
    return new RepeatedRun(
        state,
        new MemoryComparison(state.mappings(), memory, pages).differences(),
        kept.registers());
  }

  /// {@return what differs from what was kept and is alike in another run; null if nothing is}
  ///
  /// @param values learns what differs
  public @Nullable ProcessDifference wrong(RepeatedRun again, RunValues values) {
    for (int i = 0; i < kept.x().length; i++) {
      long here = state.registers().x()[i];
      if (!values.excuse(here, kept.x()[i]) && here == again.state().registers().x()[i]) {
        return difference("register x" + i, here, kept.x()[i]);
      }
      values.add(here, kept.x()[i]);
    }
    for (int i = 0; i < kept.v().length; i++) {
      long here = state.registers().v()[i];
      if (!values.excuse(here, kept.v()[i]) && here == again.state().registers().v()[i]) {
        return difference("register v" + i / 2, here, kept.v()[i]);
      }
      values.add(here, kept.v()[i]);
    }
    for (Map.Entry<Long, MemoryComparison.Words> each : words.entrySet()) {
      MemoryComparison.Words here = each.getValue();
      MemoryComparison.Words there = again.words().get(each.getKey());
      boolean nanoseconds =
          values.areTimes(here.oneBefore(), here.otherBefore())
              && Integer.compareUnsigned(here.one(), SECOND) < 0
              && Integer.compareUnsigned(here.other(), SECOND) < 0;
      if (there != null
          && there.one() == here.one()
          && !nanoseconds
          && !values.excuse(here.one(), here.other())) {
        return difference(
            "the word at 0x" + Long.toHexString(each.getKey()),
            here.one() & 0xffffffffL,
            here.other() & 0xffffffffL);
      }
      values.add(here.one(), here.other());
    }
    return null;
  }

  /// Learns what a third run has where two runs, compared with each other, differ.
  ///
  /// @param one the run that was kept
  /// @param third the state of the third
  /// @param differences in which the memory of the third differs from what was kept
  public void learn(
      ProcessState one,
      ProcessState third,
      NavigableMap<Long, MemoryComparison.Words> differences,
      RunValues values) {
    A64Registers first = one.registers();
    A64Registers here = state.registers();
    A64Registers there = third.registers();
    for (int i = 0; i < here.x().length; i++) {
      if (first.x()[i] != here.x()[i]) {
        values.add(first.x()[i], there.x()[i]);
      }
    }
    for (int i = 0; i < here.v().length; i++) {
      if (first.v()[i] != here.v()[i]) {
        values.add(first.v()[i], there.v()[i]);
      }
    }
    differences.forEach((address, both) -> {
      if (words.containsKey(address)) {
        values.add(both.one(), both.other());
      }
    });
  }

  /// {@return what is another thing than was kept, besides memory and data registers; null if
  /// nothing is}
  public static @Nullable ProcessDifference otherwise(ProcessState state, ProcessState kept) {
    RunValues any = new RunValues();
    for (int i = 0; i < kept.registers().x().length; i++) {
      any.add(state.registers().x()[i], kept.registers().x()[i]);
    }
    for (int i = 0; i < kept.registers().v().length; i++) {
      any.add(state.registers().v()[i], kept.registers().v()[i]);
    }
    return ProcessDifference.first(state, kept, any);
  }

  private static ProcessDifference difference(String what, long one, long other) {
    return new ProcessDifference(
        what + " at the checkpoint", "0x" + Long.toHexString(one), "0x" + Long.toHexString(other));
  }
}
