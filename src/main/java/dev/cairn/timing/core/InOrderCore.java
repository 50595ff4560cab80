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
/// so the cost is by the instruction. What is fetched, and when, is told in the cycles of issue:
/// the depth of the front end shows only in the penalties.
///
/// A register's state is a long: bits 0..2 why a reader would wait (a [CycleStack] cause), 3..7 the
/// class of the producer, 8 and up the cycle the producer's latency counts from.
///
/// Limits: the right path only; no store-to-load forwarding delay (a load of a line still awaited
/// by a store waits for the line); a load's alignment inside a line costs nothing.
///
/// One thread.
public final class InOrderCore implements CoreModel {
  private static final int PRODUCER_SHIFT = 3;
  private static final int BASE_SHIFT = 8;
  private static final int NO_ACCESS = Integer.MAX_VALUE;
  private static final long NEVER = Long.MAX_VALUE;
  private static final long NOWHERE = -1;
  private static final long UPDATE =
      (long) StaticCode.number(InstructionClass.INTEGER) << PRODUCER_SHIFT;

  private final StaticCode code;
  private final BranchUnit branchUnit;
  private final MemoryHierarchy memory;
  private final StoreBuffer stores;
  private final byte[] latencies;
  private final int[] complete = new int[32];
  private final int width;
  private final int allUnits;
  private final int groupShift;
  private final int lineShift;
  private final int takenBranchCycles;
  private final int misfetchCycles;
  private final int mispredictCycles;
  private final int systemCallCycles;
  private final long issueCyclesUnderMiss;

  private final long[] registers;
  private final long[] unitFree = new long[PipelineConfiguration.MOST_UNITS];
  private final long[] groupEntered;
  private final long[] stalls = new long[CycleStack.CAUSES];

  private long cycle;
  private int slots;
  private int freeUnits;
  private int busyUnits;
  private long lastDone;
  private long freezeFrom;
  private long freezeUntil;
  private int freezeCause;

  private long fetchAsked;
  private long fetchReady;
  private int refillCause;
  private int missCause;
  private long group;
  private long line;
  private int groupSlot;
  private boolean redirected;

  private long countedFrom;
  private long instructions;

  public InOrderCore(
      PipelineConfiguration pipeline, Isa isa, BranchUnit branchUnit, MemoryHierarchy memory) {
    code = new StaticCode(pipeline, isa);
    this.branchUnit = branchUnit;
    this.memory = memory;
    stores = new StoreBuffer(pipeline.storeBufferEntries());
    latencies = StaticCode.latencies(pipeline, memory.dataCycles());
    for (InstructionClass kind : InstructionClass.values()) {
      complete[StaticCode.number(kind)] = StaticCode.latency(pipeline, kind, memory.dataCycles());
    }
    width = pipeline.issueWidth();
    int units = 0;
    for (String unit : pipeline.units().keySet()) {
      units |= code.unitMask(unit);
    }
    allUnits = units;
    groupShift = Integer.numberOfTrailingZeros(pipeline.fetchBytes());
    lineShift = Integer.numberOfTrailingZeros(memory.lineBytes());
    takenBranchCycles = pipeline.takenBranchCycles();
    misfetchCycles = pipeline.misfetchCycles();
    mispredictCycles = pipeline.mispredictCycles();
    systemCallCycles = pipeline.systemCallCycles();
    Integer underMiss = pipeline.issueCyclesUnderMiss();
    issueCyclesUnderMiss = underMiss == null ? NEVER : underMiss;
    registers = new long[isa.registerCount()];
    groupEntered = new long[pipeline.fetchQueueGroups()];
    reset();
  }

  @Override
  public void define(DecodedBlock block) {
    code.define(block);
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
    enter(entry);
    for (int i = entry; i < stop; i++) {
      long shape = code.shapes[i];
      if ((shape & StaticCode.NEW_GROUP) != 0 && i != entry) {
        nextGroup(code.pcs[i] + code.lengths[i] - 1);
      }
      long at = issueCycle(i, shape);
      if (i == accessor) {
        at = roomForStore(at, words[access]);
        at = pastFreeze(at);
        issue(at, shape);
        int from = access;
        do {
          access++;
          accessor = access < endAccess ? start + EventWord.instruction(words[access]) : NO_ACCESS;
        } while (accessor == i);
        access(i, shape, at, words, from, access);
      } else {
        at = pastFreeze(at);
        issue(at, shape);
        finish(i, shape, at, 0, CycleStack.DEPENDENCY);
      }
    }
    instructions += stop - entry;
    leave(execution, stop);
  }

  @Override
  public void warm(Execution execution) {
    int start = code.blockStart[execution.block()];
    int stop = start + execution.end();
    int entry = start + execution.first();
    if (stop > entry) {
      long lastLine = (code.pcs[stop - 1] + code.lengths[stop - 1] - 1) >>> lineShift;
      for (long wanted = code.pcs[entry] >>> lineShift; wanted <= lastLine; wanted++) {
        if (wanted != line) {
          line = wanted;
          memory.warmFetch(wanted << lineShift);
        }
      }
    }
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
    redirected = true;
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
    stores.reset();
    Arrays.fill(registers, 0);
    Arrays.fill(unitFree, 0);
    Arrays.fill(groupEntered, 0);
    cycle = 0;
    slots = 0;
    freeUnits = 0;
    busyUnits = 0;
    lastDone = 0;
    freezeFrom = 0;
    freezeUntil = 0;
    freezeCause = CycleStack.DATA_MISS;
    fetchAsked = 0;
    fetchReady = 0;
    refillCause = CycleStack.STRUCTURAL;
    missCause = CycleStack.FETCH_MISS;
    group = NOWHERE;
    line = NOWHERE;
    groupSlot = 0;
    redirected = true;
    clearCounts();
  }

  // Fetching.

  private void enter(int entry) {
    long pc = code.pcs[entry];
    if (redirected || pc >>> groupShift != group) {
      redirected = false;
      nextGroup(pc);
    }
    long last = pc + code.lengths[entry] - 1;
    if (last >>> groupShift != group) {
      nextGroup(last);
    }
  }

  private void nextGroup(long address) {
    group = address >>> groupShift;
    groupEntered[groupSlot] = cycle;
    groupSlot = groupSlot + 1 == groupEntered.length ? 0 : groupSlot + 1;
    long ready = Math.max(fetchReady + 1, groupEntered[groupSlot]);
    if (ready <= cycle) {
      refillCause = CycleStack.STRUCTURAL;
    }
    fetchAsked = ready;
    if (address >>> lineShift != line) {
      line = address >>> lineShift;
      long extra = memory.fetch(address, ready);
      if (extra > 0) {
        ready += extra;
        missCause =
            memory.translationCycles() * 2 > extra
                ? CycleStack.FETCH_TRANSLATION
                : CycleStack.FETCH_MISS;
      }
    }
    fetchReady = ready;
  }

  private void leave(Execution execution, int stop) {
    BranchKind branch = branch(execution, stop);
    if (branch != BranchKind.NONE) {
      resolve(branch, stop - 1, execution.nextPc());
    }
    if (execution.interrupted()) {
      refetch(cycle + mispredictCycles, CycleStack.BRANCH);
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
      refetch(cycle + systemCallCycles, CycleStack.BARRIER);
      return;
    }
    long pc = code.pcs[index];
    long fallThrough = pc + code.lengths[index];
    switch (branchUnit.resolve(branch, pc, fallThrough, next)) {
      case RIGHT -> {
        if (next != fallThrough) {
          redirect(takenBranchCycles);
        }
      }
      case MISFETCHED -> redirect(misfetchCycles);
      case MISPREDICTED -> refetch(cycle + mispredictCycles, CycleStack.BRANCH);
    }
  }

  private void redirect(int bubble) {
    redirected = true;
    if (bubble > 0) {
      fetchReady += bubble;
      refillCause = CycleStack.BRANCH;
    }
  }

  /// Empties the front end; the next instruction issues at `ready` at the earliest.
  private void refetch(long ready, int cause) {
    redirected = true;
    fetchReady = ready - 1;
    refillCause = cause;
  }

  // Issuing.

  /// Finds the first cycle that suits an instruction, but for stores and for misses under way, and
  /// charges the cycles until then.
  private long issueCycle(int i, long shape) {
    int pairing = (int) (shape >>> StaticCode.PAIRING_SHIFT) & 3;
    int units = (int) (shape >>> StaticCode.UNITS_SHIFT) & StaticCode.UNITS_MASK;
    int others = (int) (shape >>> StaticCode.OTHER_UNITS_SHIFT) & StaticCode.UNITS_MASK;
    boolean joins =
        slots > 0
            && (pairing & 1) == 0
            && (units == 0 || (units & freeUnits) != 0)
            && (others == 0 || (others & freeUnits) != 0);
    long at = joins ? cycle : cycle + 1;
    if (fetchReady > at) {
      at = fetched(at);
    }
    int operands = code.operands[i];
    int register = code.firstRegister[i];
    int column = ((int) shape & StaticCode.CLASS) << 1;
    short[] numbers = code.registers;
    long ready = 0;
    int cause = 0;
    for (int end = register + (operands & 0xff); register < end; register++) {
      long state = registers[numbers[register]];
      long there = (state >>> BASE_SHIFT) + latencies[((int) state & 0xf8) << 3 | column | 1];
      if (there > ready) {
        ready = there;
        cause = (int) state & 7;
      }
    }
    for (int end = register + (operands >>> 8 & 0xff); register < end; register++) {
      long state = registers[numbers[register]];
      long there = (state >>> BASE_SHIFT) + latencies[((int) state & 0xf8) << 3 | column];
      if (there > ready) {
        ready = there;
        cause = (int) state & 7;
      }
    }
    if (ready > at) {
      at = stall(at, ready, cause);
    }
    if (lastDone > at || (shape & StaticCode.DRAINS) != 0) {
      at = afterEarlier(at, shape, register, operands >>> 16 & 0xff);
    }
    if (((units | others) & busyUnits) != 0) {
      at = unitsFree(at, units, others);
    }
    return at;
  }

  private long fetched(long at) {
    long start = fetchAsked > at ? stall(at, fetchAsked, refillCause) : at;
    return fetchReady > start ? stall(start, fetchReady, missCause) : start;
  }

  /// Waits for results still under way where order demands it: all of them for an instruction that
  /// drains, else those that this one's own would overtake on the way to the same register.
  private long afterEarlier(long at, long shape, int firstResult, int results) {
    long start = at;
    if ((shape & StaticCode.DRAINS) != 0) {
      long done = Math.max(lastDone, stores.emptyFrom());
      return done > start ? stall(start, done, CycleStack.BARRIER) : start;
    }
    int own = complete[(int) shape & StaticCode.CLASS];
    for (int i = firstResult; i < firstResult + results; i++) {
      long state = registers[code.registers[i]];
      long done =
          (state >>> BASE_SHIFT) + complete[(int) state >>> PRODUCER_SHIFT & StaticCode.CLASS];
      if (done - own > start) {
        start = stall(start, done - own, (int) state & 7);
      }
    }
    return start;
  }

  private long unitsFree(long at, int units, int others) {
    long free = Math.max(freeFrom(units), freeFrom(others));
    return free > at ? stall(at, free, CycleStack.STRUCTURAL) : at;
  }

  private long freeFrom(int units) {
    long earliest = units == 0 ? 0 : NEVER;
    for (int rest = units; rest != 0; rest &= rest - 1) {
      earliest = Math.min(earliest, unitFree[Integer.numberOfTrailingZeros(rest)]);
    }
    return earliest;
  }

  private long roomForStore(long at, long word) {
    if (!EventWord.isStore(word)) {
      return at;
    }
    long free = stores.freeFrom(EventWord.address(word) >>> lineShift, at);
    return free > at ? stall(at, free, CycleStack.STORE_BUFFER) : at;
  }

  private long pastFreeze(long at) {
    return at < freezeUntil && at >= freezeFrom ? stall(at, freezeUntil, freezeCause) : at;
  }

  /// Moves a cycle of issue back and charges the cycles in which nothing issues for it.
  private long stall(long at, long until, int cause) {
    stalls[cause] += until - Math.max(at, cycle + 1);
    return until;
  }

  private void issue(long at, long shape) {
    if (at > cycle) {
      cycle = at;
      slots = width;
      freeUnits = busyUnits == 0 ? allUnits : idleUnits(at);
    }
    int pairing = (int) (shape >>> StaticCode.PAIRING_SHIFT) & 3;
    slots = pairing >= 2 ? 0 : slots - 1;
    int interval = (int) (shape >>> StaticCode.INTERVAL_SHIFT) & 0xff;
    take((int) (shape >>> StaticCode.UNITS_SHIFT) & StaticCode.UNITS_MASK, interval);
    take((int) (shape >>> StaticCode.OTHER_UNITS_SHIFT) & StaticCode.UNITS_MASK, interval);
  }

  private void take(int units, int interval) {
    int unit = units & freeUnits;
    unit &= -unit;
    freeUnits &= ~unit;
    if (interval > 1 && unit != 0) {
      busyUnits |= unit;
      unitFree[Integer.numberOfTrailingZeros(unit)] = cycle + interval;
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

  // Executing.

  private void access(int i, long shape, long at, long[] words, int from, int end) {
    long pc = code.pcs[i];
    long extra = 0;
    int cause = CycleStack.LOAD_USE;
    for (int a = from; a < end; a++) {
      long word = words[a];
      long address = EventWord.address(word);
      boolean store = EventWord.isStore(word);
      long delay = memory.data(pc, address, EventWord.bytes(word), store, at);
      if (store) {
        stores.enter(address >>> lineShift, at, at + delay);
      }
      if (delay > extra && !(store && (shape & StaticCode.LOADS) == 0)) {
        extra = delay;
        cause =
            memory.translationCycles() * 2 > delay
                ? CycleStack.DATA_TRANSLATION
                : CycleStack.DATA_MISS;
      }
    }
    if ((shape & StaticCode.LOADS) == 0) {
      cause = CycleStack.DEPENDENCY;
    } else if (extra > 0 && issueCyclesUnderMiss != NEVER) {
      freeze(at, extra, cause);
      lastDone = Math.max(lastDone, at + extra + complete[(int) shape & StaticCode.CLASS]);
      extra = 0;
      cause = CycleStack.LOAD_USE;
    }
    finish(i, shape, at, extra, cause);
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

  private void finish(int i, long shape, long at, long extra, int cause) {
    int operands = code.operands[i];
    int register = code.firstRegister[i] + (operands & 0xff) + (operands >>> 8 & 0xff);
    int kind = (int) shape & StaticCode.CLASS;
    int interval = (int) (shape >>> StaticCode.INTERVAL_SHIFT) & 0xff;
    long base = at + extra;
    if ((shape & StaticCode.LOADS) != 0) {
      base += interval - 1;
    }
    long state = base << BASE_SHIFT | (long) kind << PRODUCER_SHIFT | cause;
    short[] numbers = code.registers;
    for (int end = register + (operands >>> 16 & 0xff); register < end; register++) {
      registers[numbers[register]] = state;
    }
    lastDone = Math.max(lastDone, base + complete[kind]);
    if (operands >>> 24 != 0) {
      long update = at << BASE_SHIFT | UPDATE;
      for (int end = register + (operands >>> 24); register < end; register++) {
        registers[numbers[register]] = update;
      }
    }
  }
}
