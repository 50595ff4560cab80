package dev.cairn.profile.call;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.Functions;
import dev.cairn.profile.flow.MoveListener;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.debug.SourceLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Counts how often each instruction executed, by the function that executed it and by line.
///
/// A block that executes to its end costs an addition; counts by instruction are made at the end.
public final class LineCosts implements MoveListener {
  private record Key(int function, int block, int count) {}

  private record Line(Functions.Function function, long address) {}

  private final LongFunction<@Nullable CodeLocation> locator;
  private final List<FlowBlock> blocks = new ArrayList<>();
  private final List<@Nullable SourceLine[]> sources = new ArrayList<>();

  /// By block: the function that executed it first, and how often it did to the block's end.
  private int[] owners = new int[1 << 10];

  private long[] executions = new long[1 << 10];

  /// All other executions, which are few.
  private final Map<Key, Long> others = new HashMap<>();

  /// @param locator says where the code at an address comes from as of now, with its line
  public LineCosts(LongFunction<@Nullable CodeLocation> locator) {
    this.locator = locator;
  }

  @Override
  public void defined(FlowBlock block) {
    if (block.id() == owners.length) {
      owners = Arrays.copyOf(owners, owners.length * 2);
      executions = Arrays.copyOf(executions, executions.length * 2);
    }
    owners[block.id()] = -1;
    blocks.add(block);
    @Nullable SourceLine[] lines = new SourceLine[block.instructions()];
    for (int i = 0; i < lines.length; i++) {
      CodeLocation location = locator.apply(block.pc() + offset(block, i));
      lines[i] = location == null ? null : location.source();
    }
    sources.add(lines);
  }

  private static long offset(FlowBlock block, int instruction) {
    return (block.endPc() - block.pc()) / block.instructions() * instruction;
  }

  @Override
  public void entered(Activation activation, int block, long instructions) {}

  @Override
  public void left(Activation activation, long instructions) {}

  @Override
  public void resumed(Activation activation, long instructions) {}

  @Override
  public void moved(Activation activation, int from, int to, long instructions) {}

  @Override
  public void executed(Activation activation, int block, int count, long instructions) {
    int function = activation.function();
    if (owners[block] == function && count == blocks.get(block).instructions()) {
      executions[block]++;
      return;
    }
    if (owners[block] < 0) {
      owners[block] = function;
    }
    others.merge(new Key(function, block, count), 1L, Long::sum);
  }

  /// {@return the instructions that executed, by function and address}
  ///
  /// @param names the functions by which the calls were told
  public List<LineCost> costs(Functions names) {
    Map<Line, LineCost> lines =
        new TreeMap<>(
            Comparator.comparing(Line::function, FunctionOrder.BY_NAME)
                .thenComparing(Line::address, Long::compareUnsigned));
    for (FlowBlock block : blocks) {
      if (executions[block.id()] > 0) {
        Functions.Function function = names.get(owners[block.id()]);
        add(lines, function, block, block.instructions(), executions[block.id()]);
      }
    }
    others.forEach((key, count) ->
        add(lines, names.get(key.function), blocks.get(key.block), key.count, count));
    return new ArrayList<>(lines.values());
  }

  private void add(
      Map<Line, LineCost> lines,
      Functions.Function function,
      FlowBlock block,
      int instructions,
      long executions) {
    CodeLocation location = block.location();
    long first = location == null ? block.pc() : location.address();
    for (int i = 0; i < instructions; i++) {
      long address = first + offset(block, i);
      SourceLine source = sources.get(block.id())[i];
      lines.merge(
          new Line(function, address),
          new LineCost(function, address, source, executions),
          (a, b) -> new LineCost(function, address, a.source(), a.executions() + b.executions()));
    }
  }
}
