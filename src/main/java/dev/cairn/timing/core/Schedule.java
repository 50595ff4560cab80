package dev.cairn.timing.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a whole execution of a block does to a pipeline that stands in a certain way, if nothing
/// from outside, a line of code or data that is awaited or a full store buffer, holds it up.
///
/// Times count from the cycle of the last issue before the block. What is short has 16 bits, so
/// that a schedule lies in a few lines of the host's memory; what does not fit has no schedule.
///
/// Unchanging.
final class Schedule {
  private static final int SHORT = 0xffff;
  private static final int SHORTS = 4;
  private static final int CAUSE_BITS = 4;
  private static final int LONGEST = 0x7fff;

  /// The key, the states of the registers written, and two shorts an instruction: the cycle it
  /// issues in, and the first one that the instructions before and the rules of pairing leave it.
  private final long[] words;

  private final int keyLength;
  private final int timesFrom;
  private final int cycles;
  private final int slots;
  private final int freeUnits;
  private final int busyUnits;
  private final long busyUntil;
  private final long charges;
  private final long lastDone;

  private Schedule(
      long[] words,
      int keyLength,
      int timesFrom,
      PipelineState after,
      long from,
      long busyUntil,
      long charges) {
    this.words = words;
    this.keyLength = keyLength;
    this.timesFrom = timesFrom;
    this.busyUntil = busyUntil;
    this.charges = charges;
    cycles = (int) (after.cycle - from);
    slots = after.slots;
    freeUnits = after.freeUnits;
    busyUnits = after.units.busy();
    lastDone = after.lastDone - (from << StaticCode.TIME_SHIFT);
  }

  /// {@return the schedule of a block that has been issued; null if it does not fit}
  ///
  /// @param key how the pipeline stood
  /// @param written the registers that the block writes
  /// @param after how it stands now, with nothing but this block in its last result
  /// @param from the cycle of the last issue before the block
  /// @param stallsBefore what had been charged then
  /// @param issued of each instruction the cycle it issued in
  /// @param fetched of each instruction when it had to be fetched
  static @Nullable Schedule of(
      long[] key,
      short[] written,
      PipelineState after,
      long from,
      long[] stallsBefore,
      long[] issued,
      long[] fetched) {
    if (after.cycle - from > LONGEST || Integer.bitCount(after.units.busy()) > SHORTS) {
      return null;
    }
    long charges = 0;
    int causes = 0;
    for (int cause = 0; cause < stallsBefore.length; cause++) {
      long charge = after.stalls[cause] - stallsBefore[cause];
      if (charge != 0) {
        if (causes == SHORTS || charge > (SHORT >>> CAUSE_BITS)) {
          return null;
        }
        charges |= (charge << CAUSE_BITS | cause) << (Short.SIZE * causes++);
      }
    }
    int timesFrom = key.length + written.length;
    long[] words = Arrays.copyOf(key, timesFrom + (issued.length + 1) / 2);
    for (int i = 0; i < written.length; i++) {
      words[key.length + i] = after.registers[written[i]] - (from << StaticCode.TIME_SHIFT);
    }
    for (int i = 0; i < issued.length; i++) {
      long times = (issued[i] - from) | ((fetched[i] - from) << Short.SIZE);
      words[timesFrom + i / 2] |= times << (Integer.SIZE * (i & 1));
    }
    return new Schedule(
        words, key.length, timesFrom, after, from, busyUntil(after.units, from), charges);
  }

  private static long busyUntil(IssueUnits units, long from) {
    long until = 0;
    int next = 0;
    for (int rest = units.busy(); rest != 0; rest &= rest - 1) {
      long free = Math.max(0, units.freeFrom(Integer.numberOfTrailingZeros(rest)) - from);
      until |= free << (Short.SIZE * next++);
    }
    return until;
  }

  /// {@return whether this is the schedule for a pipeline that stands so}
  boolean hasKey(long[] key, int length) {
    if (length != keyLength) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (words[i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  /// {@return the cycle in which an instruction of the block issues}
  int issue(int instruction) {
    return times(instruction) & SHORT;
  }

  /// {@return the cycle in which it has to be fetched, so as not to be waited for}
  int fetch(int instruction) {
    return times(instruction) >>> Short.SIZE;
  }

  private int times(int instruction) {
    return (int) (words[timesFrom + (instruction >>> 1)] >>> (Integer.SIZE * (instruction & 1)));
  }

  /// Leaves a pipeline as the block does.
  ///
  /// @param registers begins, at an index, with those that the block writes
  void apply(PipelineState pipeline, short[] registers, int at) {
    long from = pipeline.cycle;
    long base = from << StaticCode.TIME_SHIFT;
    long[] states = pipeline.registers;
    for (int i = keyLength; i < timesFrom; i++) {
      states[registers[at + i - keyLength]] = base + words[i];
    }
    pipeline.units.restore(busyUnits, busyUntil, from);
    for (long rest = charges; rest != 0; rest >>>= Short.SIZE) {
      int charge = (int) rest & SHORT;
      pipeline.stalls[charge & ((1 << CAUSE_BITS) - 1)] += charge >>> CAUSE_BITS;
    }
    pipeline.cycle = from + cycles;
    pipeline.slots = slots;
    pipeline.freeUnits = freeUnits;
    pipeline.lastDone = Math.max(pipeline.lastDone, base + lastDone);
  }
}
