package dev.cairn.memory.locality;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What each instruction's accesses look like, in arrays by its place: instructions of all blocks
/// are numbered in the order in which they were defined.
///
/// Majorities are found by votes: a value that comes again adds one, another takes one off, and at
/// none the next value leads (Boyer and Moore, 1981).
final class PatternTable {
  private static final int FEW = 8;

  private final Isa isa;
  private final LongFunction<@Nullable CodeLocation> locator;
  private final int lineBytes;
  private final List<@Nullable CodeLocation> locations = new ArrayList<>();
  private int size;
  private long[] pcs = {};
  private boolean[] chases = {};
  private long[] accesses = {};
  private long[] stores = {};
  private long[] last = {};
  private long[] lastStride = {};
  private long[] stride = {};
  private long[] strideVotes = {};
  private long[] steady = {};
  private long[] same = {};
  private long[] lowest = {};
  private long[] highest = {};
  private long[] others = {};
  private long[] shared = {};
  private int[] partner = {};
  private long[] partnerVotes = {};

  /// By block: the place of its first instruction.
  private int[] firsts = new int[1024];

  PatternTable(Isa isa, LongFunction<@Nullable CodeLocation> locator, int lineBytes) {
    this.isa = isa;
    this.locator = locator;
    this.lineBytes = lineBytes;
  }

  void define(BlockDefinition definition) {
    DecodedBlock block = DecodedBlock.of(definition, isa);
    if (definition.id() >= firsts.length) {
      firsts = Arrays.copyOf(firsts, firsts.length * 2);
    }
    firsts[definition.id()] = size;
    grow(size + block.length());
    for (int i = 0; i < block.length(); i++) {
      Instruction instruction = block.instructions()[i];
      boolean accesses = instruction.loads() || instruction.stores();
      locations.add(accesses || i == 0 ? locator.apply(block.addresses()[i]) : locations.getLast());
      pcs[size] = block.addresses()[i];
      chases[size] = instruction.loads() && isChase(block, i);
      size++;
    }
  }

  private void grow(int least) {
    if (least <= pcs.length) {
      return;
    }
    int length = Math.max(least, Math.max(1 << 12, pcs.length * 2));
    pcs = Arrays.copyOf(pcs, length);
    chases = Arrays.copyOf(chases, length);
    accesses = Arrays.copyOf(accesses, length);
    stores = Arrays.copyOf(stores, length);
    last = Arrays.copyOf(last, length);
    lastStride = Arrays.copyOf(lastStride, length);
    stride = Arrays.copyOf(stride, length);
    strideVotes = Arrays.copyOf(strideVotes, length);
    steady = Arrays.copyOf(steady, length);
    same = Arrays.copyOf(same, length);
    lowest = Arrays.copyOf(lowest, length);
    highest = Arrays.copyOf(highest, length);
    others = Arrays.copyOf(others, length);
    shared = Arrays.copyOf(shared, length);
    partner = Arrays.copyOf(partner, length);
    partnerVotes = Arrays.copyOf(partnerVotes, length);
  }

  /// {@return whether a load's address was loaded: by the last instruction before it in its block
  /// that writes a register of the address, or, in a block that goes back to itself, before it in
  /// the round}
  private static boolean isChase(DecodedBlock block, int load) {
    for (int register : block.instructions()[load].addressSources()) {
      boolean circle = block.last().target() == block.definition().pc();
      int steps = circle ? block.length() : load;
      for (int back = 1; back <= steps; back++) {
        int index = Math.floorMod(load - back, block.length());
        Instruction writer = block.instructions()[index];
        if (Arrays.binarySearch(writer.destinations(), register) >= 0) {
          if (writer.loads() && writer.baseUpdate() != register) {
            return true;
          }
          break;
        }
      }
    }
    return false;
  }

  int first(int block) {
    return firsts[block];
  }

  /// Takes an access of an instruction.
  void access(int place, long address, boolean store) {
    long count = accesses[place]++;
    stores[place] += store ? 1 : 0;
    if (count == 0) {
      lowest[place] = address;
      highest[place] = address;
      last[place] = address;
      return;
    }
    long step = address - last[place];
    last[place] = address;
    lowest[place] = Math.min(lowest[place], address);
    highest[place] = Math.max(highest[place], address);
    same[place] += step == 0 ? 1 : 0;
    steady[place] += count > 1 && step == lastStride[place] ? 1 : 0;
    lastStride[place] = step;
    if (step == stride[place]) {
      strideVotes[place]++;
    } else if (strideVotes[place] == 0) {
      stride[place] = step;
      strideVotes[place] = 1;
    } else {
      strideVotes[place]--;
    }
  }

  /// {@return whether two places are of one instruction, in two blocks}
  boolean areOne(int place, int other) {
    return pcs[place] == pcs[other];
  }

  /// Learns that a line of an access was accessed last by another instruction.
  void follows(int place, int other) {
    others[place]++;
    if (partnerVotes[place] > 0 && partner[place] == other) {
      partnerVotes[place]++;
    } else if (partnerVotes[place] == 0) {
      partner[place] = other;
      partnerVotes[place] = 1;
    } else {
      partnerVotes[place]--;
    }
  }

  /// Learns that a line of an access was accessed last by another thread.
  void shares(int place) {
    shared[place]++;
  }

  /// {@return the patterns of the instructions that accessed memory, by address; those of one
  /// address in several blocks together}
  List<AccessPattern> patterns() {
    Map<Long, AccessPattern> patterns = new TreeMap<>(Long::compareUnsigned);
    for (int place = 0; place < size; place++) {
      if (accesses[place] > 0) {
        patterns.merge(pcs[place], pattern(place), PatternTable::together);
      }
    }
    return new ArrayList<>(patterns.values());
  }

  private AccessPattern pattern(int place) {
    return new AccessPattern(
        pcs[place],
        locations.get(place),
        kind(place),
        accesses[place],
        stores[place],
        stride[place],
        steady[place],
        lowest[place],
        highest[place],
        others[place],
        others[place] == 0 ? 0 : pcs[partner[place]],
        shared[place]);
  }

  private AccessPattern.Kind kind(int place) {
    long most = accesses[place] - accesses[place] / 4 - 2;
    if (accesses[place] < FEW) {
      return AccessPattern.Kind.FEW;
    }
    if (same[place] >= most) {
      return AccessPattern.Kind.SAME;
    }
    if (steady[place] >= most) {
      return Math.abs(stride[place]) <= lineBytes
          ? AccessPattern.Kind.STREAM
          : AccessPattern.Kind.STRIDED;
    }
    return chases[place] ? AccessPattern.Kind.CHASE : AccessPattern.Kind.IRREGULAR;
  }

  private static AccessPattern together(AccessPattern a, AccessPattern b) {
    AccessPattern more = a.accesses() >= b.accesses() ? a : b;
    return new AccessPattern(
        a.pc(),
        a.location(),
        more.kind(),
        a.accesses() + b.accesses(),
        a.stores() + b.stores(),
        more.stride(),
        a.steady() + b.steady(),
        Math.min(a.lowest(), b.lowest()),
        Math.max(a.highest(), b.highest()),
        a.others() + b.others(),
        more.others() > 0 ? more.partner() : a.others() > 0 ? a.partner() : b.partner(),
        a.shared() + b.shared());
  }
}
