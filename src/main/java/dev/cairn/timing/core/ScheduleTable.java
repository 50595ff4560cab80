package dev.cairn.timing.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The schedules of blocks executed before, by how the pipeline stood then.
///
/// How a block issues depends on the room left in the cycle of the last issue, on the units that
/// are kept, and on those of the registers it touches whose values are not there yet; on times only
/// by their distance from now. All of that is the key, written out and compared in full, so what is
/// found is exactly what issuing the block again would give. What is ready counts as ready, however
/// long it has been. A slot of the table belongs to the last schedule that came there.
///
/// Source: the idea is that of E. Schnarr and J. R. Larus, "Fast Out-Of-Order Processor Simulation
/// Using Memoization", ASPLOS 1998.
///
/// Cost: a look at each register that the block touches. One thread.
final class ScheduleTable {
  /// The longest block that is remembered.
  static final int MAX_LENGTH = 64;

  private static final int NOT_REMEMBERED = -1;
  private static final int SLOT_BITS = 16;
  private static final int MAX_KEY = StaticCode.UNIT_BITS + 16;
  private static final int FARTHEST = 64 << StaticCode.TIME_SHIFT;
  private static final int PLACE_SHIFT = 48;
  private static final long PLACE = -1L << PLACE_SHIFT;
  private static final long FIRST_UNIT = 0x4000;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final StaticCode code;
  private final int[] complete;
  private final long settledFrom;
  private final @Nullable Schedule[] table = new Schedule[1 << SLOT_BITS];
  private final long[] key = new long[MAX_KEY];
  private int keyLength;
  private int slot;

  /// Where the core notes of each instruction of a block the cycle it issues in.
  final long[] issued = new long[MAX_LENGTH];

  /// Where it notes when each has to be fetched.
  final long[] fetched = new long[MAX_LENGTH];

  private final long[] stallsBefore = new long[CycleStack.CAUSES];
  private long cycleBefore;
  private long lastDoneBefore;

  private short[] touched = new short[4096];
  private int touchedSize;
  private int[] touchedFrom = new int[1024];
  private int[] writtenEnd = new int[1024];
  private int[] touchedEnd = new int[1024];
  private short[][] groups = new short[1024][];

  /// @param complete of each class, when its results are complete, shifted as states are
  ScheduleTable(StaticCode code, int[] complete) {
    this.code = code;
    this.complete = complete;
    settledFrom = (Arrays.stream(complete).max().orElse(0) >>> StaticCode.TIME_SHIFT) + 1L;
  }

  /// Learns of a block that has been added to the code.
  void define(int block) {
    if (block == touchedFrom.length) {
      touchedFrom = Arrays.copyOf(touchedFrom, block * 2);
      writtenEnd = Arrays.copyOf(writtenEnd, block * 2);
      touchedEnd = Arrays.copyOf(touchedEnd, block * 2);
      groups = Arrays.copyOf(groups, block * 2);
    }
    touchedFrom[block] = touchedSize;
    int length = code.blockEnd[block] - code.blockStart[block];
    if (length == 0 || length > MAX_LENGTH || drains(block)) {
      touchedEnd[block] = NOT_REMEMBERED;
      return;
    }
    touch(block, true);
    writtenEnd[block] = touchedSize;
    touch(block, false);
    touchedEnd[block] = touchedSize;
    groups[block] = groupsOf(block);
  }

  /// {@return whether the schedule of a block can be told by how the pipeline stands; then [#found]
  /// has it, or else [#begin] and [#end] take it}
  ///
  /// @param freeze as [MissFreeze#ahead] gives it
  boolean look(int block, PipelineState pipeline, long freeze) {
    int from = touchedFrom[block];
    int end = touchedEnd[block];
    long now = pipeline.cycle;
    if (end == NOT_REMEMBERED || now < settledFrom || freeze >= MissFreeze.FAR) {
      return false;
    }
    long[] words = key;
    long first =
        (long) pipeline.freeUnits << (Integer.SIZE + Byte.SIZE)
            | (long) pipeline.slots << Integer.SIZE
            | block;
    words[0] = first;
    words[1] = freeze;
    int length = 2;
    long hash = ((first * MIX) ^ freeze) * MIX;
    for (int rest = pipeline.units.busy(); rest != 0; rest &= rest - 1) {
      int unit = Integer.numberOfTrailingZeros(rest);
      long until = Math.max(0, pipeline.units.freeFrom(unit) - now);
      long word = (FIRST_UNIT + unit) << PLACE_SHIFT | until;
      words[length++] = word;
      hash = (hash ^ word) * MIX;
    }
    long base = now << StaticCode.TIME_SHIFT;
    long ready = base + (1 << StaticCode.TIME_SHIFT);
    long[] registers = pipeline.registers;
    for (int i = from; i < end; i++) {
      long state = registers[touched[i]];
      if (state + complete[StaticCode.producer(state)] >= ready) {
        long distance = state - base;
        if (distance > FARTHEST || length == MAX_KEY) {
          return false;
        }
        long word = (long) (i - from) << PLACE_SHIFT | (distance & ~PLACE);
        words[length++] = word;
        hash = (hash ^ word) * MIX;
      }
    }
    keyLength = length;
    slot = (int) (((hash ^ (hash >>> 29)) * MIX) >>> (Long.SIZE - SLOT_BITS));
    return true;
  }

  /// {@return the schedule looked for last; null if there is none}
  @Nullable Schedule found() {
    Schedule schedule = table[slot];
    return schedule != null && schedule.hasKey(key, keyLength) ? schedule : null;
  }

  /// Has the issuing of the block looked for last watched.
  void begin(PipelineState pipeline) {
    cycleBefore = pipeline.cycle;
    lastDoneBefore = pipeline.lastDone;
    pipeline.lastDone = 0;
    System.arraycopy(pipeline.stalls, 0, stallsBefore, 0, stallsBefore.length);
  }

  /// Ends what [#begin] began, when all of the block has issued.
  ///
  /// @param kept whether nothing from outside held it up
  void end(int block, PipelineState pipeline, boolean kept) {
    if (kept) {
      int length = code.blockEnd[block] - code.blockStart[block];
      table[slot] =
          Schedule.of(
              Arrays.copyOf(key, keyLength),
              Arrays.copyOfRange(touched, touchedFrom[block], writtenEnd[block]),
              pipeline,
              cycleBefore,
              stallsBefore,
              Arrays.copyOf(issued, length),
              Arrays.copyOf(fetched, length));
    }
    pipeline.lastDone = Math.max(pipeline.lastDone, lastDoneBefore);
  }

  /// Leaves the pipeline as a block's schedule says.
  void apply(int block, Schedule schedule, PipelineState pipeline) {
    schedule.apply(pipeline, touched, touchedFrom[block]);
  }

  /// {@return the instructions of a block that begin another group of the front end, but for its
  /// first}
  short[] groups(int block) {
    return groups[block];
  }

  private boolean drains(int block) {
    for (int i = code.blockStart[block]; i < code.blockEnd[block]; i++) {
      if ((code.shapes[i] & StaticCode.DRAINS) != 0) {
        return true;
      }
    }
    return false;
  }

  private short[] groupsOf(int block) {
    int start = code.blockStart[block];
    short[] some = new short[code.blockEnd[block] - start];
    int count = 0;
    for (int i = 1; i < some.length; i++) {
      if ((code.shapes[start + i] & StaticCode.NEW_GROUP) != 0) {
        some[count++] = (short) i;
      }
    }
    return Arrays.copyOf(some, count);
  }

  private void touch(int block, boolean written) {
    int from = touchedFrom[block];
    for (int i = code.blockStart[block]; i < code.blockEnd[block]; i++) {
      long named = code.operands[i];
      int more = code.moreFrom[i];
      int counts = code.moreCounts[i];
      int sources = more + (counts & 0xff);
      int end = sources + (counts >>> 8 & 0xff) + (counts >>> 16 & 0xff);
      if (written) {
        touch(from, StaticCode.result(named));
        for (int j = sources; j < end; j++) {
          touch(from, code.more[j]);
        }
      } else {
        touch(from, StaticCode.firstSource(named) >>> 1);
        touch(from, StaticCode.secondSource(named) >>> 1);
        for (int j = more; j < sources; j++) {
          touch(from, code.more[j] >>> 1);
        }
      }
    }
  }

  private void touch(int from, int register) {
    if (register == code.registerCount() - 1) {
      return;
    }
    for (int i = from; i < touchedSize; i++) {
      if (touched[i] == register) {
        return;
      }
    }
    if (touchedSize == touched.length) {
      touched = Arrays.copyOf(touched, touchedSize * 2);
    }
    touched[touchedSize++] = (short) register;
  }
}
