package dev.cairn.profile;

import dev.cairn.profile.block.BlockPartition;
import dev.cairn.profile.block.BlockTable;
import dev.cairn.profile.block.InstructionGraph;
import dev.cairn.profile.block.LeftCounts;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns counts of translation blocks into a [Profile] over true blocks.
final class ProfileBuilder {
  private final List<@Nullable CodeLocation> locations;
  private final List<@Nullable ThreadCounts> threads;
  private final InstructionGraph graph;
  private final long[] entries;
  private final LeftCounts left = new LeftCounts();

  ProfileBuilder(
      InstructionGraph graph,
      List<@Nullable CodeLocation> locations,
      List<@Nullable ThreadCounts> threads) {
    this.graph = graph;
    this.locations = locations;
    this.threads = threads;
    entries = new long[graph.blocks()];
  }

  Profile build(long interval) {
    List<BasicBlockVectors> rows = new ArrayList<>();
    int intervalsInRow = 1;
    for (ThreadCounts thread : threads) {
      intervalsInRow = Math.max(intervalsInRow, thread == null ? 1 : thread.intervalsInRow());
    }
    for (ThreadCounts thread : threads) {
      if (thread == null || !thread.anything()) {
        rows.add(BasicBlockVectors.builder().build());
        continue;
      }
      thread.finish(intervalsInRow);
      BasicBlockVectors counts = thread.rows();
      rows.add(counts);
      BasicBlockVectors.Cursor cursor = counts.cursor();
      for (int row = 0; row < counts.intervals(); row++) {
        cursor.interval(row);
        while (cursor.next()) {
          if (cursor.block() > 0) {
            entries[cursor.block() - 1] += cursor.weight();
          }
        }
      }
      for (ThreadCounts.LeftInRow l : thread.lefts()) {
        left.add(l.block(), l.index(), l.times());
      }
    }
    BlockPartition partition = new BlockPartition(graph, entries, left);
    List<ThreadProfile> profiles = new ArrayList<>();
    for (int i = 0; i < threads.size(); i++) {
      ThreadCounts thread = threads.get(i);
      if (thread != null && thread.anything()) {
        profiles.add(profile(i, thread, rows.get(i), partition));
      }
    }
    BlockTable table = BlockTable.of(graph, partition, entries, left, locations);
    return new Profile(interval * intervalsInRow, table.blocks(), table.locations(), profiles);
  }

  private ThreadProfile profile(
      int number, ThreadCounts thread, BasicBlockVectors counts, BlockPartition partition) {
    BasicBlockVectors.Builder vectors = BasicBlockVectors.builder();
    List<@Nullable CodePosition> starts = new ArrayList<>();
    List<ThreadCounts.RowEnd> ends = thread.ends();
    Reached reached = new Reached(ends);
    RowWeights weights = new RowWeights(partition.size());
    int nextLeft = 0;
    ThreadCounts.RowEnd before = null;
    BasicBlockVectors.Cursor cursor = counts.cursor();
    starts.add(null);
    for (int row = 0; row < counts.intervals(); row++) {
      ThreadCounts.RowEnd end = ends.get(row);
      cursor.interval(row);
      while (cursor.next()) {
        if (cursor.block() > 0) {
          int block = cursor.block() - 1;
          spread(weights, partition, block, 0, cursor.weight());
          reached.enter(block, cursor.weight());
        }
      }
      while (nextLeft < thread.lefts().size() && thread.lefts().get(nextLeft).row() == row) {
        ThreadCounts.LeftInRow l = thread.lefts().get(nextLeft++);
        spread(weights, partition, l.block(), l.index(), -l.times());
        reached.leave(l.block(), l.index(), l.times());
      }
      if (before != null && before.block() >= 0) {
        spread(weights, partition, before.block(), before.instruction(), 1);
      }
      if (end.block() >= 0) {
        spread(weights, partition, end.block(), end.instruction(), -1);
        if (row + 1 < counts.intervals()) {
          starts.add(reached.at(end));
        }
      }
      weights.moveTo(vectors);
      before = end;
    }
    return new ThreadProfile(number, vectors.build(), starts);
  }

  /// Adds executions of a translation block's instructions from an index on.
  private void spread(
      RowWeights weights, BlockPartition partition, int block, int from, long executions) {
    for (int i = from; i < graph.length(block); i++) {
      weights.add(partition.blockOf(graph.node(block, i)), executions);
    }
  }

  /// Sums up a row's weights by true block.
  private static final class RowWeights {
    private final long[] weights;
    private int[] touched = new int[1 << 10];
    private int size;

    RowWeights(int blocks) {
      weights = new long[blocks];
    }

    void add(int block, long instructions) {
      if (weights[block] == 0) {
        if (size == touched.length) {
          touched = Arrays.copyOf(touched, size * 2);
        }
        touched[size++] = block;
      }
      weights[block] += instructions;
    }

    void moveTo(BasicBlockVectors.Builder vectors) {
      for (int i = 0; i < size; i++) {
        vectors.add(touched[i] + 1, weights[touched[i]]);
        weights[touched[i]] = 0;
      }
      size = 0;
      vectors.endInterval();
    }
  }

  /// How often the instructions at which intervals start have executed so far.
  private final class Reached {
    private final Map<Long, List<int[]>> holders = new HashMap<>();
    private final long[] entered = new long[graph.blocks()];
    private final Map<Long, Long> missed = new HashMap<>();

    Reached(List<ThreadCounts.RowEnd> ends) {
      Set<Long> wanted = new HashSet<>();
      for (ThreadCounts.RowEnd end : ends) {
        if (end.block() >= 0) {
          wanted.add(graph.address(graph.node(end.block(), end.instruction())));
        }
      }
      for (int b = 0; b < graph.blocks(); b++) {
        for (int i = 0; entries[b] > 0 && i < graph.length(b); i++) {
          long address = graph.address(graph.node(b, i));
          if (wanted.contains(address)) {
            holders.computeIfAbsent(address, a -> new ArrayList<>()).add(new int[] {b, i});
          }
        }
      }
    }

    void enter(int block, long count) {
      entered[block] += count;
    }

    void leave(int block, int index, long times) {
      for (int i = index; i < graph.length(block); i++) {
        missed.merge(graph.address(graph.node(block, i)), times, Long::sum);
      }
    }

    /// {@return the position of the first instruction behind an end: it has not executed this time,
    /// though its block has been entered}
    CodePosition at(ThreadCounts.RowEnd end) {
      long address = graph.address(graph.node(end.block(), end.instruction()));
      long times = -missed.getOrDefault(address, 0L);
      for (int[] holder : holders.getOrDefault(address, List.of())) {
        times += entered[holder[0]];
      }
      return new CodePosition(address, times);
    }
  }
}
