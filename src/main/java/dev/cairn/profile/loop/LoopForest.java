package dev.cairn.profile.loop;

import java.util.Arrays;

/// The loops of a flow graph and how they nest.
///
/// A loop is known by its *header*. Where all ways into it lead to the header, which then dominates
/// it, it is a natural loop: the header and all that reach it again without leaving. Back edges to
/// one header make one loop. A strongly connected part with several ways in is one loop too, not
/// *reducible*; its header is the node by which a depth-first search came in, which takes edges in
/// the order given.
///
/// Immutable; any number of threads.
///
/// Source: Havlak, "Nesting of Reducible and Irreducible Loops", TOPLAS 19(4), 1997, with
/// Ramalingam's remark (TOPLAS 21(2), 1999) that an irreducible loop's other ways in are handed on
/// to the loop around it.
///
/// Cost: nearly linear in nodes and edges.
final class LoopForest {
  /// Stands for no loop.
  static final int NONE = -1;

  private final int[] headers;
  private final int[] parents;
  private final int[] depths;
  private final boolean[] irreducible;
  private final int[] loopOf;

  private LoopForest(
      int[] headers, int[] parents, int[] depths, boolean[] irreducible, int[] loopOf) {
    this.headers = headers;
    this.parents = parents;
    this.depths = depths;
    this.irreducible = irreducible;
    this.loopOf = loopOf;
  }

  /// Finds the loops of a graph.
  ///
  /// @param nodes how many there are, numbered from 0
  /// @param from where each edge begins
  /// @param to where it ends, in the same order
  /// @param entries the nodes by which control comes into the graph
  static LoopForest of(int nodes, int[] from, int[] to, int[] entries) {
    return new Search(nodes, from, to, entries).forest();
  }

  /// {@return how many loops there are; a loop's number is above that of the loop around it}
  int size() {
    return headers.length;
  }

  int header(int loop) {
    return headers[loop];
  }

  /// {@return the loop around another, or [#NONE]}
  int parent(int loop) {
    return parents[loop];
  }

  /// {@return 1 for an outermost loop}
  int depth(int loop) {
    return depths[loop];
  }

  boolean isReducible(int loop) {
    return !irreducible[loop];
  }

  /// {@return the innermost loop that a node lies in, its own if it is a header, or [#NONE]}
  int loopOf(int node) {
    return loopOf[node];
  }

  /// {@return whether a node lies in a loop or in one inside it}
  boolean contains(int loop, int node) {
    return commonLoop(loop, loopOf[node]) == loop;
  }

  /// {@return the innermost loop around both of two loops, or [#NONE]}
  int commonLoop(int a, int b) {
    while (a != b) {
      if (a == NONE || b == NONE) {
        return NONE;
      }
      if (depths[a] >= depths[b]) {
        a = parents[a];
      } else {
        b = parents[b];
      }
    }
    return a;
  }

  /// Edges by their one end: those of node `n` are `others[starts[n]]` to `others[starts[n + 1] -
  /// 1]`, in the order given.
  private record Adjacency(int[] starts, int[] others) {
    static Adjacency of(int nodes, int[] ends, int[] others) {
      int[] starts = new int[nodes + 1];
      for (int end : ends) {
        starts[end + 1]++;
      }
      for (int n = 0; n < nodes; n++) {
        starts[n + 1] += starts[n];
      }
      int[] next = Arrays.copyOf(starts, nodes);
      int[] sorted = new int[ends.length];
      for (int e = 0; e < ends.length; e++) {
        sorted[next[ends[e]]++] = others[e];
      }
      return new Adjacency(starts, sorted);
    }
  }

  /// One search; nodes are handled by their preorder number.
  private static final class Search {
    private final int nodes;
    private final Adjacency successors;
    private final Adjacency predecessors;

    /// By node: its preorder number, or NONE where it is not reached.
    private final int[] order;

    /// By preorder number: the node, and the highest number below it in the tree.
    private final int[] nodeAt;

    private final int[] last;
    private int reached;

    /// By preorder number: what a node was merged into, the header of its loop, and whether it is
    /// one.
    private final int[] merged;

    private final int[] headerOf;
    private final boolean[] isHeader;
    private final boolean[] irreducible;

    /// Ways into irreducible loops, handed on to what is around them.
    private int[][] otherWays = {};

    Search(int nodes, int[] from, int[] to, int[] entries) {
      this.nodes = nodes;
      successors = Adjacency.of(nodes, from, to);
      predecessors = Adjacency.of(nodes, to, from);
      order = new int[nodes];
      Arrays.fill(order, NONE);
      nodeAt = new int[nodes];
      last = new int[nodes];
      for (int entry : entries) {
        walk(entry);
      }
      merged = new int[reached];
      headerOf = new int[reached];
      isHeader = new boolean[reached];
      irreducible = new boolean[reached];
    }

    /// Numbers what can be reached from a node, without recursion.
    private void walk(int entry) {
      if (order[entry] != NONE) {
        return;
      }
      int[] path = new int[nodes];
      int[] next = new int[nodes];
      int depth = 0;
      path[0] = entry;
      visit(entry, next, 0);
      while (depth >= 0) {
        int node = path[depth];
        if (next[depth] == successors.starts[node + 1]) {
          last[order[node]] = reached - 1;
          depth--;
          continue;
        }
        int successor = successors.others[next[depth]++];
        if (order[successor] == NONE) {
          path[++depth] = successor;
          visit(successor, next, depth);
        }
      }
    }

    private void visit(int node, int[] next, int depth) {
      order[node] = reached;
      nodeAt[reached++] = node;
      next[depth] = successors.starts[node];
    }

    private boolean isAncestor(int ancestor, int of) {
      return ancestor <= of && of <= last[ancestor];
    }

    private int find(int node) {
      int root = node;
      while (merged[root] != root) {
        root = merged[root];
      }
      int at = node;
      while (merged[at] != root) {
        int up = merged[at];
        merged[at] = root;
        at = up;
      }
      return root;
    }

    LoopForest forest() {
      otherWays = new int[reached][];
      Arrays.fill(headerOf, NONE);
      for (int n = 0; n < reached; n++) {
        merged[n] = n;
      }
      int[] body = new int[reached];
      boolean[] inBody = new boolean[reached];
      for (int w = reached - 1; w >= 0; w--) {
        findLoop(w, body, inBody);
      }
      return collect();
    }

    /// Finds the loop that a node is the header of, whose inner loops are merged already.
    private void findLoop(int w, int[] body, boolean[] inBody) {
      int size = 0;
      for (int p = predecessors.starts[nodeAt[w]]; p < predecessors.starts[nodeAt[w] + 1]; p++) {
        int v = order[predecessors.others[p]];
        if (v == NONE || !isAncestor(w, v)) {
          continue;
        }
        isHeader[w] = true;
        int root = find(v);
        if (root != w && !inBody[root]) {
          inBody[root] = true;
          body[size++] = root;
        }
      }
      for (int i = 0; i < size; i++) {
        int x = body[i];
        int node = nodeAt[x];
        for (int p = predecessors.starts[node]; p < predecessors.starts[node + 1]; p++) {
          int y = order[predecessors.others[p]];
          if (y != NONE && !isAncestor(x, y)) {
            size = addPredecessor(w, y, body, inBody, size);
          }
        }
        int[] ways = otherWays[x];
        for (int k = 0; ways != null && k < ways.length; k++) {
          if (!isAncestor(x, ways[k])) {
            size = addPredecessor(w, ways[k], body, inBody, size);
          }
        }
      }
      for (int i = 0; i < size; i++) {
        merged[body[i]] = w;
        headerOf[body[i]] = w;
        inBody[body[i]] = false;
      }
    }

    private int addPredecessor(int w, int y, int[] body, boolean[] inBody, int size) {
      int root = find(y);
      if (!isAncestor(w, root)) {
        irreducible[w] = true;
        int[] ways = otherWays[w];
        int length = ways == null ? 0 : ways.length;
        int[] more = ways == null ? new int[1] : Arrays.copyOf(ways, length + 1);
        more[length] = root;
        otherWays[w] = more;
      } else if (root != w && !inBody[root]) {
        inBody[root] = true;
        body[size] = root;
        return size + 1;
      }
      return size;
    }

    private LoopForest collect() {
      int[] loopAt = new int[reached];
      int count = 0;
      for (int n = 0; n < reached; n++) {
        loopAt[n] = isHeader[n] ? count++ : NONE;
      }
      int[] headers = new int[count];
      int[] parents = new int[count];
      int[] depths = new int[count];
      boolean[] several = new boolean[count];
      int[] loopOf = new int[nodes];
      Arrays.fill(loopOf, NONE);
      for (int n = 0; n < reached; n++) { // what is around comes first
        int around = headerOf[n] == NONE ? NONE : loopAt[headerOf[n]];
        int loop = loopAt[n];
        if (loop != NONE) {
          headers[loop] = nodeAt[n];
          parents[loop] = around;
          depths[loop] = around == NONE ? 1 : depths[around] + 1;
          several[loop] = irreducible[n];
        }
        loopOf[nodeAt[n]] = loop != NONE ? loop : around;
      }
      return new LoopForest(headers, parents, depths, several, loopOf);
    }
  }
}
