package dev.cairn.profile.coverage;

import dev.cairn.profile.block.BasicBlock;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.profile.block.BlockStatistics;
import dev.cairn.program.CodeImage;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.elf.ElfSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which code executed, by the files that it comes from and where they lay in the guest's memory.
///
/// @param modules by path, then by address; a file that lay at several places is several
/// @param withoutFile how many blocks executed where no file was mapped
public record ModuleCoverage(List<Module> modules, int withoutFile) {
  /// A file in memory.
  ///
  /// @param path on the host
  /// @param base where its first loaded segment lay
  /// @param end of the first byte behind its last one
  /// @param pieces by address
  public record Module(String path, long base, long end, List<Piece> pieces) {
    public Module {
      pieces = List.copyOf(pieces);
    }
  }

  /// Code that executed: a true block, up to the last instruction of it that ever did.
  ///
  /// @param offset bytes from the module's base
  public record Piece(long offset, int bytes) {}

  private record Key(String path, long bias) {}

  private static final long PAGE_MASK = 0xfff;

  public ModuleCoverage {
    modules = List.copyOf(modules);
  }

  /// Finds the code that a run executed.
  ///
  /// @param images what is known of the file at a path on the host; null if it can't be read, and
  ///   then its base is where its address 0 lay
  public static ModuleCoverage of(BlockFlow flow, Function<String, @Nullable CodeImage> images) {
    TreeMap<Key, List<BasicBlock>> blocks =
        new TreeMap<>(Comparator.comparing(Key::path).thenComparingLong(Key::bias));
    int withoutFile = 0;
    for (BlockStatistics statistics : flow.blocks()) {
      CodeLocation location = statistics.location();
      BasicBlock executed = executed(statistics);
      if (location == null) {
        withoutFile++;
      } else if (executed.bytes() > 0) {
        Key key = new Key(location.file(), executed.pc() - location.address());
        blocks.computeIfAbsent(key, _ -> new ArrayList<>()).add(executed);
      }
    }
    List<Module> modules = new ArrayList<>();
    blocks.forEach((key, of) -> modules.add(module(key, of, images.apply(key.path))));
    return new ModuleCoverage(modules, withoutFile);
  }

  /// {@return a block without what is behind the last instruction that executed}
  private static BasicBlock executed(BlockStatistics statistics) {
    BasicBlock block = statistics.block();
    for (BlockStatistics.Step step : statistics.steps()) {
      if (step.executions() == 0) {
        return new BasicBlock(
            block.id(),
            block.pc(),
            step.instruction(),
            (int) (step.pc() - block.pc()),
            block.executions(),
            block.executedInstructions());
      }
    }
    return block.executions() > 0 ? block : new BasicBlock(block.id(), block.pc(), 0, 0, 0, 0);
  }

  private static Module module(Key key, List<BasicBlock> blocks, @Nullable CodeImage image) {
    long lowest = Long.MAX_VALUE;
    long highest = 0;
    for (ElfSegment segment : image == null ? List.<ElfSegment>of() : image.segments()) {
      if (segment.isLoaded()) {
        lowest = Math.min(lowest, segment.virtualAddress() & ~PAGE_MASK);
        highest = Math.max(highest, segment.virtualAddress() + segment.memoryBytes());
      }
    }
    long base = key.bias + (lowest == Long.MAX_VALUE ? 0 : lowest);
    long end = key.bias + highest;
    List<Piece> pieces = new ArrayList<>();
    for (BasicBlock block : blocks) {
      pieces.add(new Piece(block.pc() - base, block.bytes()));
      end = Math.max(end, block.pc() + block.bytes());
    }
    return new Module(key.path, base, end, pieces);
  }
}
