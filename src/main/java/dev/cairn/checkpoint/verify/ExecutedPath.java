package dev.cairn.checkpoint.verify;

import com.github.luben.zstd.Zstd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The address of every instruction that a thread has executed, in order.
///
/// Kept as runs of instructions one behind the other, each as where it begins, seen from the end of
/// the one before, and its bytes; compressed, as programs repeat themselves. Some bytes for a
/// thousand instructions.
public final class ExecutedPath {
  private static final int CHUNK = 1 << 20;
  private static final int LONGEST_RUN = 2 * 10;
  private static final int LEVEL = 1;

  /// Of AArch64.
  private static final int INSTRUCTION_BYTES = 4;

  private final List<byte[]> packed = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();
  private byte[] chunk = new byte[CHUNK];
  private int length;
  private long start;
  private long end;
  private long before;
  private long instructions;

  /// {@return how many instructions were added}
  public long instructions() {
    return instructions;
  }

  /// Adds an instruction.
  void add(long pc) {
    if (pc != end || instructions == 0) {
      flushRun();
      start = pc;
    }
    end = pc + INSTRUCTION_BYTES;
    instructions++;
  }

  private void flushRun() {
    if (end == start) {
      return;
    }
    if (length + LONGEST_RUN > CHUNK) {
      pack();
    }
    long from = start - before;
    number(from << 1 ^ from >> 63);
    number(end - start);
    before = end;
    start = end;
  }

  private void number(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      chunk[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    chunk[length++] = (byte) rest;
  }

  private void pack() {
    if (length > 0) {
      packed.add(Zstd.compress(Arrays.copyOf(chunk, length), LEVEL));
      sizes.add(length);
      length = 0;
    }
  }

  /// Ends adding.
  void finish() {
    flushRun();
    pack();
    chunk = new byte[0];
  }

  /// Reads the runs one after the other.
  private final class Cursor {
    private byte[] bytes = new byte[0];
    private int next;
    private int at;
    private long pc;
    private long left;

    /// Moves to a run's first instruction that was not passed; at the end, [#left] is 0.
    private void fill() {
      if (left > 0) {
        return;
      }
      if (at == bytes.length) {
        if (next == packed.size()) {
          return;
        }
        bytes = Zstd.decompress(packed.get(next), sizes.get(next));
        next++;
        at = 0;
      }
      long from = number();
      pc += from >>> 1 ^ -(from & 1);
      left = number();
    }

    private long number() {
      long value = 0;
      int shift = 0;
      while (true) {
        byte one = bytes[at++];
        value |= (one & 0x7fL) << shift;
        if (one >= 0) {
          return value;
        }
        shift += 7;
      }
    }

    private void pass(long count) {
      pc += count;
      left -= count;
    }
  }

  /// Where two paths part.
  ///
  /// @param instructions executed alike before
  /// @param last the address of the last one alike; -1 if there is none
  /// @param one the next address in the first path; -1 if it has ended
  /// @param other the next address in the second path; -1 if it has ended
  public record Parting(long instructions, long last, long one, long other) {}

  /// {@return where another path first differs; null if they are equal}
  public @Nullable Parting parting(ExecutedPath other) {
    Cursor here = new Cursor();
    Cursor there = other.new Cursor();
    long bytes = 0;
    long last = -1;
    while (true) {
      here.fill();
      there.fill();
      if (here.left == 0 && there.left == 0) {
        return null;
      }
      if (here.left == 0 || there.left == 0 || here.pc != there.pc) {
        return new Parting(
            bytes / INSTRUCTION_BYTES,
            last,
            here.left == 0 ? -1 : here.pc,
            there.left == 0 ? -1 : there.pc);
      }
      long alike = Math.min(here.left, there.left);
      bytes += alike;
      last = here.pc + alike - INSTRUCTION_BYTES;
      here.pass(alike);
      there.pass(alike);
    }
  }
}
