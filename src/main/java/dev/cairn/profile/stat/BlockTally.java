package dev.cairn.profile.stat;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.DecodedBlock;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.InstructionClass;
import dev.cairn.program.isa.Isa;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Multiplies how often blocks executed with what their instructions are.
final class BlockTally {
  private final Isa isa;
  private final BlockStore blocks = new BlockStore();

  /// For blocks that were not always executed whole: how the number of executions changes at each
  /// instruction, against that at the one before. Bounded by the code.
  private final Map<Integer, long[]> partials = new HashMap<>();

  BlockTally(Isa isa) {
    this.isa = isa;
  }

  /// Executions of each block from its first to its last instruction.
  interface WholeExecutions {
    long of(int block);
  }

  DecodedBlock define(BlockDefinition block) {
    blocks.add(block);
    return DecodedBlock.of(block, isa);
  }

  int size() {
    return blocks.size();
  }

  DecodedBlock block(int id) {
    return DecodedBlock.of(blocks.block(id), isa);
  }

  /// Counts an execution of some instructions of a block.
  void addPartial(int block, int first, int end) {
    long[] changes = partials.get(block);
    if (changes == null) {
      changes = new long[blocks.block(block).instructions() + 1];
      partials.put(block, changes);
    }
    changes[first]++;
    changes[end]--;
  }

  /// {@return the totals}
  ///
  /// @param stream what else was seen
  Statistics statistics(WholeExecutions whole, @Nullable StreamStatistics stream) {
    Sums sums = new Sums();
    for (int id = 0; id < blocks.size(); id++) {
      long executions = whole.of(id);
      long[] changes = partials.get(id);
      if (executions == 0 && changes == null) {
        continue;
      }
      DecodedBlock block = block(id);
      for (int i = 0; i < block.length(); i++) {
        if (changes != null) {
          executions += changes[i];
        }
        if (executions > 0) {
          sums.add(block.instructions()[i], block.addresses()[i], executions);
        }
      }
    }
    return sums.statistics(stream);
  }

  private static final class Sums {
    private final Map<InstructionClass, Long> classes = new EnumMap<>(InstructionClass.class);
    private final Map<BranchKind, Long> branches = new EnumMap<>(BranchKind.class);
    private final TouchedSet code = new TouchedSet();
    private long instructions;
    private long blockEnds;
    private long loads;
    private long stores;

    Sums() {
      for (InstructionClass kind : InstructionClass.values()) {
        classes.put(kind, 0L);
      }
      for (BranchKind kind : BranchKind.values()) {
        if (kind.endsBlock()) {
          branches.put(kind, 0L);
        }
      }
    }

    void add(Instruction instruction, long address, long executions) {
      instructions += executions;
      classes.merge(instruction.kind(), executions, Long::sum);
      if (instruction.branch().endsBlock()) {
        branches.merge(instruction.branch(), executions, Long::sum);
        blockEnds += executions;
      }
      loads += instruction.loads() ? executions : 0;
      stores += instruction.stores() ? executions : 0;
      code.add(address, address + instruction.size());
    }

    Statistics statistics(@Nullable StreamStatistics stream) {
      return new Statistics(
          instructions,
          blockEnds,
          branches,
          loads,
          stores,
          classes,
          new Touched(code.units(), code.groups(), code.chunks(), code.complete()),
          stream);
    }
  }
}
