package dev.cairn.profile;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.AArch64;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The naive twin of [ProfileBuilder]: finds blocks, vectors and positions from each instruction
/// that a [RandomProgram] executed.
final class NaiveProfile {
  /// An instruction: an address and what stood there.
  record Node(long pc, int word) {}

  private static final Comparator<Node> BY_ADDRESS =
      Comparator.comparingLong(Node::pc).thenComparingInt(Node::word);

  private final List<RandomProgram.Step> steps;
  private final AArch64 isa = new AArch64();
  private final Set<Node> nodes = new TreeSet<>(BY_ADDRESS);
  private final Map<Node, Set<Node>> after = new HashMap<>();
  private final Map<Node, Set<Node>> before = new HashMap<>();
  private final Map<Node, List<Node>> blockOf = new HashMap<>();

  /// Each block's instructions.
  final List<List<Node>> blocks = new ArrayList<>();

  NaiveProfile(RandomProgram program) {
    this(program.steps, program.entries.stream().map(RandomProgram.Entry::block).toList());
  }

  /// @param translated the pieces that were entered
  NaiveProfile(List<RandomProgram.Step> steps, List<BlockDefinition> translated) {
    this.steps = steps;
    Set<Node> leaders = new HashSet<>();
    Map<Long, Set<Node>> starts = new HashMap<>();
    Set<BlockDefinition> entered = new HashSet<>(translated);
    for (BlockDefinition block : entered) {
      List<Node> inside = nodesOf(block);
      nodes.addAll(inside);
      starts.computeIfAbsent(block.pc(), pc -> new HashSet<>()).add(inside.getFirst());
      for (int i = 1; i < inside.size(); i++) {
        link(inside.get(i - 1), inside.get(i));
      }
    }
    for (BlockDefinition block : entered) {
      Node last = nodesOf(block).getLast();
      if (!ends(last)) {
        starts.getOrDefault(last.pc() + 4, Set.of()).forEach(start -> link(last, start));
      }
    }
    Node previous = null;
    for (RandomProgram.Step step : steps) {
      Node node = new Node(step.pc(), step.word());
      nodes.add(node);
      if (step.arrival() == RandomProgram.Arrival.BRANCH) {
        leaders.add(node);
      } else if (step.arrival() == RandomProgram.Arrival.NEXT && previous != null) {
        link(previous, node);
      }
      previous = node;
    }
    after.values().stream().filter(set -> set.size() > 1).forEach(leaders::addAll);
    before.forEach((node, set) -> {
      if (set.size() > 1) {
        leaders.add(node);
      }
    });
    cut(leaders);
  }

  private void cut(Set<Node> leaders) {
    for (Node node : nodes) {
      if (leaders.contains(node) || !before.containsKey(node)) {
        List<Node> block = new ArrayList<>();
        Node at = node;
        while (at != null && (block.isEmpty() || !leaders.contains(at))) {
          block.add(at);
          blockOf.put(at, block);
          Set<Node> following = after.getOrDefault(at, Set.of());
          at = following.size() == 1 ? following.iterator().next() : null;
        }
        blocks.add(block);
      }
    }
  }

  private static List<Node> nodesOf(BlockDefinition block) {
    ByteBuffer bytes = ByteBuffer.wrap(block.code()).order(ByteOrder.LITTLE_ENDIAN);
    List<Node> found = new ArrayList<>();
    for (int i = 0; i < block.instructions(); i++) {
      found.add(new Node(block.pc() + 4L * i, bytes.getInt(4 * i)));
    }
    return found;
  }

  private void link(Node from, Node to) {
    after.computeIfAbsent(from, n -> new HashSet<>()).add(to);
    before.computeIfAbsent(to, n -> new HashSet<>()).add(from);
  }

  private boolean ends(Node node) {
    byte[] bytes = new byte[4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(node.word());
    return isa.decode(node.pc(), bytes, 0).branch().endsBlock();
  }

  /// {@return each block with how often it was entered and how much of it executed, by address}
  List<String> table() {
    Map<List<Node>, long[]> counts = new HashMap<>();
    for (RandomProgram.Step step : steps) {
      Node node = new Node(step.pc(), step.word());
      List<Node> block = Objects.requireNonNull(blockOf.get(node));
      long[] count = counts.computeIfAbsent(block, b -> new long[2]);
      count[0] += block.getFirst().equals(node) ? 1 : 0;
      count[1]++;
    }
    List<String> lines = new ArrayList<>();
    for (List<Node> block : blocks) {
      long[] count = counts.getOrDefault(block, new long[2]);
      lines.add(line(block.getFirst().pc(), block.size(), count[0], count[1]));
    }
    lines.sort(null);
    return lines;
  }

  /// {@return a profile's blocks in the form of [#table]}
  static List<String> table(Profile profile) {
    return profile.blocks().stream()
        .map(block ->
            line(
                block.pc(), block.instructions(), block.executions(), block.executedInstructions()))
        .sorted()
        .toList();
  }

  static String line(long pc, int instructions, long executions, long executed) {
    return "%x: %d instructions, %d times, %d".formatted(pc, instructions, executions, executed);
  }

  /// {@return for each interval the instructions by block, named by [#table]'s address and length}
  List<Map<String, Long>> vectors(long interval) {
    List<Map<String, Long>> vectors = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (i % interval == 0) {
        vectors.add(new TreeMap<>());
      }
      RandomProgram.Step step = steps.get(i);
      List<Node> block = Objects.requireNonNull(blockOf.get(new Node(step.pc(), step.word())));
      vectors.getLast().merge(name(block.getFirst().pc(), block.size()), 1L, Long::sum);
    }
    return vectors;
  }

  /// {@return the blocks in the order in which control came into them, by name; null where a signal
  /// took it away}
  List<String> visits() {
    List<String> visits = new ArrayList<>();
    for (RandomProgram.Step step : steps) {
      Node node = new Node(step.pc(), step.word());
      List<Node> block = Objects.requireNonNull(blockOf.get(node));
      if (block.getFirst().equals(node)) {
        visits.add(name(block.getFirst().pc(), block.size()));
      }
    }
    return visits;
  }

  static String name(long pc, int instructions) {
    return "%x+%d".formatted(pc, instructions);
  }

  /// {@return where each interval but the first starts}
  List<CodePosition> starts(long interval) {
    List<CodePosition> starts = new ArrayList<>();
    Map<Long, Long> reached = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      long pc = steps.get(i).pc();
      long times = reached.merge(pc, 1L, Long::sum);
      if (i > 0 && i % interval == 0) {
        starts.add(new CodePosition(pc, times));
      }
    }
    return starts;
  }
}
