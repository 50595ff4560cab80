package dev.cairn.profile.vector;

import dev.cairn.event.BlockDefinition;
import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The loop branches of a run's code, numbered from 0 in the order of appearance, and which blocks
/// end in one.
///
/// A branch is an address and a target: code that is written anew there may hold another one. Where
/// symbols say that it goes to another function it is none but a tail call.
final class LoopBranches {
  static final int NONE = -1;

  private static final String COLD_SUFFIX = ".cold";

  private final Isa isa;
  private final LongFunction<@Nullable CodeLocation> locate;

  private record Branch(long pc, long target) {}

  private final Map<Branch, Integer> numbers = new HashMap<>();
  private final List<Branch> branches = new ArrayList<>();
  private final List<@Nullable CodeLocation> locations = new ArrayList<>();
  private long[] targets = new long[1 << 4];
  private boolean[] always = new boolean[1 << 4];

  /// By block: its address, its instructions and the branch that ends it.
  private long[] pcs = new long[1 << 4];

  private int[] lengths = new int[1 << 4];
  private int[] branchOf = new int[1 << 4];

  /// @param locate says what lies at an address at the time of the call, with its line of source
  LoopBranches(Isa isa, LongFunction<@Nullable CodeLocation> locate) {
    this.isa = isa;
    this.locate = locate;
  }

  void define(BlockDefinition block) {
    int id = block.id();
    if (id >= pcs.length) {
      int length = Math.max(id + 1, pcs.length * 2);
      pcs = Arrays.copyOf(pcs, length);
      lengths = Arrays.copyOf(lengths, length);
      branchOf = Arrays.copyOf(branchOf, length);
    }
    int offset = block.code().length - block.sizes()[block.instructions() - 1];
    long pc = block.pc() + offset;
    Instruction last = isa.decode(pc, block.code(), offset);
    pcs[id] = block.pc();
    lengths[id] = block.instructions();
    branchOf[id] = NONE;
    boolean direct = last.branch() == BranchKind.CONDITIONAL || last.branch() == BranchKind.JUMP;
    if (direct && Long.compareUnsigned(last.target(), pc) <= 0) {
      Branch branch = new Branch(pc, last.target());
      Integer known = numbers.get(branch);
      branchOf[id] = known == null ? add(branch, last.branch()) : known;
    }
  }

  private int add(Branch branch, BranchKind kind) {
    CodeLocation location = locate.apply(branch.pc());
    if (isElsewhere(location, locate.apply(branch.target()))) {
      numbers.put(branch, NONE);
      return NONE;
    }
    int number = branches.size();
    if (number == targets.length) {
      targets = Arrays.copyOf(targets, number * 2);
      always = Arrays.copyOf(always, number * 2);
    }
    numbers.put(branch, number);
    branches.add(branch);
    locations.add(location);
    targets[number] = branch.target();
    always[number] = kind == BranchKind.JUMP;
    return number;
  }

  /// {@return whether two places lie in different functions, as symbols say}
  private static boolean isElsewhere(@Nullable CodeLocation from, @Nullable CodeLocation to) {
    if (from == null || to == null || from.function() == null || to.function() == null) {
      return false;
    }
    return !from.file().equals(to.file()) || !whole(from.function()).equals(whole(to.function()));
  }

  private static String whole(String function) {
    int cold = function.indexOf(COLD_SUFFIX);
    return cold > 0 ? function.substring(0, cold) : function;
  }

  /// {@return the address of a block}
  long pc(int block) {
    return pcs[block];
  }

  /// {@return how many instructions a block has}
  int length(int block) {
    return lengths[block];
  }

  /// {@return the branch that ends a block, or [#NONE]}
  int of(int block) {
    return branchOf[block];
  }

  long target(int branch) {
    return targets[branch];
  }

  /// {@return whether a branch asks for no condition}
  boolean isAlwaysTaken(int branch) {
    return always[branch];
  }

  /// Gives the branches that were taken their ids.
  ///
  /// @param all rows with 1 + the number of each branch taken, and 0 where none was; a thread
  ///   without intervals is left out
  LoopVectors vectors(List<BasicBlockVectors> all) {
    List<BasicBlockVectors> threads =
        all.stream().filter(thread -> thread.intervals() > 0).toList();
    long[] taken = new long[branches.size() + 1];
    for (BasicBlockVectors thread : threads) {
      BasicBlockVectors.Cursor cursor = thread.cursor();
      for (int interval = 0; interval < thread.intervals(); interval++) {
        cursor.interval(interval);
        while (cursor.next()) {
          taken[cursor.block()] += cursor.weight();
        }
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int number = 0; number < branches.size(); number++) {
      if (taken[number + 1] > 0) {
        order.add(number);
      }
    }
    order.sort(
        Comparator.comparing((Integer number) -> branches.get(number).pc(), Long::compareUnsigned)
            .thenComparing(number -> branches.get(number).target(), Long::compareUnsigned));
    int[] ids = new int[branches.size() + 1];
    ids[0] = order.size() + 1;
    List<LoopBranch> found = new ArrayList<>();
    for (int number : order) {
      int id = found.size() + 1;
      ids[number + 1] = id;
      Branch branch = branches.get(number);
      found.add(
          new LoopBranch(
              id, branch.pc(), branch.target(), locations.get(number), taken[number + 1]));
    }
    return new LoopVectors(
        found, threads.stream().map(rows -> VectorSums.byNumber(rows, ids)).toList());
  }
}
