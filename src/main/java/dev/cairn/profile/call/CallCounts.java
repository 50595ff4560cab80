package dev.cairn.profile.call;

import dev.cairn.profile.flow.Activation;
import dev.cairn.profile.flow.FlowBlock;
import dev.cairn.profile.flow.FlowListener;
import dev.cairn.profile.flow.Functions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Adds up the activations of each function and the calls between them.
final class CallCounts implements FlowListener {
  private final List<DurationTally> inclusive = new ArrayList<>();
  private final List<DurationTally> exclusive = new ArrayList<>();
  private final List<ThreadTally> threads = new ArrayList<>();

  /// Where a block's last instruction lies in its file.
  private long[] sites = new long[1 << 10];

  /// The edge by which the activation in a slot was called.
  private int[] edges = new int[1 << 8];

  /// How often what is told happened.
  private long times = 1;

  /// What one thread has done.
  private static final class ThreadTally {
    private static final int FIELDS = 4;
    private static final int CALLS = 0;
    private static final int DEPTH = 1;
    private static final int INCLUSIVE = 2;
    private static final int EXCLUSIVE = 3;

    final EdgeTable edges = new EdgeTable();

    /// Four fields a function.
    long[] functions = new long[FIELDS * 64];

    long instructions;

    void ended(Activation activation, boolean outermost, long times) {
      int at = FIELDS * activation.function();
      if (at >= functions.length) {
        functions = Arrays.copyOf(functions, Math.max(at + FIELDS, functions.length * 2));
      }
      functions[at + CALLS] += times;
      functions[at + DEPTH] = Math.max(functions[at + DEPTH], activation.recursion());
      functions[at + INCLUSIVE] += outermost ? activation.inclusive() * times : 0;
      functions[at + EXCLUSIVE] += activation.exclusive() * times;
      instructions += activation.exclusive() * times;
    }

    long calls(int function) {
      return field(function, CALLS);
    }

    long depth(int function) {
      return field(function, DEPTH);
    }

    ThreadCalls.Share share(int function, int index) {
      return new ThreadCalls.Share(
          index,
          calls(function),
          (int) depth(function),
          field(function, INCLUSIVE),
          field(function, EXCLUSIVE));
    }

    private long field(int function, int field) {
      int at = FIELDS * function + field;
      return at < functions.length ? functions[at] : 0;
    }
  }

  @Override
  public void defined(FlowBlock block) {
    if (block.id() >= sites.length) {
      sites = Arrays.copyOf(sites, sites.length * 2);
    }
    sites[block.id()] = block.lastAddress();
  }

  @Override
  public void entered(Activation activation, int block, long instructions) {
    int slot = activation.slot();
    if (slot >= edges.length) {
      edges = Arrays.copyOf(edges, Math.max(slot + 1, edges.length * 2));
    }
    while (threads.size() <= activation.thread()) {
      threads.add(new ThreadTally());
    }
    Activation caller = activation.caller();
    edges[slot] =
        threads
            .get(activation.thread())
            .edges
            .edge(
                caller == null ? -1 : caller.function(),
                activation.callSite(),
                activation.function());
  }

  @Override
  public void left(Activation activation, long instructions) {
    if (times == 0) {
      return;
    }
    int function = activation.function();
    boolean outermost = activation.recursion() == 1;
    while (inclusive.size() <= function) {
      inclusive.add(new DurationTally());
      exclusive.add(new DurationTally());
    }
    inclusive.get(function).add(activation.inclusive(), outermost, times);
    exclusive.get(function).add(activation.exclusive(), true, times);
    ThreadTally thread = threads.get(activation.thread());
    thread.ended(activation, outermost, times);
    thread.edges.ended(edges[activation.slot()], activation.inclusive(), outermost, times);
  }

  @Override
  public void resumed(Activation activation, long instructions) {}

  @Override
  public boolean takesRepeats(int function, boolean live) {
    return true;
  }

  @Override
  public void beginRepeats(long times) {
    this.times = times;
  }

  @Override
  public void endRepeats() {
    times = 1;
  }

  CallProfile profile(Functions functions) {
    List<Integer> order = order(functions);
    int[] indices = new int[functions.size()];
    List<FunctionProfile> profiles = new ArrayList<>();
    for (int function : order) {
      indices[function] = profiles.size();
      profiles.add(profile(function, functions.get(function)));
    }
    CallEdges all = new CallEdges(indices, profiles, sites);
    List<ThreadCalls> byThread = new ArrayList<>();
    long instructions = 0;
    for (int i = 0; i < threads.size(); i++) {
      ThreadTally thread = threads.get(i);
      instructions += thread.instructions;
      if (thread.edges.size() > 0) {
        CallEdges own = new CallEdges(indices, profiles, sites);
        own.add(thread.edges);
        all.add(thread.edges);
        List<ThreadCalls.Share> shares =
            order.stream()
                .filter(function -> thread.calls(function) > 0)
                .map(function -> thread.share(function, indices[function]))
                .toList();
        byThread.add(new ThreadCalls(i, thread.instructions, shares, own.list()));
      }
    }
    return new CallProfile(instructions, profiles, all.list(), byThread);
  }

  /// {@return the functions that were entered, in the order of the result}
  private List<Integer> order(Functions functions) {
    List<Integer> entered = new ArrayList<>();
    for (int i = 0; i < inclusive.size(); i++) {
      if (calls(i) > 0) {
        entered.add(i);
      }
    }
    entered.sort((a, b) -> FunctionOrder.BY_NAME.compare(functions.get(a), functions.get(b)));
    return entered;
  }

  private long calls(int function) {
    long calls = 0;
    for (ThreadTally thread : threads) {
      calls += thread.calls(function);
    }
    return calls;
  }

  private FunctionProfile profile(int number, Functions.Function function) {
    long depth = 0;
    for (ThreadTally thread : threads) {
      depth = Math.max(depth, thread.depth(number));
    }
    return new FunctionProfile(
        function.name(),
        function.file(),
        function.address(),
        calls(number),
        (int) depth,
        inclusive.get(number).durations(),
        exclusive.get(number).durations());
  }
}
