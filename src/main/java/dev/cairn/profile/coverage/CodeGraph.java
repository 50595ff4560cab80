package dev.cairn.profile.coverage;

import dev.cairn.program.CodeImage;
import dev.cairn.program.debug.LineTable;
import dev.cairn.program.isa.BranchKind;
import java.util.Arrays;
import java.util.TreeMap;

/// The blocks of all code of a file that has lines of source, executed or not, the ways between
/// them that a run took inside of functions, and the lines of each.
///
/// **Shape**: blocks are numbered from 0 by address, parallel arrays. Addresses are the file's own.
/// They begin at each target of a branch and behind each branch, whether it was taken or not, and
/// where a true block of the run begins. A *line* is a file's index in the table and the number:
/// `file << 32 | number`, [#NONE] where none is known. A *way* from a call leads behind it, when
/// the callee returned.
final class CodeGraph {
  static final long NONE = -1;

  private final CodeImage image;
  final LineTable table;
  final int size;
  final long[] starts;
  final long[] ends;
  final BranchKind[] kinds;

  /// Of a direct branch at the end.
  final long[] targets;

  /// The start of the function, or [#NONE].
  final long[] functions;

  /// The lines whose rows begin in a block, distinct, and the one that it belongs to.
  final long[][] passed;

  final long[] lines;
  final long[] executions;

  /// How often each way was taken, by `from << 32 | to`.
  final TreeMap<Long, Long> ways = new TreeMap<>();

  CodeGraph(CodeImage image, LineTable table, int size) {
    this.image = image;
    this.table = table;
    this.size = size;
    starts = new long[size];
    ends = new long[size];
    kinds = new BranchKind[size];
    targets = new long[size];
    functions = new long[size];
    passed = new long[size][];
    lines = new long[size];
    executions = new long[size];
    Arrays.fill(lines, NONE);
  }

  CodeImage image() {
    return image;
  }

  /// {@return the block that begins at an address, or -1}
  int startingAt(long address) {
    int index = Arrays.binarySearch(starts, address);
    return index < 0 ? -1 : index;
  }

  /// {@return the block that an address lies in, or -1}
  int holding(long address) {
    int index = Arrays.binarySearch(starts, address);
    int block = index >= 0 ? index : -index - 2;
    return block >= 0 && address < ends[block] ? block : -1;
  }

  /// {@return the block right behind another in the same function, or -1}
  int behind(int block) {
    int next = block + 1;
    boolean follows =
        next < size && starts[next] == ends[block] && functions[next] == functions[block];
    return follows ? next : -1;
  }

  /// {@return the block of the same function that a direct branch at the end leads to, or -1}
  int target(int block) {
    if (kinds[block] != BranchKind.JUMP && kinds[block] != BranchKind.CONDITIONAL) {
      return -1;
    }
    int target = startingAt(targets[block]);
    return target >= 0 && functions[target] == functions[block] ? target : -1;
  }

  void addWay(int from, int to, long count) {
    if (count > 0) {
      ways.merge(way(from, to), count, Long::sum);
    }
  }

  long taken(int from, int to) {
    return to < 0 ? 0 : ways.getOrDefault(way(from, to), 0L);
  }

  private static long way(int from, int to) {
    return (long) from << 32 | to;
  }

  static int file(long line) {
    return (int) (line >>> 32);
  }

  static int number(long line) {
    return (int) line;
  }
}
