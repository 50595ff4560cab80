package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes stretches of one thread's way that have been gone before at once, with the calls in them
/// that go known ways, see [RepeatedCalls].
///
/// A stretch is made of a way that has been gone some times, if all of it stays in one activation
/// and nothing on it depends on when it is gone. So few are kept that they stay in the processor's
/// cache. From a block from which none is found most of the time, none is looked for for a while.
///
/// Not used where there are several threads, as what a [MoveListener] keeps of a stretch is when it
/// was gone last.
final class Stretches {
  private static final int FIRST_CREDIT = 256;
  private static final int MOST_CREDIT = 512;
  private static final int FOUND_CREDIT = 4;
  private static final int AGAIN_CREDIT = 16;
  private static final int PAUSE = 256;

  /// How many stretches are kept; with more, going without is faster, and is done for so many
  /// batches.
  private static final int MOST = 1024;

  private static final int FIRST_REST = 1 << 16;
  private static final int LONGEST_REST = 1 << 24;

  /// How often a full tree is missed before all is forgotten.
  private static final int MOST_MISSES = 1 << 19;

  private final CodeTable code;
  private final ThreadFlow flow;
  private final ThreadStacks stacks;
  private final RepeatedCalls calls;
  private final @Nullable MoveListener moves;
  private final StretchTree tree;
  private final BitSet functions = new BitSet();
  private final List<Stretch> made = new ArrayList<>();
  private boolean used;

  /// For how many batches none is used, and how many it will be the next time.
  private int resting;

  private int rest = FIRST_REST;

  /// By block: above 0 how often nothing may still be found from there on, below how often it is
  /// not looked for first.
  private int[] credit = {};

  private int misses;

  /// The way of a stretch that is being made: its blocks, and instructions before each.
  private final int[] blocks = new int[StretchTree.LONGEST];

  private final int[] before = new int[StretchTree.LONGEST];

  Stretches(CodeTable code, ThreadFlow flow, RepeatedCalls calls, @Nullable MoveListener moves) {
    this.code = code;
    this.flow = flow;
    this.calls = calls;
    this.moves = moves;
    stacks = flow.stacks();
    tree = new StretchTree(code);
    used = moves == null || moves.takesStretches();
  }

  /// Uses none from now on.
  void stop() {
    settle();
    used = false;
    resting = 0;
  }

  /// Goes without for a while, in a program whose ways are too many.
  private void rest() {
    settle();
    tree.clear();
    used = false;
    resting = rest;
    rest = Math.min(LONGEST_REST, rest * 2);
  }

  /// Makes ready for a batch.
  void begin() {
    if (resting > 0 && --resting == 0) {
      used = true;
    }
    int known = code.blocks();
    if (known > credit.length) {
      int length = credit.length;
      credit = Arrays.copyOf(credit, Math.max(known, length * 2));
      Arrays.fill(credit, length, credit.length, FIRST_CREDIT);
    }
  }

  /// {@return whether stretches are looked for}
  boolean areUsed() {
    return used;
  }

  /// {@return a stretch that words go on from a block, or null}
  ///
  /// @param from the row that [ThreadFlow#previous] would give
  @Nullable Stretch find(int from, long[] words, int first, int until) {
    if (!used || from == CodeTable.NONE || !mayFind(CodeTable.block(from))) {
      return null;
    }
    Stretch found = tree.find(from, words, first, until);
    int worth = tree.worth();
    if (worth >= 0 && made.size() == MOST) {
      rest();
      return null;
    }
    if (worth >= 0) {
      Stretch longer = make(from, words, first, tree.behind());
      if (longer != null) {
        tree.set(worth, longer);
        longer.row = worth;
        made.add(longer);
        found = longer;
      }
    }
    if (found == null) {
      miss(CodeTable.block(from));
    }
    return found;
  }

  private boolean mayFind(int block) {
    if (credit[block] > 0) {
      return true;
    }
    credit[block] = credit[block] == -1 ? AGAIN_CREDIT : credit[block] + 1;
    return false;
  }

  private void miss(int block) {
    if (--credit[block] == 0) {
      credit[block] = -PAUSE;
    }
    if (tree.isFull() && ++misses > MOST_MISSES) {
      settle();
      tree.clear();
      misses = 0;
    }
  }

  /// Takes a stretch, if the thread is where it can be gone, and those that follow.
  ///
  /// @param words of which those from `first` on go the stretch
  /// @return how many words were taken; 0 if none was
  int go(Stretch stretch, long[] words, int first, int until) {
    int i = first;
    Stretch next = stretch;
    while (next != null) {
      int taken = take(next, words, i, until);
      i += taken;
      next = taken == 0 ? null : find(next.last, words, i, until);
    }
    return i - first;
  }

  /// Takes a stretch, as often as it is gone in a row, if the thread is where it can be gone.
  ///
  /// @param words of which those from `first` on go it
  /// @return how many words were taken; 0 if none was
  private int take(Stretch stretch, long[] words, int first, int until) {
    Activation top = stacks.top();
    MoveStretch means = stretch.moves;
    int block = CodeTable.block(flow.previous());
    if (top == null
        || !stretch.isLive
        || stretch.function != top.function
        || !mayGo(stretch, top)
        || (means != null && !means.fits(top))) {
      miss(block);
      return 0;
    }
    credit[block] = Math.min(MOST_CREDIT, credit[block] + FOUND_CREDIT);
    int length = stretch.words.length;
    long times = 1;
    if (stretch.last == stretch.from && stretch.effect == 0) {
      int next = first + length;
      int differs = Arrays.mismatch(words, next, until, words, first, until - length);
      times += (differs < 0 ? until - next : differs) / length;
    }
    if (means != null) {
      means.went(top, times, stretch.instructions, stacks.instructions);
    }
    stretch.times += times;
    long count = stretch.instructions * times;
    if (stretch.callees > 0) {
      stacks.pass(count, stretch.callees * times);
    } else {
      stacks.instructions += count;
    }
    flow.at(stretch.last, stacks.stackPointer + stretch.effect, stacks.instructions);
    return (int) (length * times);
  }

  private boolean mayGo(Stretch stretch, Activation top) {
    if (stretch.highest == Long.MIN_VALUE) {
      return true;
    }
    if (stacks.stackPointer + stretch.highest >= flow.jumpsBelow()) {
      return false;
    }
    if (stretch.calls.length == 0) {
      return true;
    }
    if (!stacks.isSimple()) {
      return false;
    }
    if (stretch.callsFit != top.firstInstruction) {
      for (CallPath call : stretch.calls) {
        if (!calls.isAs(call)) {
          return false;
        }
      }
      stretch.callsFit = top.firstInstruction;
    }
    return true;
  }

  /// {@return the stretch that words go in the present activation, or null if not all of it is
  /// known}
  private @Nullable Stretch make(int from, long[] words, int first, int until) {
    Activation top = stacks.top();
    if (top == null) {
      return null;
    }
    List<CallPath> paths = new ArrayList<>();
    int row = from;
    int size = 0;
    long instructions = 0;
    long callees = 0;
    long inCalls = 0;
    long stackPointer = 0;
    long highest = Long.MIN_VALUE;
    for (int i = first; i < until; i++) {
      int next = CodeTable.row(EventWord.block(words[i]));
      if (!code.isWhole(next, words[i]) || !code.goesOn(row, next)) {
        highest = Math.max(highest, stackPointer);
        if (code.calls(row)) {
          CallPath path = calls.find(row, words, i, until);
          if (path == null || path.function != top.function) {
            return null;
          }
          paths.add(path);
          instructions += path.instructions;
          inCalls += path.instructions;
          callees += path.callees;
          i += path.words.length;
          next = CodeTable.row(EventWord.block(words[i]));
        } else if (!code.jumpsOn(row, next)) {
          return null;
        }
        if (!code.isWhole(next, words[i])) {
          return null;
        }
      }
      blocks[size] = CodeTable.block(next);
      before[size++] = (int) instructions;
      instructions += EventWord.end(words[i]);
      stackPointer += code.effect(next);
      row = next;
    }
    MoveStretch means = null;
    if (moves != null) {
      means =
          moves.stretch(
              top.function,
              CodeTable.block(from),
              Arrays.copyOf(blocks, size),
              Arrays.copyOf(before, size),
              instructions - inCalls);
      if (means == null) {
        return null;
      }
    }
    functions.set(top.function);
    return new Stretch(
        top.function,
        from,
        row,
        Arrays.copyOfRange(words, first, until),
        instructions,
        callees,
        stackPointer,
        highest,
        paths.toArray(CallPath[]::new),
        means);
  }

  /// Tells of all stretches, and forgets them.
  void settle() {
    settle(_ -> true);
    functions.clear();
  }

  /// Tells of a function's stretches, and forgets them.
  void settle(int function) {
    if (functions.get(function)) {
      functions.clear(function);
      settle(stretch -> stretch.function == function);
    }
  }

  /// Tells of those in which something is called, and forgets them.
  void settleCalls() {
    settle(stretch -> stretch.calls.length > 0);
  }

  private void settle(Predicate<Stretch> which) {
    made.removeIf(stretch -> {
      boolean ends = which.test(stretch);
      if (ends) {
        stretch.tell();
        tree.forget(stretch.row);
      }
      return ends;
    });
  }
}
