package dev.cairn.timing.core;

import dev.cairn.event.EventWord;
import dev.cairn.memory.MemoryHierarchy;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.InstructionClass;
import dev.cairn.program.isa.Isa;
import dev.cairn.timing.branch.BranchUnit;
import dev.cairn.timing.branch.Outcome;
import java.util.Arrays;

/// A core that issues in program order, several instructions a cycle.
///
/// Each instruction gets the first cycle, not before its predecessor's, in which it has been
/// fetched, its operands are there by the forwarding paths, its units are free, and the rules of
/// pairing let it join the instructions already in that cycle. Nothing is stepped cycle by cycle,
/// so the cost is by the instruction; the loop over a block's instructions avoids branches that the
/// host could not predict, and keeps the state that every instruction changes in locals.
///
/// A register's state is a long: bits 0..2 why a reader would wait (a [CycleStack] cause), 3..7 the
/// class of the producer, 8 and up the cycle the producer's latency counts from. Adding a latency
/// times 256 gives a time that can be compared with others as it stands.
///
/// Limits: the right path only; no store-to-load forwarding delay (a load of a line still awaited
/// by a store waits for the line); a load's alignment inside a line costs nothing.
///
/// One thread.
public final class InOrderCore implements CoreModel {
  private static final int PRODUCER_SHIFT = 3;
  private static final int PRODUCER_MASK = 0xf8;
  private static final int BASE_SHIFT = StaticCode.TIME_SHIFT;
  private static final int NO_ACCESS = Integer.MAX_VALUE;
  private static final long NEVER = Long.MAX_VALUE;
  private static final long UPDATE =
      (long) StaticCode.number(InstructionClass.INTEGER) << PRODUCER_SHIFT;

  private final StaticCode code;
  private final BranchUnit branchUnit;
  private final MemoryHierarchy memory;
  private final FrontEnd front;
  private final MemoryWarming warming;
  private final StoreBuffer stores;
  private final int[] latencies;
  private final int[] complete = new int[32];
  private final int width;
  private final int allUnits;
  private final int lineShift;
  private final int takenBranchCycles;
  private final int misfetchCycles;
  private final int mispredictCycles;
  private final int systemCallCycles;
  private final long issueCyclesUnderMiss;

  private final long[] registers;
  private final long[] unitFree = new long[StaticCode.UNIT_BITS];
  private final long[] stalls = new long[CycleStack.CAUSES];

  private long cycle;
  private int slots;
  private int freeUnits;
  private int busyUnits;
  private long lastDone;
  private long freezeFrom;
  private long freezeUntil;
  private int freezeCause;

  private long countedFrom;
  private long instructions;

  /// @param branchUnit is used by this core only, as is `memory`
  public InOrderCore(
      PipelineConfiguration pipeline, Isa isa, BranchUnit branchUnit, MemoryHierarchy memory) {
    code = new StaticCode(pipeline, isa);
    this.branchUnit = branchUnit;
    this.memory = memory;
    front = new FrontEnd(pipeline, memory);
    warming = new MemoryWarming(code, memory, front);
    stores = new StoreBuffer(pipeline.storeBufferEntries());
    latencies = StaticCode.latencies(pipeline, memory.dataCycles());
    for (InstructionClass kind : InstructionClass.values()) {
      complete[StaticCode.number(kind)] =
          StaticCode.latency(pipeline, kind, memory.dataCycles()) << BASE_SHIFT;
    }
    width = pipeline.issueWidth();
    allUnits = code.allUnits();
    lineShift = Integer.numberOfTrailingZeros(memory.lineBytes());
    takenBranchCycles = pipeline.takenBranchCycles();
    misfetchCycles = pipeline.misfetchCycles();
    mispredictCycles = pipeline.mispredictCycles();
    systemCallCycles = pipeline.systemCallCycles();
    Integer underMiss = pipeline.issueCyclesUnderMiss();
    issueCyclesUnderMiss = underMiss == null ? NEVER : underMiss;
    registers = new long[code.registerCount()];
    reset();
  }

  @Override
  public void define(DecodedBlock block) {
    code.define(block);
    warming.define(block.definition().id());
  }

  @Override
  public void execute(Execution execution) {
    int start = code.blockStart[execution.block()];
    int entry = start + execution.first();
    int stop = start + execution.end();
    long[] words = execution.words();
    int access = execution.firstAccess();
    int endAccess = execution.endAccess();
    int accessor = access < endAccess ? start + EventWord.instruction(words[access]) : NO_ACCESS;
    long[] shapes = code.shapes;
    long[] operands = code.operands;
    long[] state = registers;
    int absent = state.length - 1;
    long now = cycle;
    int left = slots;
    int free = freeUnits;
    front.enter(code.pcs[entry], code.lastByte(entry), now);
    for (int i = entry; i < stop; i++) {
      long shape = shapes[i];
      if ((shape & StaticCode.NEW_GROUP) != 0 && i != entry) {
        front.nextGroup(code.lastByte(i), now);
      }
      int kind = (int) shape & StaticCode.CLASS;
      int units = (int) (shape >>> StaticCode.UNITS_SHIFT) & StaticCode.UNITS_MASK;
      int others = (int) (shape >>> StaticCode.OTHER_UNITS_SHIFT) & StaticCode.UNITS_MASK;
      int apart =
          (left - 1) >>> 31
              | ((units & free) - 1) >>> 31
              | ((others & free) - 1) >>> 31
              | ((int) (shape >>> StaticCode.NOT_JOINING_SHIFT) & 1);
      long at = now + apart;
      if (front.ready() > at) {
        at = fetched(at, now);
      }
      // Operands, and the write that this one's must not overtake.
      long named = operands[i];
      int column = kind << 1;
      int first = (int) named & StaticCode.SOURCE_MASK;
      int second = (int) (named >>> StaticCode.SECOND_SHIFT) & StaticCode.SOURCE_MASK;
      int result = (int) (named >>> StaticCode.RESULT_SHIFT) & StaticCode.SOURCE_MASK;
      long a = state[first >>> 1];
      long b = state[second >>> 1];
      long before = state[result];
      long there =
          Math.max(
              a + latencies[((int) a & PRODUCER_MASK) << 3 | column | (first & 1)],
              b + latencies[((int) b & PRODUCER_MASK) << 3 | column | (second & 1)]);
      there =
          Math.max(
              there,
              before
                  + complete[((int) before & PRODUCER_MASK) >>> PRODUCER_SHIFT]
                  - complete[kind]);
      if (named < 0) {
        there = Math.max(there, moreOperands(i, column));
      }
      if (there >> BASE_SHIFT > at) {
        stall(at, there >> BASE_SHIFT, now, (int) there & 7);
        at = there >> BASE_SHIFT;
      }
      if ((shape & StaticCode.DRAINS) != 0) {
        at = drained(at, now);
      }
      if (((units | others) & busyUnits) != 0) {
        at = unitsFree(at, now, units, others);
      }
      if (i == accessor && EventWord.isStore(words[access])) {
        at = roomForStore(at, now, words[access]);
      }
      if (at < freezeUntil && at >= freezeFrom) {
        stall(at, freezeUntil, now, freezeCause);
        at = freezeUntil;
      }
      // Issue.
      if (at > now) {
        now = at;
        left = width;
        free = busyUnits == 0 ? allUnits : idleUnits(at);
      }
      left = (shape & StaticCode.CLOSES) != 0 ? 0 : left - 1;
      int interval = (int) (shape >>> StaticCode.INTERVAL_SHIFT) & 0xff;
      int unit = Integer.lowestOneBit(units & free);
      int other = Integer.lowestOneBit(others & free);
      free &= ~(unit | other) | StaticCode.ALWAYS;
      if (interval > 1) {
        keep(unit, now + interval);
        keep(other, now + interval);
      }
      // Execute.
      long base = at;
      int cause = CycleStack.DEPENDENCY;
      if ((shape & StaticCode.LOADS) != 0) {
        cause = CycleStack.LOAD_USE;
        base += interval - 1;
      }
      if (i == accessor) {
        int from = access;
        do {
          access++;
          accessor = access < endAccess ? start + EventWord.instruction(words[access]) : NO_ACCESS;
        } while (accessor == i);
        long delay = access(i, shape, at, words, from, access);
        if (delay > 0) {
          base += delay >>> 3;
          cause = (int) delay & 7;
        }
      }
      long done = base << BASE_SHIFT | column << (PRODUCER_SHIFT - 1) | cause;
      state[result] = done;
      state[absent] = 0;
      lastDone = Math.max(lastDone, done + complete[kind]);
      if (named < 0) {
        moreResults(i, done, at << BASE_SHIFT | UPDATE);
      }
    }
    cycle = now;
    slots = left;
    freeUnits = free;
    instructions += stop - entry;
    leave(execution, stop);
  }

  @Override
  public void warm(Execution execution) {
    int start = code.blockStart[execution.block()];
    int stop = start + execution.end();
    front.warm(code.pcs[start + execution.first()], code.lastByte(stop - 1));
    long[] words = execution.words();
    for (int i = execution.firstAccess(); i < execution.endAccess(); i++) {
      long word = words[i];
      memory.warmData(
          code.pcs[start + EventWord.instruction(word)],
          EventWord.address(word),
          EventWord.bytes(word),
          EventWord.isStore(word));
    }
    BranchKind branch = branch(execution, stop);
    if (branch != BranchKind.NONE) {
      long pc = code.pcs[stop - 1];
      Outcome ignored =
          branchUnit.resolve(branch, pc, pc + code.lengths[stop - 1], execution.nextPc());
    }
  }

  @Override
  public void warmMemory(ExecutionRun run) {
    warming.warm(run);
  }

  @Override
  public void clearCounts() {
    countedFrom = cycle;
    instructions = 0;
    Arrays.fill(stalls, 0);
    branchUnit.clearCounts();
    memory.clearCounts();
  }

  @Override
  public CoreCounts counts() {
    long cycles = cycle - countedFrom;
    return new CoreCounts(
        instructions, cycles, CycleStack.of(cycles, stalls), branchUnit.counts(), memory.counts());
  }

  @Override
  public void reset() {
    branchUnit.reset();
    memory.reset();
    front.reset();
    stores.reset();
    Arrays.fill(registers, 0);
    Arrays.fill(unitFree, 0);
    cycle = 0;
    slots = 0;
    freeUnits = 0;
    busyUnits = 0;
    lastDone = 0;
    freezeFrom = 0;
    freezeUntil = 0;
    freezeCause = CycleStack.DATA_MISS;
    clearCounts();
  }

  // Branches.

  private void leave(Execution execution, int stop) {
    BranchKind branch = branch(execution, stop);
    if (branch != BranchKind.NONE) {
      resolve(branch, stop - 1, execution.nextPc());
    }
    if (execution.interrupted()) {
      front.refill(cycle + mispredictCycles, CycleStack.BRANCH);
    }
  }

  private BranchKind branch(Execution execution, int stop) {
    if (!execution.nextKnown() || stop != code.blockEnd[execution.block()]) {
      return BranchKind.NONE;
    }
    return code.branches[execution.block()];
  }

  private void resolve(BranchKind branch, int index, long next) {
    if (branch == BranchKind.SYSTEM_CALL || branch == BranchKind.TRAP) {
      front.refill(cycle + systemCallCycles, CycleStack.BARRIER);
      return;
    }
    long pc = code.pcs[index];
    long fallThrough = pc + code.lengths[index];
    switch (branchUnit.resolve(branch, pc, fallThrough, next)) {
      case RIGHT -> {
        if (next != fallThrough) {
          front.redirect(takenBranchCycles);
        }
      }
      case MISFETCHED -> front.redirect(misfetchCycles);
      case MISPREDICTED -> front.refill(cycle + mispredictCycles, CycleStack.BRANCH);
    }
  }

  // What keeps an instruction from issuing. Each takes the cycle reached so far and that of the
  // last
  // issue, charges the wait and gives the cycle reached then.

  /// Charges the cycles from `at` to `until` in which nothing issues.
  private void stall(long at, long until, long now, int cause) {
    stalls[cause] += until - Math.max(at, now + 1);
  }

  private long fetched(long at, long now) {
    long start = at;
    if (front.asked() > start) {
      stall(start, front.asked(), now, front.refillCause());
      start = front.asked();
    }
    if (front.ready() > start) {
      stall(start, front.ready(), now, front.missCause());
      start = front.ready();
    }
    return start;
  }

  /// {@return when the operands and earlier writes that have no room in the short form are there}
  private long moreOperands(int i, int column) {
    int from = code.moreFrom[i];
    int counts = code.moreCounts[i];
    long there = 0;
    int end = from + (counts & 0xff);
    for (; from < end; from++) {
      int source = code.more[from];
      long state = registers[source >>> 1];
      there =
          Math.max(
              there, state + latencies[((int) state & PRODUCER_MASK) << 3 | column | (source & 1)]);
    }
    end += counts >>> 8 & 0xff;
    for (; from < end; from++) {
      long state = registers[code.more[from]];
      there =
          Math.max(
              there,
              state
                  + complete[((int) state & PRODUCER_MASK) >>> PRODUCER_SHIFT]
                  - complete[column >>> 1]);
    }
    return there;
  }

  private void moreResults(int i, long done, long update) {
    int counts = code.moreCounts[i];
    int from = code.moreFrom[i] + (counts & 0xff);
    int end = from + (counts >>> 8 & 0xff);
    for (; from < end; from++) {
      registers[code.more[from]] = done;
    }
    end += counts >>> 16 & 0xff;
    for (; from < end; from++) {
      registers[code.more[from]] = update;
    }
  }

  private long drained(long at, long now) {
    long done = Math.max(lastDone >> BASE_SHIFT, stores.emptyFrom());
    if (done <= at) {
      return at;
    }
    stall(at, done, now, CycleStack.BARRIER);
    return done;
  }

  private long unitsFree(long at, long now, int units, int others) {
    long free = Math.max(freeFrom(units), freeFrom(others));
    if (free <= at) {
      return at;
    }
    stall(at, free, now, CycleStack.STRUCTURAL);
    return free;
  }

  private long freeFrom(int units) {
    long earliest = NEVER;
    for (int rest = units; rest != 0; rest &= rest - 1) {
      earliest = Math.min(earliest, unitFree[Integer.numberOfTrailingZeros(rest)]);
    }
    return earliest;
  }

  private void keep(int unit, long until) {
    int kept = unit & ~StaticCode.ALWAYS;
    if (kept != 0) {
      busyUnits |= kept;
      unitFree[Integer.numberOfTrailingZeros(kept)] = until;
    }
  }

  private int idleUnits(long at) {
    for (int rest = busyUnits; rest != 0; rest &= rest - 1) {
      if (unitFree[Integer.numberOfTrailingZeros(rest)] <= at) {
        busyUnits &= ~(rest & -rest);
      }
    }
    return allUnits & ~busyUnits;
  }

  private long roomForStore(long at, long now, long word) {
    long free = stores.freeFrom(EventWord.address(word) >>> lineShift, at);
    if (free <= at) {
      return at;
    }
    stall(at, free, now, CycleStack.STORE_BUFFER);
    return free;
  }

  // Memory.

  /// Makes the accesses of an instruction.
  ///
  /// @return by how many cycles its results come later than on hits, times 8, plus the cause of
  ///   waiting for them; 0 if they do not
  private long access(int i, long shape, long at, long[] words, int from, int end) {
    long pc = code.pcs[i];
    boolean loads = (shape & StaticCode.LOADS) != 0;
    long extra = 0;
    int cause = CycleStack.DATA_MISS;
    for (int a = from; a < end; a++) {
      long word = words[a];
      long address = EventWord.address(word);
      boolean store = EventWord.isStore(word);
      long delay = memory.data(pc, address, EventWord.bytes(word), store, at);
      if (store) {
        stores.enter(address >>> lineShift, at, at + delay);
      }
      if (delay > extra && (loads || !store)) {
        extra = delay;
        cause =
            memory.translationCycles() * 2 > delay
                ? CycleStack.DATA_TRANSLATION
                : CycleStack.DATA_MISS;
      }
    }
    if (extra == 0) {
      return 0;
    }
    if (!loads || issueCyclesUnderMiss == NEVER) {
      return extra << 3 | cause;
    }
    freeze(at, extra, cause);
    int kind = (int) shape & StaticCode.CLASS;
    lastDone = Math.max(lastDone, ((at + extra) << BASE_SHIFT) + complete[kind]);
    return 0;
  }

  /// A load that misses reaches the stage where results are written and stops all behind it until
  /// its data come; what issued until then, more loads among it, is held up in the pipeline.
  ///
  /// As everything stands still together, latencies count on as if there had been no miss.
  private void freeze(long at, long extra, int cause) {
    long from = at + issueCyclesUnderMiss;
    long until = from + extra;
    if (freezeFrom >= at) {
      long alone = until - (from - freezeFrom);
      if (alone > freezeUntil) {
        freezeUntil = alone;
        freezeCause = cause;
      }
    } else {
      freezeFrom = from;
      freezeUntil = until;
      freezeCause = cause;
    }
  }
}
