package dev.cairn.profile.flow;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.elf.StubName;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What following control knows of each block, flat: block `id` has row `(id + 1) * 4`, row [#NONE]
/// is no block.
///
/// ```text
/// FLOW    bits 0..31   1 + the function, 0 where no symbol tells, LINKAGE for a stub
///         bits 32..35  how the last instruction goes on, a BranchKind
///         bit  36      the first instruction is a function's first, as a symbol says
///         bit  37      the same, because it was called
///         bits 40..59  1 + the file, 0 for code without one
///         bit  63      what comes next is to be looked at, whatever it is
/// SHAPE   bits 0..31   the upper half of a whole execution's word
///         bits 32..47  bytes of code
/// EFFECT  by how much the block moves the stack pointer
/// PC      of the first instruction
/// ```
///
/// Cost: 32 bytes of heap a block and its place, 8 for each instruction that moves the stack
/// pointer.
final class CodeTable {
  static final int FLOW = 0;
  static final int SHAPE = 1;
  static final int EFFECT = 2;
  static final int PC = 3;
  static final int NONE = 0;
  static final long FUNCTION_MASK = 0xffff_ffffL;
  static final long LOOK = 1L << 63;

  private static final int FIELDS_SHIFT = 2;
  private static final long LINKAGE = FUNCTION_MASK;
  private static final int KIND_SHIFT = 32;
  private static final int KIND_MASK = 0xf;
  private static final long BEGINS = 1L << 36;
  private static final long CALLED = 1L << 37;
  private static final int FILE_SHIFT = 40;
  private static final int FILE_MASK = 0xf_ffff;
  private static final long FILE_BITS = (long) FILE_MASK << FILE_SHIFT;
  private static final int WHOLE_SHIFT = 32;
  private static final int BYTES_SHIFT = 32;
  private static final int BYTES_MASK = 0xffff;
  private static final BranchKind[] KINDS = BranchKind.values();
  private static final int RETURN = number(BranchKind.RETURN);
  private static final int CALL = number(BranchKind.CALL);
  private static final int INDIRECT_JUMP = number(BranchKind.INDIRECT_JUMP);
  private static final int INDIRECT_CALL = number(BranchKind.INDIRECT_CALL);
  private static final String COLD_SUFFIX = ".cold";

  /// An effect in `effects`: the instruction's index above the bytes.
  private static final int INDEX_SHIFT = 48;

  private final Isa isa;
  private final LongFunction<@Nullable CodeLocation> locator;
  private final Functions functions;
  private final Map<String, Integer> files = new HashMap<>();

  /// By block.
  private final List<@Nullable CodeLocation> places = new ArrayList<>();

  /// By row, the function of whose unlikely part a block is one.
  private final Map<Integer, String> coldParts = new HashMap<>();

  private Runnable changing = () -> {};
  private long[] table = new long[1 << 12];
  private int end = 1 << FIELDS_SHIFT;

  /// The effects of block `id` are those from `firstEffect[id]` up to `firstEffect[id + 1]`.
  private int[] firstEffect = new int[1 << 10];

  private long[] effects = new long[1 << 10];

  /// @param locator says where the code at an address of the block comes from that is being defined
  CodeTable(Isa isa, LongFunction<@Nullable CodeLocation> locator, Functions functions) {
    this.isa = isa;
    this.locator = locator;
    this.functions = functions;
    table[NONE + FLOW] = LOOK;
  }

  /// {@return the rows; another array after each definition}
  long[] table() {
    return table;
  }

  /// Says what is to be run before a block turns out to begin a function, so that to go there is
  /// more than to go on.
  void runBeforeChanges(Runnable changing) {
    this.changing = changing;
  }

  /// {@return how many blocks are defined}
  int blocks() {
    return block(end);
  }

  static int row(int block) {
    return (block + 1) << FIELDS_SHIFT;
  }

  static int block(int row) {
    return (row >> FIELDS_SHIFT) - 1;
  }

  FlowBlock define(BlockDefinition block) {
    if (row(block.id()) != end) {
      throw new IllegalStateException("blocks come in order: " + block.id());
    }
    if (end == table.length) {
      table = Arrays.copyOf(table, end * 2);
    }
    int last = block.instructions() - 1;
    int lastBytes = block.sizes()[last];
    long endPc = block.pc() + block.code().length;
    Instruction instruction =
        isa.decode(endPc - lastBytes, block.code(), block.code().length - lastBytes);
    CodeLocation location = locator.apply(block.pc());
    places.add(location);
    long owner = owner(block, location);
    BranchKind kind = instruction.branch();
    boolean look =
        kind.isCall()
            || kind == BranchKind.RETURN
            || owner == LINKAGE
            || (kind == BranchKind.INDIRECT_JUMP && owner == 0);
    table[end + FLOW] =
        owner
            | (long) number(kind) << KIND_SHIFT
            | beginning(block, location, owner)
            | (long) file(location) << FILE_SHIFT
            | (look ? LOOK : 0);
    table[end + SHAPE] =
        EventWord.execution(0, 0, block.instructions()) >>> WHOLE_SHIFT
            | (long) block.code().length << BYTES_SHIFT;
    table[end + EFFECT] = addEffects(block);
    table[end + PC] = block.pc();
    end += 1 << FIELDS_SHIFT;
    int function = owner == LINKAGE ? -1 : (int) owner - 1;
    return new FlowBlock(
        block.id(), block.pc(), endPc, lastBytes, block.instructions(), kind, function, location);
  }

  /// {@return the lowest bits of FLOW}
  private long owner(BlockDefinition block, @Nullable CodeLocation location) {
    String name = location == null ? null : location.function();
    if (isa.isLinkage(block.code()) || (name != null && name.endsWith(StubName.SUFFIX))) {
      return LINKAGE;
    }
    if (location == null || name == null) {
      return 0;
    }
    int cold = name.indexOf(COLD_SUFFIX);
    if (cold > 0) {
      coldParts.put(end, name.substring(0, cold));
      return 0;
    }
    return functions.of(location) + 1L;
  }

  private long beginning(BlockDefinition block, @Nullable CodeLocation location, long owner) {
    if (owner == LINKAGE) {
      return 0;
    }
    if (owner != 0) {
      return location != null && location.functionOffset() == 0 ? BEGINS : 0;
    }
    String file = location == null ? null : location.file();
    int known = functions.at(file, location == null ? block.pc() : location.address());
    return known < 0 ? 0 : CALLED | (known + 1);
  }

  private int file(@Nullable CodeLocation location) {
    if (location == null) {
      return 0;
    }
    return files.computeIfAbsent(location.file(), _ -> files.size() + 1);
  }

  private long addEffects(BlockDefinition block) {
    int id = block.id();
    if (id + 2 > firstEffect.length) {
      firstEffect = Arrays.copyOf(firstEffect, firstEffect.length * 2);
    }
    int size = firstEffect[id];
    long sum = 0;
    int offset = 0;
    for (int i = 0; i < block.instructions(); i++) {
      long effect = isa.stackEffect(block.code(), offset);
      offset += block.sizes()[i];
      if (effect != 0) {
        if (size == effects.length) {
          effects = Arrays.copyOf(effects, size * 2);
        }
        effects[size++] = (long) i << INDEX_SHIFT | (effect & ((1L << INDEX_SHIFT) - 1));
        sum += effect;
      }
    }
    firstEffect[id + 1] = size;
    return sum;
  }

  /// {@return by how much the instructions from `first` up to `until` move the stack pointer}
  long effect(int row, int first, int until) {
    int id = block(row);
    long sum = 0;
    for (int i = firstEffect[id]; i < firstEffect[id + 1]; i++) {
      int index = (int) (effects[i] >>> INDEX_SHIFT);
      if (index >= first && index < until) {
        sum += effects[i] << (Long.SIZE - INDEX_SHIFT) >> (Long.SIZE - INDEX_SHIFT);
      }
    }
    return sum;
  }

  /// {@return whether control can only have gone on in the function that it was in}
  ///
  /// @param flow of the block before
  /// @param next of the block gone to
  static boolean goesOn(long flow, long next) {
    return (((flow ^ next) & FUNCTION_MASK) | (flow & LOOK)) == 0;
  }

  /// {@return whether an indirect jump goes on in the function that it was in, provided that the
  /// stack pointer is below that of the activation's entry}
  static boolean jumpsOn(long flow, long next) {
    return ((flow ^ next) & FILE_BITS) == 0
        && ((flow | next) & FUNCTION_MASK) == 0
        && (flow >>> KIND_SHIFT & KIND_MASK) == INDIRECT_JUMP;
  }

  /// {@return whether an execution of a block is of all its instructions}
  static boolean isWhole(long[] table, int row, long word) {
    return (int) (word >>> WHOLE_SHIFT) == (int) table[row + SHAPE];
  }

  boolean goesOn(int from, int to) {
    return goesOn(table[from + FLOW], table[to + FLOW]);
  }

  boolean jumpsOn(int from, int to) {
    return jumpsOn(table[from + FLOW], table[to + FLOW]);
  }

  boolean isWhole(int row, long word) {
    return isWhole(table, row, word);
  }

  /// {@return how a block's last instruction goes on}
  BranchKind kind(int row) {
    return KINDS[kindNumber(row)];
  }

  private static int number(BranchKind kind) {
    return Arrays.asList(KINDS).indexOf(kind);
  }

  private int kindNumber(int row) {
    return (int) (table[row + FLOW] >>> KIND_SHIFT) & KIND_MASK;
  }

  /// {@return whether a block's last instruction returns}
  boolean returns(int row) {
    return kindNumber(row) == RETURN;
  }

  /// {@return whether a block's last instruction calls}
  boolean calls(int row) {
    int kind = kindNumber(row);
    return kind == CALL || kind == INDIRECT_CALL;
  }

  /// {@return by how much a whole execution moves the stack pointer}
  long effect(int row) {
    return table[row + EFFECT];
  }

  boolean isLinkage(int row) {
    return (int) table[row + FLOW] == (int) LINKAGE;
  }

  /// {@return the function that a block is known to belong to, or -1}
  int function(int row) {
    int owner = (int) table[row + FLOW];
    return owner == (int) LINKAGE ? -1 : owner - 1;
  }

  /// {@return whether a symbol says that a function begins here}
  boolean begins(int row) {
    return (table[row + FLOW] & BEGINS) != 0;
  }

  /// {@return whether a function without a symbol begins here, as a call has shown}
  boolean wasCalled(int row) {
    return (table[row + FLOW] & CALLED) != 0;
  }

  int file(int row) {
    return (int) (table[row + FLOW] >>> FILE_SHIFT) & FILE_MASK;
  }

  long pc(int row) {
    return table[row + PC];
  }

  long endPc(int row) {
    return table[row + PC] + (table[row + SHAPE] >>> BYTES_SHIFT & BYTES_MASK);
  }

  /// {@return the function that is called by going to a block, which may be one without a symbol}
  int called(int row) {
    int known = function(row);
    if (known >= 0) {
      return known;
    }
    CodeLocation location = places.get(block(row));
    int made =
        location == null
            ? functions.of(null, pc(row))
            : functions.of(location.file(), location.address());
    if (!isLinkage(row)) {
      changing.run();
      table[row + FLOW] |= CALLED | (made + 1);
    }
    return made;
  }

  /// {@return the function that a block in the middle of one belongs to, as well as can be told}
  int enclosing(int row) {
    int known = function(row);
    if (known < 0) {
      known = before(row);
    }
    return known >= 0 ? known : called(row);
  }

  /// {@return whether a block is a part of a function, as well as can be told}
  boolean isIn(int row, int function) {
    String parent = coldParts.get(row);
    if (parent != null) {
      CodeLocation location = places.get(block(row));
      Functions.Function whole = functions.get(function);
      return whole.name().equals(parent)
          && location != null
          && Objects.equals(location.file(), whole.file());
    }
    int known = function(row);
    if (known >= 0) {
      return known == function;
    }
    return before(row) == function;
  }

  /// {@return the nearest function without a symbol, or -1}
  private int before(int row) {
    CodeLocation location = places.get(block(row));
    return location == null
        ? functions.before(null, pc(row))
        : functions.before(location.file(), location.address());
  }
}
