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
/// A block that the pipeline met before, standing in the same way, is not issued again: its
/// [Schedule] is followed, as long as neither code nor data keep it waiting.
///
/// Limits: the right path only; no store-to-load forwarding delay (a load of a line still awaited
/// by a store waits for the line); a load's alignment inside a line costs nothing.
///
/// One thread.
public final class InOrderCore implements CoreModel {
  private static final int PRODUCER_SHIFT = StaticCode.PRODUCER_SHIFT;
  private static final int PRODUCER_MASK = StaticCode.PRODUCER_MASK;
  private static final int BASE_SHIFT = StaticCode.TIME_SHIFT;
  private static final int NO_ACCESS = Integer.MAX_VALUE;
  private static final int REMEMBERED = ScheduleTable.MAX_LENGTH - 1;
  private static final int NOTHING_HELD = -1;
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
  private final int lineShift;
  private final int takenBranchCycles;
  private final int misfetchCycles;
  private final int mispredictCycles;
  private final int systemCallCycles;
  private final boolean freezes;
  private final MissFreeze freeze;

  private final PipelineState pipeline;

  private final ScheduleTable schedules;
  private boolean heldUp;
  private int accessesMade;
  private long delayMet;

  private long countedFrom;
  private long instructions;

  /// @param branchUnit is used by this core only, as is `memory`
  public InOrderCore(
      PipelineConfiguration configuration, Isa isa, BranchUnit branchUnit, MemoryHierarchy memory) {
    code = new StaticCode(configuration, isa);
    this.branchUnit = branchUnit;
    this.memory = memory;
    front = new FrontEnd(configuration, memory);
    warming = new MemoryWarming(code, memory, front);
    stores = new StoreBuffer(configuration.storeBufferEntries());
    latencies = StaticCode.latencies(configuration, memory.dataCycles());
    for (InstructionClass kind : InstructionClass.values()) {
      complete[StaticCode.number(kind)] =
          StaticCode.latency(configuration, kind, memory.dataCycles()) << BASE_SHIFT;
    }
    schedules = new ScheduleTable(code, complete);
    width = configuration.issueWidth();
    lineShift = Integer.numberOfTrailingZeros(memory.lineBytes());
    takenBranchCycles = configuration.takenBranchCycles();
    misfetchCycles = configuration.misfetchCycles();
    mispredictCycles = configuration.mispredictCycles();
    systemCallCycles = configuration.systemCallCycles();
    Integer underMiss = configuration.issueCyclesUnderMiss();
    freezes = underMiss != null;
    freeze = new MissFreeze(underMiss == null ? 0 : underMiss);
    pipeline = new PipelineState(code);
    reset();
  }

  @Override
  public void define(DecodedBlock block) {
    code.define(block);
    warming.define(block.definition().id());
    schedules.define(block.definition().id());
  }

  @Override
  public void execute(Execution execution) {
    int block = execution.block();
    int start = code.blockStart[block];
    int entry = start + execution.first();
    int stop = start + execution.end();
    front.enter(code.pcs[entry], code.lastByte(entry), pipeline.cycle);
    if (front.ready() > pipeline.cycle) {
      // However much room there is, the first instruction comes to an empty cycle.
      pipeline.cycle = fetched(pipeline.cycle, pipeline.cycle) - 1;
      pipeline.slots = 0;
    }
    accessesMade = execution.firstAccess();
    delayMet = 0;
    boolean whole = entry == start && stop == code.blockEnd[block];
    if (!whole || !schedules.look(block, pipeline, freeze.ahead(pipeline.cycle))) {
      issue(execution, entry);
    } else {
      Schedule schedule = schedules.found();
      if (schedule == null) {
        issueAndRemember(execution, entry);
      } else {
        int held = follow(schedule, execution, start);
        if (held != NOTHING_HELD) {
          issue(execution, start + held);
        }
      }
    }
    instructions += stop - entry;
    leave(execution, stop);
  }

  /// Issues instructions one by one, from the first of an execution on.
  ///
  /// @param entered index of the last instruction that the front end has gone on to; none before it
  ///   has to wait for being fetched
  private void issue(Execution execution, int entered) {
    int start = code.blockStart[execution.block()];
    int entry = start + execution.first();
    int stop = start + execution.end();
    long[] words = execution.words();
    int access = execution.firstAccess();
    int endAccess = execution.endAccess();
    int accessor = access < endAccess ? start + EventWord.instruction(words[access]) : NO_ACCESS;
    long[] shapes = code.shapes;
    long[] operands = code.operands;
    long[] issued = schedules.issued;
    long[] fetched = schedules.fetched;
    IssueUnits units = pipeline.units;
    long[] state = pipeline.registers;
    int absent = state.length - 1;
    long now = pipeline.cycle;
    int left = pipeline.slots;
    int free = pipeline.freeUnits;
    for (int i = entry; i < stop; i++) {
      long shape = shapes[i];
      if ((shape & StaticCode.NEW_GROUP) != 0 && i > entered) {
        front.nextGroup(code.lastByte(i), now);
      }
      int kind = (int) shape & StaticCode.CLASS;
      int some = (int) (shape >>> StaticCode.UNITS_SHIFT) & StaticCode.UNITS_MASK;
      int others = (int) (shape >>> StaticCode.OTHER_UNITS_SHIFT) & StaticCode.UNITS_MASK;
      int apart =
          (left - 1) >>> 31
              | ((some & free) - 1) >>> 31
              | ((others & free) - 1) >>> 31
              | ((int) (shape >>> StaticCode.NOT_JOINING_SHIFT) & 1);
      long at = now + apart;
      fetched[i - entry & REMEMBERED] = at;
      if (front.ready() > at && i >= entered) {
        at = fetched(at, now);
      }
      // Operands, and the write that this one's must not overtake.
      long named = operands[i];
      int column = kind << 1;
      int first = StaticCode.firstSource(named);
      int second = StaticCode.secondSource(named);
      int result = StaticCode.result(named);
      long a = state[first >>> 1];
      long b = state[second >>> 1];
      long before = state[result];
      long there =
          Math.max(
              a + latencies[((int) a & PRODUCER_MASK) << 3 | column | (first & 1)],
              b + latencies[((int) b & PRODUCER_MASK) << 3 | column | (second & 1)]);
      there = Math.max(there, before + complete[StaticCode.producer(before)] - complete[kind]);
      if (StaticCode.hasMore(named)) {
        there = Math.max(there, moreOperands(i, column));
      }
      if (there >> BASE_SHIFT > at) {
        stall(at, there >> BASE_SHIFT, now, (int) there & 7);
        at = there >> BASE_SHIFT;
      }
      if ((shape & StaticCode.DRAINS) != 0) {
        at = drained(at, now);
      }
      if (((some | others) & units.busy()) != 0) {
        at = unitsFree(at, now, some, others);
      }
      if (i == accessor && EventWord.isStore(words[access]) && access >= accessesMade) {
        at = roomForStore(at, now, words[access]);
      }
      if (freeze.holds(at)) {
        stall(at, freeze.until(), now, freeze.cause());
        at = freeze.until();
      }
      // Issue.
      issued[i - entry & REMEMBERED] = at;
      if (at > now) {
        now = at;
        left = width;
        free = units.idle(at);
      }
      left = (shape & StaticCode.CLOSES) != 0 ? 0 : left - 1;
      int interval = (int) (shape >>> StaticCode.INTERVAL_SHIFT) & 0xff;
      int unit = Integer.lowestOneBit(some & free);
      int other = Integer.lowestOneBit(others & free);
      free &= ~(unit | other) | StaticCode.ALWAYS;
      if (interval > 1) {
        units.keep(unit, now + interval);
        units.keep(other, now + interval);
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
      pipeline.lastDone = Math.max(pipeline.lastDone, done + complete[kind]);
      if (StaticCode.hasMore(named)) {
        moreResults(i, done, at << BASE_SHIFT | UPDATE);
      }
    }
    pipeline.cycle = now;
    pipeline.slots = left;
    pipeline.freeUnits = free;
  }

  /// Does what [#issue] does to a whole block, and has it remembered if nothing came from outside.
  private void issueAndRemember(Execution execution, int entry) {
    schedules.begin(pipeline);
    heldUp = false;
    issue(execution, entry);
    schedules.end(execution.block(), pipeline, !heldUp);
  }

  /// Does what a schedule says, unless something from outside holds it up; then nothing is done but
  /// what the front end went on to and the accesses up to that.
  ///
  /// @return [#NOTHING_HELD], or the last instruction that the front end has gone on to
  private int follow(Schedule schedule, Execution execution, int start) {
    long now = pipeline.cycle;
    long[] words = execution.words();
    int access = execution.firstAccess();
    int endAccess = execution.endAccess();
    int entered = 0;
    short[] groups = schedules.groups(execution.block());
    for (int next = 0; next <= groups.length; next++) {
      int until = next < groups.length ? groups[next] : NO_ACCESS;
      for (; access < endAccess && EventWord.instruction(words[access]) < until; access++) {
        if (isHeldUp(start, schedule, words, access, execution.firstAccess())) {
          return entered;
        }
      }
      if (next < groups.length) {
        entered = until;
        front.nextGroup(code.lastByte(start + until), now + schedule.issue(until - 1));
        if (front.ready() > now + schedule.fetch(until)) {
          accessesMade = access;
          return entered;
        }
      }
    }
    schedules.apply(execution.block(), schedule, pipeline);
    return NOTHING_HELD;
  }

  /// Makes an access in the cycle in which its instruction is to issue, and says whether the
  /// instruction or its results have to wait.
  ///
  /// A store has to find room before anything else makes it wait, or it counts as held up: what a
  /// cycle is charged to depends on which came first.
  private boolean isHeldUp(
      int start, Schedule schedule, long[] words, int access, int firstAccess) {
    long word = words[access];
    int instruction = EventWord.instruction(word);
    long address = EventWord.address(word);
    boolean store = EventWord.isStore(word);
    long at = pipeline.cycle + schedule.issue(instruction);
    if (store
        && (access == firstAccess || EventWord.instruction(words[access - 1]) != instruction)) {
      long earliest = pipeline.cycle + schedule.fetch(instruction);
      if (stores.freeFrom(address >>> lineShift, earliest) > earliest) {
        accessesMade = access;
        return true;
      }
    }
    long delay =
        memory.data(code.pcs[start + instruction], address, EventWord.bytes(word), store, at);
    if (store) {
      stores.enter(address >>> lineShift, at, at + delay);
      if ((code.shapes[start + instruction] & StaticCode.LOADS) == 0) {
        return false;
      }
    }
    if (delay > 0) {
      accessesMade = access + 1;
      delayMet = delay;
      return true;
    }
    return false;
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
    countedFrom = pipeline.cycle;
    instructions = 0;
    Arrays.fill(pipeline.stalls, 0);
    branchUnit.clearCounts();
    memory.clearCounts();
  }

  @Override
  public CoreCounts counts() {
    long cycles = pipeline.cycle - countedFrom;
    return new CoreCounts(
        instructions,
        cycles,
        CycleStack.of(cycles, pipeline.stalls),
        branchUnit.counts(),
        memory.counts());
  }

  @Override
  public void reset() {
    branchUnit.reset();
    memory.reset();
    front.reset();
    stores.reset();
    pipeline.reset();
    freeze.reset();
    clearCounts();
  }

  // Branches.

  private void leave(Execution execution, int stop) {
    BranchKind branch = branch(execution, stop);
    if (branch != BranchKind.NONE) {
      resolve(branch, stop - 1, execution.nextPc());
    }
    if (execution.interrupted()) {
      front.refill(pipeline.cycle + mispredictCycles, CycleStack.BRANCH);
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
      front.refill(pipeline.cycle + systemCallCycles, CycleStack.BARRIER);
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
      case MISPREDICTED -> front.refill(pipeline.cycle + mispredictCycles, CycleStack.BRANCH);
    }
  }

  // What keeps an instruction from issuing. Each takes the cycle reached so far and that of the
  // last
  // issue, charges the wait and gives the cycle reached then.

  /// Charges the cycles from `at` to `until` in which nothing issues.
  private void stall(long at, long until, long now, int cause) {
    pipeline.stalls[cause] += until - Math.max(at, now + 1);
  }

  private long fetched(long at, long now) {
    heldUp = true;
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
      long state = pipeline.registers[source >>> 1];
      there =
          Math.max(
              there, state + latencies[((int) state & PRODUCER_MASK) << 3 | column | (source & 1)]);
    }
    end += counts >>> 8 & 0xff;
    for (; from < end; from++) {
      long state = pipeline.registers[code.more[from]];
      there =
          Math.max(there, state + complete[StaticCode.producer(state)] - complete[column >>> 1]);
    }
    return there;
  }

  private void moreResults(int i, long done, long update) {
    int counts = code.moreCounts[i];
    int from = code.moreFrom[i] + (counts & 0xff);
    int end = from + (counts >>> 8 & 0xff);
    for (; from < end; from++) {
      pipeline.registers[code.more[from]] = done;
    }
    end += counts >>> 16 & 0xff;
    for (; from < end; from++) {
      pipeline.registers[code.more[from]] = update;
    }
  }

  private long drained(long at, long now) {
    long done = Math.max(pipeline.lastDone >> BASE_SHIFT, stores.emptyFrom());
    if (done <= at) {
      return at;
    }
    stall(at, done, now, CycleStack.BARRIER);
    return done;
  }

  private long unitsFree(long at, long now, int some, int others) {
    long free = Math.max(pipeline.units.firstFree(some), pipeline.units.firstFree(others));
    if (free <= at) {
      return at;
    }
    stall(at, free, now, CycleStack.STRUCTURAL);
    return free;
  }

  private long roomForStore(long at, long now, long word) {
    long free = stores.freeFrom(EventWord.address(word) >>> lineShift, at);
    if (free <= at) {
      return at;
    }
    heldUp = true;
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
      boolean store = EventWord.isStore(word);
      long delay = a < accessesMade ? madeBefore(a) : access(pc, word, store, at);
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
    heldUp = true;
    if (!loads || !freezes) {
      return extra << 3 | cause;
    }
    freeze.miss(at, extra, cause);
    int kind = (int) shape & StaticCode.CLASS;
    pipeline.lastDone = Math.max(pipeline.lastDone, ((at + extra) << BASE_SHIFT) + complete[kind]);
    return 0;
  }

  private long access(long pc, long word, boolean store, long at) {
    long address = EventWord.address(word);
    long delay = memory.data(pc, address, EventWord.bytes(word), store, at);
    if (store) {
      stores.enter(address >>> lineShift, at, at + delay);
    }
    return delay;
  }

  /// {@return the delay of an access that was made when a schedule was followed}
  private long madeBefore(int access) {
    return access == accessesMade - 1 ? delayMet : 0;
  }
}
