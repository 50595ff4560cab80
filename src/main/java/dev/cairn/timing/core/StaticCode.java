package dev.cairn.timing.core;

import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.InstructionClass;
import dev.cairn.program.isa.Isa;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Everything about the instructions of all blocks that does not change from one execution to the
/// next, in flat arrays by an instruction's index.
///
/// An instruction's shape is a long:
///
/// ```text
/// bits  0..4   its class
/// bit   5      its last byte lies in another fetch group than that of the instruction before
/// bit   6      waits until everything before it is done
/// bit   7      its loads feed registers
/// bit   8      cannot join others in a cycle
/// bit   9      none can join it
/// bits 16..23  cycles for which it keeps its units
/// bits 24..39  units of which it needs one
/// bits 40..55  units of which it needs another one
/// ```
///
/// Its operands are a long: bits 0..15 and 16..31 the first two sources, each as twice the
/// register's number plus 1 if it forms an address, 32..47 the result, and the sign if there are
/// more. What is not there is the register behind the last one, whose state is always 0. Those
/// beyond stand in `more` from `moreFrom` on; `moreCounts` has, from the lowest byte on, how many
/// are sources, results, and base registers that the instruction moves on.
final class StaticCode {
  static final int CLASS = 0x1f;
  static final int NEW_GROUP = 1 << 5;
  static final int DRAINS = 1 << 6;
  static final int LOADS = 1 << 7;
  static final int NOT_JOINING_SHIFT = 8;
  static final int CLOSES = 1 << 9;
  static final int INTERVAL_SHIFT = 16;
  static final int UNITS_SHIFT = 24;
  static final int OTHER_UNITS_SHIFT = 40;
  static final int UNITS_MASK = 0xffff;
  static final int UNIT_BITS = 16;

  /// The unit of instructions that need none: never taken.
  static final int ALWAYS = 1 << (UNIT_BITS - 1);

  private static final int OPERAND = 0xffff;
  private static final int SECOND_SHIFT = 16;
  private static final int RESULT_SHIFT = 32;
  private static final long MORE = 1L << 63;

  /// By how much times are shifted in latencies, as in the states of registers.
  static final int TIME_SHIFT = 8;

  /// Where a register's state has the class of its producer.
  static final int PRODUCER_SHIFT = 3;

  static final int PRODUCER_MASK = 0xf8;

  private final PipelineConfiguration pipeline;
  private final Isa isa;
  private final Map<String, Integer> unitMasks = new HashMap<>();
  private final int groupShift;
  private int size;
  private int moreSize;

  long[] shapes = new long[4096];
  long[] operands = new long[4096];
  int[] moreFrom = new int[4096];
  int[] moreCounts = new int[4096];
  long[] pcs = new long[4096];
  byte[] lengths = new byte[4096];
  short[] more = new short[4096];
  private int blocks;
  int[] blockStart = new int[1024];
  int[] blockEnd = new int[1024];
  BranchKind[] branches = new BranchKind[1024];

  StaticCode(PipelineConfiguration pipeline, Isa isa) {
    this.pipeline = pipeline;
    this.isa = isa;
    groupShift = Integer.numberOfTrailingZeros(pipeline.fetchBytes());
    int next = 0;
    for (String unit : pipeline.units().keySet().stream().sorted().toList()) {
      int count = pipeline.units().getOrDefault(unit, 0);
      unitMasks.put(unit, ((1 << count) - 1) << next);
      next += count;
    }
  }

  void define(DecodedBlock block) {
    int id = block.definition().id();
    if (id != blocks) {
      throw new IllegalArgumentException("block ids must be dense, expected " + blocks + ": " + id);
    }
    if (blocks == blockStart.length) {
      blockStart = Arrays.copyOf(blockStart, blocks * 2);
      blockEnd = Arrays.copyOf(blockEnd, blocks * 2);
      branches = Arrays.copyOf(branches, blocks * 2);
    }
    blockStart[blocks] = size;
    for (int i = 0; i < block.length(); i++) {
      add(block.instructions()[i], block.addresses()[i], i == 0);
    }
    blockEnd[blocks] = size;
    branches[blocks++] = block.length() == 0 ? BranchKind.NONE : block.last().branch();
  }

  /// {@return the number of a class in shapes and register states}
  @SuppressWarnings("EnumOrdinal")
  static int number(InstructionClass kind) {
    return kind.ordinal();
  }

  /// {@return the number of the class that made a register what its state says}
  static int producer(long state) {
    return ((int) state & PRODUCER_MASK) >>> PRODUCER_SHIFT;
  }

  /// {@return the first source that operands name, twice its number plus 1 if it forms an address}
  static int firstSource(long operands) {
    return (int) operands & OPERAND;
  }

  /// {@return the second source, likewise}
  static int secondSource(long operands) {
    return (int) (operands >>> SECOND_SHIFT) & OPERAND;
  }

  /// {@return the number of the register that they name as the result}
  static int result(long operands) {
    return (int) (operands >>> RESULT_SHIFT) & OPERAND;
  }

  /// {@return whether there are more operands than these}
  static boolean hasMore(long operands) {
    return operands < 0;
  }

  /// {@return a rule of pairing as two bits: 1 it cannot join others, 2 none can join it}
  private static int place(Pairing pairing) {
    return switch (pairing) {
      case ANY -> 0;
      case FIRST -> 1;
      case LAST -> 2;
      case ALONE -> 3;
    };
  }

  /// {@return the address of an instruction's last byte}
  long lastByte(int index) {
    return pcs[index] + lengths[index] - 1;
  }

  /// {@return how many registers there are, that of absent operands included}
  int registerCount() {
    return isa.registerCount() + 1;
  }

  /// {@return all units, as bits}
  int allUnits() {
    int all = ALWAYS;
    for (int mask : unitMasks.values()) {
      all |= mask;
    }
    return all;
  }

  private int unitMask(String unit) {
    return unitMasks.getOrDefault(unit, 0);
  }

  private void add(Instruction instruction, long pc, boolean first) {
    if (size == shapes.length) {
      int capacity = size * 2;
      shapes = Arrays.copyOf(shapes, capacity);
      operands = Arrays.copyOf(operands, capacity);
      moreFrom = Arrays.copyOf(moreFrom, capacity);
      moreCounts = Arrays.copyOf(moreCounts, capacity);
      pcs = Arrays.copyOf(pcs, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
    }
    pcs[size] = pc;
    lengths[size] = (byte) instruction.size();
    shapes[size] = shape(instruction, first || sameGroup(pc, instruction.size()) ? 0 : NEW_GROUP);
    moreFrom[size] = moreSize;
    operands[size] = operands(instruction);
    size++;
  }

  private boolean sameGroup(long pc, int length) {
    long before = pcs[size - 1] + lengths[size - 1] - 1;
    return before >>> groupShift == (pc + length - 1) >>> groupShift;
  }

  private long shape(Instruction instruction, int flags) {
    ClassConfiguration kind = pipeline.of(instruction.kind());
    int interval = kind.intervalCycles();
    interval = Math.max(interval, ceil(instruction.loadBytes(), pipeline.loadBytesPerCycle()));
    interval = Math.max(interval, ceil(instruction.storeBytes(), pipeline.storeBytesPerCycle()));
    Pairing pairing = kind.pairing();
    if (interval > kind.intervalCycles() && pairing == Pairing.ANY) {
      pairing = Pairing.FIRST;
    }
    long units = kind.units().isEmpty() ? ALWAYS : unitMask(kind.units().get(0));
    long others = kind.units().size() < 2 ? ALWAYS : unitMask(kind.units().get(1));
    return number(instruction.kind())
        | flags
        | (kind.drains() ? DRAINS : 0)
        | (instruction.loads() ? LOADS : 0)
        | place(pairing) << NOT_JOINING_SHIFT
        | (long) Math.min(interval, 255) << INTERVAL_SHIFT
        | units << UNITS_SHIFT
        | others << OTHER_UNITS_SHIFT;
  }

  private long operands(Instruction instruction) {
    int absent = isa.registerCount();
    int first = absent << 1;
    int second = absent << 1;
    int sources = 0;
    for (int i = 0; i < instruction.sources().length; i++) {
      int register = instruction.sources()[i];
      int source = register << 1 | (contains(instruction.addressSources(), register) ? 1 : 0);
      switch (i) {
        case 0 -> first = source;
        case 1 -> second = source;
        default -> sources += put(source);
      }
    }
    int result = absent;
    int results = 0;
    for (int register : instruction.destinations()) {
      if (register != instruction.baseUpdate()) {
        if (result == absent) {
          result = register;
        } else {
          results += put(register);
        }
      }
    }
    int updates =
        instruction.baseUpdate() == Instruction.NO_REGISTER ? 0 : put(instruction.baseUpdate());
    moreCounts[size] = updates << 16 | results << 8 | sources;
    return (moreCounts[size] == 0 ? 0 : MORE)
        | (long) result << RESULT_SHIFT
        | (long) second << SECOND_SHIFT
        | first;
  }

  private int put(int register) {
    if (moreSize == more.length) {
      more = Arrays.copyOf(more, moreSize * 2);
    }
    more[moreSize++] = (short) register;
    return 1;
  }

  private static boolean contains(int[] registers, int register) {
    for (int candidate : registers) {
      if (candidate == register) {
        return true;
      }
    }
    return false;
  }

  private static int ceil(int bytes, int perCycle) {
    return (bytes + perCycle - 1) / perCycle;
  }

  /// {@return the latencies by producer and consumer, shifted: index `producer << 6 | consumer << 1
  /// | isAddress`}
  static int[] latencies(PipelineConfiguration pipeline, int dataCacheCycles) {
    InstructionClass[] classes = InstructionClass.values();
    int[] latencies = new int[32 * 64];
    for (InstructionClass from : classes) {
      int full = latency(pipeline, from, dataCacheCycles);
      for (InstructionClass to : classes) {
        for (int address = 0; address < 2; address++) {
          int saved = saved(pipeline, from, to, address == 1);
          latencies[number(from) << 6 | number(to) << 1 | address] =
              Math.max(0, full - saved) << TIME_SHIFT;
        }
      }
    }
    return latencies;
  }

  /// {@return cycles until a result of a class is complete}
  static int latency(PipelineConfiguration pipeline, InstructionClass kind, int dataCacheCycles) {
    boolean reads = kind == InstructionClass.LOAD || kind == InstructionClass.ATOMIC;
    return pipeline.of(kind).latencyCycles() + (reads ? dataCacheCycles : 0);
  }

  private static int saved(
      PipelineConfiguration pipeline, InstructionClass from, InstructionClass to, boolean address) {
    int most = 0;
    for (Forwarding path : pipeline.forwarding()) {
      boolean fits =
          switch (path.operand()) {
            case ANY -> true;
            case ADDRESS -> address;
            case DATA -> !address;
          };
      if (fits && path.from().contains(from) && path.to().contains(to)) {
        most = Math.max(most, path.savesCycles());
      }
    }
    return most;
  }
}
