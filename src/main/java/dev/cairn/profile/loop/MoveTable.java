package dev.cairn.profile.loop;

import dev.cairn.event.EventWord;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The blocks that functions execute and the moves between them.
///
/// A block has a number for each function that executes it, and so has each beginning of it that
/// was executed alone. A move is an edge; how often it was taken is counted here, and what it does
/// to the loops of its function is kept.
final class MoveTable {
  static final int NONE = -1;

  /// What a move does: nothing, another iteration of the innermost loop, more, or it is logged.
  private static final int NOTHING = 0;

  private static final int ITERATES = 1;
  private static final int STEPS = 2;
  private static final int LOGGED = 3;

  /// A way that is none leads to no block.
  private static final long NO_WAY = NONE;

  /// A way: the number of the block where it leads, its edge, and what that does.
  private static final int EDGE_SHIFT = 32;

  private static final int EDGE_MASK = (1 << 30) - 1;
  private static final int DEED_SHIFT = 62;
  private static final long WHERE_MASK = (1L << DEED_SHIFT) - 1;

  /// By the run's block: its number here.
  private int[] numbers = new int[1 << 2];

  /// By block and how many of its instructions executed: the number of that part.
  private final Map<Long, Integer> parts = new HashMap<>();

  /// By number and function: the number of the same block where functions share code.
  private final Map<Long, Integer> copies = new HashMap<>();

  /// By number: the function, where it begins and ends, how long it is, its number in the
  /// function's graph, and the first of its edges.
  private @Nullable FunctionLoops[] functionOf = new FunctionLoops[1 << 2];

  private long[] pcs = new long[1 << 2];
  private long[] ends = new long[1 << 2];
  private int[] lengths = new int[1 << 2];
  private int[] localBlock = new int[1 << 2];
  private int[] firstEdge = new int[1 << 2];

  /// By number, twice: the ways that the first two moves from there have gone. Further ones are
  /// found from [#firstEdge] on.
  private long[] ways = new long[1 << 3];

  /// By number: when it was executed last, in instructions of the thread, and by which slot.
  private long[] arrivedAt = new long[1 << 2];

  private int[] arrivedIn = new int[1 << 2];
  private int size;

  /// By edge: where it leads, the next edge from the same block, how often it was taken, its number
  /// in its graph, its steps, null while its function is logged, and which of [#ways] it is.
  private int[] target = new int[1 << 2];

  private int[] nextEdge = new int[1 << 2];
  private long[] taken = new long[1 << 2];
  private int[] localEdge = new int[1 << 2];
  private int[] @Nullable [] steps = new int[1 << 2][];
  private int[] wayOf = new int[1 << 2];
  private int edges;

  /// Where [#takePlain] stopped.
  private long instructions;

  private int stoppedBy;

  /// Learns of a block of the run.
  void define(int id, long pc, long endPc, int instructions) {
    while (numbers.length <= id) {
      numbers = Arrays.copyOf(numbers, numbers.length * 2);
    }
    numbers[id] = add(pc, endPc, instructions);
  }

  private int add(long pc, long endPc, int instructions) {
    if (size == pcs.length) {
      functionOf = Arrays.copyOf(functionOf, size * 2);
      pcs = Arrays.copyOf(pcs, size * 2);
      ends = Arrays.copyOf(ends, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
      localBlock = Arrays.copyOf(localBlock, size * 2);
      firstEdge = Arrays.copyOf(firstEdge, size * 2);
      arrivedAt = Arrays.copyOf(arrivedAt, size * 2);
      arrivedIn = Arrays.copyOf(arrivedIn, size * 2);
      ways = Arrays.copyOf(ways, size * 4);
    }
    pcs[size] = pc;
    ends[size] = endPc;
    lengths[size] = instructions;
    firstEdge[size] = NONE;
    localBlock[size] = NONE;
    ways[2 * size] = NO_WAY;
    ways[2 * size + 1] = NO_WAY;
    return size++;
  }

  /// {@return the number of a block's first instructions in a function}
  ///
  /// @param block of the run
  /// @param count how many have executed
  int number(FunctionLoops function, int block, int count) {
    int number = numbers[block];
    if (functionOf[number] == null) {
      functionOf[number] = function;
    } else if (functionOf[number] != function) {
      number = copy(number, function);
    }
    return count == lengths[number] ? number : part(number, count);
  }

  private int copy(int block, FunctionLoops function) {
    return copies.computeIfAbsent(
        (long) block << 32 | function.function(),
        _ -> {
          int copy = add(pcs[block], ends[block], lengths[block]);
          functionOf[copy] = function;
          return copy;
        });
  }

  private int part(int block, int instructions) {
    return parts.computeIfAbsent(
        (long) block << 32 | instructions,
        _ -> {
          long bytes = (ends[block] - pcs[block]) * instructions / lengths[block];
          return add(pcs[block], pcs[block] + bytes, instructions);
        });
  }

  /// Says that a block has been executed by an activation.
  ///
  /// @param instructions executed by its thread before
  void arrive(int block, int slot, long instructions) {
    arrivedAt[block] = instructions;
    arrivedIn[block] = slot;
  }

  /// Says that a block has been executed in a function by an activation that nobody asks for any
  /// more.
  void pass(FunctionLoops function, int block) {
    int number = numbers[block];
    if (functionOf[number] != function) {
      number = copies.getOrDefault((long) number << 32 | function.function(), NONE);
    }
    if (number != NONE) {
      arrivedIn[number] = NONE;
    }
  }

  /// Takes the moves of an activation from whole block to whole block, up to one that does more
  /// than go round in its innermost loop, or that is not among the first two from its block.
  ///
  /// Nearly all moves of a run are taken here, so it branches on nothing that depends on which way
  /// the program went.
  ///
  /// @param words holds the executions from `first` up to `until`
  /// @param instructions executed by the thread before the first
  /// @return the index of the first word that was not taken; [#instructions] says how many
  ///   instructions were executed before it
  int takePlain(LoopFrame frame, int slot, long[] words, int first, int until, long instructions) {
    int last = frame.last;
    long now = instructions;
    long rounds = 0;
    int i = last == NONE ? until : first;
    for (; i < until; i++) {
      long word = words[i];
      if (EventWord.kind(word) != EventWord.EXECUTION) {
        continue;
      }
      int to = numbers[EventWord.block(word)];
      long way = way(last, to);
      int deed = (int) (way >>> DEED_SHIFT);
      if ((int) way != to || deed > ITERATES) {
        stoppedBy = (int) way == to ? (int) (way >>> EDGE_SHIFT) & EDGE_MASK : NONE;
        break;
      }
      taken[(int) (way >>> EDGE_SHIFT) & EDGE_MASK]++;
      rounds += deed;
      arrive(to, slot, now);
      now += EventWord.end(word);
      last = to;
    }
    frame.iterate(rounds);
    this.instructions = now;
    if (frame.last == NONE) {
      stoppedBy = NONE;
      return first;
    }
    frame.last = last;
    return i;
  }

  /// Takes the moves of several rounds at once, if [#takePlain] would take all of them.
  ///
  /// @param words holds the executions of a round from `first` up to `until`, the last of which is
  ///   where the activation stands
  /// @param instructions executed by the thread before the first round
  /// @return instructions of a round; [#NONE] if they were not taken
  long takeRounds(
      LoopFrame frame,
      int slot,
      long[] words,
      int first,
      int until,
      long rounds,
      long instructions) {
    long length = frame.last == NONE ? NONE : plainRound(frame.last, words, first, until);
    if (length == NONE) {
      return NONE;
    }
    int last = frame.last;
    long now = instructions + (rounds - 1) * length;
    long iterations = 0;
    for (int i = first; i < until; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        int to = numbers[EventWord.block(words[i])];
        long way = way(last, to);
        taken[(int) (way >>> EDGE_SHIFT) & EDGE_MASK] += rounds;
        iterations += (way >>> DEED_SHIFT) * rounds;
        arrive(to, slot, now);
        now += EventWord.end(words[i]);
        last = to;
      }
    }
    frame.iterate(iterations);
    return length;
  }

  /// {@return instructions of a round of plain moves from a block back to it, or [#NONE]}
  private long plainRound(int from, long[] words, int first, int until) {
    int last = from;
    long length = 0;
    for (int i = first; i < until; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        int to = numbers[EventWord.block(words[i])];
        long way = way(last, to);
        if ((int) way != to || way >>> DEED_SHIFT > ITERATES) {
          return NONE;
        }
        length += EventWord.end(words[i]);
        last = to;
      }
    }
    return last == from ? length : NONE;
  }

  /// {@return the way from one block to another, or one that leads elsewhere}
  private long way(int from, int to) {
    long near = ways[2 * from];
    return (int) near == to ? near : ways[2 * from + 1];
  }

  long instructions() {
    return instructions;
  }

  /// {@return the edge that [#takePlain] stopped before, [#NONE] if it is to be looked for}
  int stoppedBy() {
    return stoppedBy;
  }

  /// {@return the number of the block where an edge leads}
  int target(int edge) {
    return target[edge];
  }

  /// {@return the edge from one block to another, which is made if there is none}
  int edge(FunctionLoops function, int from, int to) {
    int edge = firstEdge[from];
    while (edge != NONE && target[edge] != to) {
      edge = nextEdge[edge];
    }
    return edge == NONE ? addEdge(function, from, to) : edge;
  }

  private int addEdge(FunctionLoops function, int from, int to) {
    if (edges == target.length) {
      target = Arrays.copyOf(target, edges * 2);
      nextEdge = Arrays.copyOf(nextEdge, edges * 2);
      taken = Arrays.copyOf(taken, edges * 2);
      localEdge = Arrays.copyOf(localEdge, edges * 2);
      steps = Arrays.copyOf(steps, edges * 2);
      wayOf = Arrays.copyOf(wayOf, edges * 2);
    }
    int edge = edges++;
    target[edge] = to;
    steps[edge] = null;
    int start = local(function, from);
    localEdge[edge] = function.addEdge(start, local(function, to), edge);
    nextEdge[edge] = NONE;
    int last = firstEdge[from];
    if (last == NONE) {
      firstEdge[from] = edge;
    } else {
      while (nextEdge[last] != NONE) {
        last = nextEdge[last];
      }
      nextEdge[last] = edge;
    }
    int way = ways[2 * from] == NO_WAY ? 2 * from : 2 * from + 1;
    wayOf[edge] = ways[way] == NO_WAY ? way : NONE;
    if (ways[way] == NO_WAY) {
      ways[way] = (long) LOGGED << DEED_SHIFT | (long) edge << EDGE_SHIFT | to;
    }
    return edge;
  }

  /// Counts a move.
  void take(int edge, long times) {
    taken[edge] += times;
  }

  /// {@return what a move does to its function's loops, null while it is logged}
  int @Nullable [] steps(int edge) {
    return steps[edge];
  }

  /// {@return an edge's number in its function's graph}
  int localEdge(int edge) {
    return localEdge[edge];
  }

  /// {@return the number of a block in its function's graph}
  int local(FunctionLoops function, int block) {
    if (localBlock[block] == NONE) {
      functionOf[block] = function;
      localBlock[block] = function.addBlock(pcs[block], ends[block], lengths[block], block);
    }
    return localBlock[block];
  }

  /// Takes the steps of a function's moves from its graph.
  void setSteps(FunctionLoops function) {
    for (int i = 0; i < function.edges(); i++) {
      int edge = function.id(i);
      int[] does = function.graph().steps(i);
      steps[edge] = does;
      int way = wayOf[edge];
      if (way != NONE) {
        ways[way] = (long) deed(does) << DEED_SHIFT | (ways[way] & WHERE_MASK);
      }
    }
  }

  private static int deed(int[] steps) {
    if (steps.length == 0) {
      return NOTHING;
    }
    return steps.length == 1 && (steps[0] & FlowGraph.KIND_MASK) == FlowGraph.ITERATE
        ? ITERATES
        : STEPS;
  }

  /// Tells a function's graph how often its moves were taken.
  void setTaken(FunctionLoops function) {
    for (int edge = 0; edge < function.edges(); edge++) {
      function.graph().setTaken(edge, taken[function.id(edge)]);
    }
  }

  /// {@return when an activation came to a loop's head last, which is when it came into the loop,
  /// if that has not been seen to go round yet; or [LoopFrame#UNKNOWN]}
  ///
  /// A natural loop can only be entered by its head, and all that was executed since then leads
  /// back to it. An irreducible one can be entered elsewhere.
  ///
  /// @param beganAt instructions that the thread had executed when the activation began
  long arrival(FunctionLoops function, long head, int slot, long beganAt) {
    long latest = LoopFrame.UNKNOWN;
    if (!function.isReducible(head)) {
      return latest;
    }
    for (int local = 0; local < function.blocks(); local++) {
      int block = function.blockId(local);
      boolean holds =
          Long.compareUnsigned(pcs[block], head) <= 0
              && Long.compareUnsigned(head, ends[block]) < 0;
      if (holds && arrivedIn[block] == slot && arrivedAt[block] >= beganAt) {
        long offset = (head - pcs[block]) * lengths[block] / (ends[block] - pcs[block]);
        latest = Math.max(latest, arrivedAt[block] + offset);
      }
    }
    return latest;
  }
}
