package dev.cairn.profile.loop;

import dev.cairn.profile.flow.FlowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Counts loops from whole walks that are kept: the nodes in a row, the graph that they make, and
/// for each loop a pass over each walk.
final class NaiveLoops {
  /// @param histogram as text
  record Totals(long entries, long iterations, long instructions, String histogram) {}

  private NaiveLoops() {}

  /// {@return the totals of each loop by its head}
  static Map<Long, Totals> of(List<FlowBlock> blocks, List<int[]> walks) {
    TreeSet<Long> starts = new TreeSet<>();
    for (int[] walk : walks) {
      for (int block : walk) {
        starts.add(blocks.get(block).pc());
      }
    }
    List<Long> nodes = new ArrayList<>(starts);
    List<List<int[]>> walked = new ArrayList<>();
    List<Integer> from = new ArrayList<>();
    List<Integer> to = new ArrayList<>();
    TreeSet<Integer> entries = new TreeSet<>();
    long instructions = 0;
    for (int[] walk : walks) {
      List<int[]> steps = new ArrayList<>();
      for (int b : walk) {
        FlowBlock block = blocks.get(b);
        for (long start : starts.subSet(block.pc(), block.endPc())) {
          steps.add(
              new int[] {nodes.indexOf(start), (int) (instructions + (start - block.pc()) / 4)});
        }
        instructions += block.instructions();
      }
      steps.add(new int[] {-1, (int) instructions});
      walked.add(steps);
      entries.add(steps.getFirst()[0]);
      for (int i = 1; i < steps.size() - 1; i++) {
        from.add(steps.get(i - 1)[0]);
        to.add(steps.get(i)[0]);
      }
    }
    LoopForest forest =
        LoopForest.of(nodes.size(), ints(from), ints(to), ints(new ArrayList<>(entries)));
    Map<Long, Totals> totals = new TreeMap<>();
    for (int loop = 0; loop < forest.size(); loop++) {
      totals.put(nodes.get(forest.header(loop)), totals(forest, loop, walked));
    }
    return totals;
  }

  private static Totals totals(LoopForest forest, int loop, List<List<int[]>> walks) {
    TreeMap<Integer, Integer> histogram = new TreeMap<>();
    long entries = 0;
    long iterations = 0;
    long instructions = 0;
    for (List<int[]> walk : walks) {
      int count = 0;
      int start = 0;
      for (int[] step : walk) {
        boolean inside = step[0] >= 0 && forest.contains(loop, step[0]);
        if (inside && count == 0) {
          count = 1;
          start = step[1];
          entries++;
        } else if (inside && step[0] == forest.header(loop)) {
          count++;
        } else if (!inside && count > 0) {
          iterations += count;
          instructions += step[1] - start;
          histogram.merge(count, 1, Integer::sum);
          count = 0;
        }
      }
    }
    List<String> text = new ArrayList<>();
    histogram.forEach((number, times) -> text.add(number + " x " + times));
    return new Totals(entries, iterations, instructions, text.toString());
  }

  private static int[] ints(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
