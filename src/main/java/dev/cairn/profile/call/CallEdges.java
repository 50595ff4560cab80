package dev.cairn.profile.call;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/// Edges of tables put together: those from blocks that share a call instruction are one.
final class CallEdges {
  private record Key(int caller, long site, int callee) {}

  private static final Comparator<Key> ORDER =
      Comparator.comparingInt(Key::caller)
          .thenComparing(Key::site, Long::compareUnsigned)
          .thenComparingInt(Key::callee);

  private final TreeMap<Key, CallEdge> edges = new TreeMap<>(ORDER);
  private final int[] indices;
  private final List<FunctionProfile> functions;
  private final long[] sites;

  /// @param indices of functions, by number
  /// @param functions by index
  /// @param sites the address of a block's last instruction, by block
  CallEdges(int[] indices, List<FunctionProfile> functions, long[] sites) {
    this.indices = indices;
    this.functions = functions;
    this.sites = sites;
  }

  void add(EdgeTable table) {
    for (int i = 0; i < table.size(); i++) {
      if (table.calls(i) == 0) {
        continue; // what only led to calls that were told later
      }
      int caller = table.caller(i) < 0 ? -1 : indices[table.caller(i)];
      int callee = indices[table.callee(i)];
      long site = table.site(i) < 0 ? -1 : sites[table.site(i)];
      boolean library =
          caller >= 0
              && table.site(i) >= 0
              && !Objects.equals(functions.get(caller).file(), functions.get(callee).file());
      CallEdge edge =
          new CallEdge(
              caller,
              site,
              callee,
              table.calls(i),
              table.inclusive(i),
              table.minimum(i),
              table.maximum(i),
              library);
      edges.merge(new Key(caller, site, callee), edge, CallEdges::sum);
    }
  }

  private static CallEdge sum(CallEdge a, CallEdge b) {
    return new CallEdge(
        a.caller(),
        a.site(),
        a.callee(),
        a.calls() + b.calls(),
        a.inclusive() + b.inclusive(),
        Math.min(a.minimum(), b.minimum()),
        Math.max(a.maximum(), b.maximum()),
        a.library());
  }

  /// {@return the edges by caller, site and callee}
  List<CallEdge> list() {
    return new ArrayList<>(edges.values());
  }
}
