package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Calls of one thread that go a way that has been gone before: found by their words, counted, and
/// told to the listener when something else depends on it or at the end.
///
/// A way is kept when it has been gone the usual way once, if nothing on it depended on more than
/// the code and whether the functions entered were live: no signal, no other stack, nothing left
/// half-way, and all functions such that the listener takes them later.
///
/// A call whose ways are many, or long, is not looked up for a while: its place loses credit when
/// no way is found, and gains some when one is.
final class RepeatedCalls {
  private static final int FIRST_CREDIT = 64;
  private static final int MOST_CREDIT = 512;
  private static final int FOUND_CREDIT = 2;
  private static final int AGAIN_CREDIT = 16;
  private static final int FIRST_PAUSE = 1 << 9;
  private static final int LONGEST_PAUSE = 1 << 14;

  private final CodeTable code;
  private final ThreadFlow flow;
  private final ThreadStacks stacks;
  private final FlowListener listener;
  private final @Nullable MoveListener moves;

  /// Goes the ways again when they are told.
  private final ThreadFlow stage;

  private final PathTree tree = new PathTree();
  private final EnteredFunctions entered = new EnteredFunctions();

  /// By block that calls: above 0 how often a way may still be missed, below how many calls are
  /// passed over first.
  private int[] credit = {};

  /// By block that calls: how many calls were passed over when its credit was used up.
  private int[] pause = {};

  /// Whether other threads may be in the same functions.
  private boolean others;

  /// The way that is being gone, if one is to be kept: the activation that called, since when it
  /// is, the row of the call, where the words begin, and what was counted before.
  private @Nullable Activation caller;

  private long callerSince;
  private int site;
  private int start;
  private long instructions;
  private long callees;

  RepeatedCalls(
      CodeTable code,
      ThreadFlow flow,
      ThreadFlow stage,
      FlowListener listener,
      @Nullable MoveListener moves) {
    this.code = code;
    this.flow = flow;
    this.stage = stage;
    this.listener = listener;
    this.moves = moves;
    stacks = flow.stacks();
  }

  /// Says that there are other threads.
  void haveOthers() {
    others = true;
  }

  /// Takes a call with all up to the execution behind its return, if it goes a known way.
  ///
  /// @param words from `first`, the first behind the call, up to `until`
  /// @return how many were taken; 0 if none was
  int take(long[] words, int first, int until) {
    int from = flow.previous();
    if (caller != null || from == CodeTable.NONE || !code.calls(from) || flow.isLinking()) {
      return 0;
    }
    Activation top = stacks.top();
    if (top == null || !mayFind(from) || !stacks.isSimple() || !lies(top)) {
      return 0;
    }
    CallPath path = tree.find(from, words, first, until);
    int block = CodeTable.block(from);
    if (path == null) {
      miss(block);
      begin(top, from, first);
      return 0;
    }
    int behind = first + path.words.length;
    if (behind >= until
        || path.function != top.function
        || !isBehind(from, words[behind])
        || !isAs(path)) {
      miss(block);
      return 0;
    }
    credit[block] = Math.min(MOST_CREDIT, credit[block] + FOUND_CREDIT);
    pass(path);
    flow.comeBack(from, path.last(), words[behind]);
    return path.words.length + 1;
  }

  private boolean mayFind(int from) {
    int block = CodeTable.block(from);
    if (block >= credit.length) {
      int length = credit.length;
      credit = Arrays.copyOf(credit, Math.max(block + 1, length * 2));
      Arrays.fill(credit, length, credit.length, FIRST_CREDIT);
      pause = Arrays.copyOf(pause, credit.length);
    }
    if (credit[block] > 0) {
      return true;
    }
    credit[block] = credit[block] == -1 ? AGAIN_CREDIT : credit[block] + 1;
    return false;
  }

  private void miss(int block) {
    if (--credit[block] == 0) {
      pause[block] = Math.clamp(pause[block] * 2L, FIRST_PAUSE, LONGEST_PAUSE);
      credit[block] = -pause[block];
    }
  }

  /// {@return whether nothing below an activation can be returned to by what it calls}
  private boolean lies(Activation top) {
    return top.stackPointer != Activation.UNKNOWN_STACK && top.stackPointer > stacks.stackPointer;
  }

  private boolean isBehind(int from, long word) {
    return EventWord.kind(word) == EventWord.EXECUTION
        && code.pc(CodeTable.row(EventWord.block(word))) == code.endPc(from);
  }

  /// {@return whether the same functions are live as when the way was gone first, and none deeper
  /// than ever before}
  private boolean isAs(CallPath path) {
    for (int i = 0; i < path.functions.length; i++) {
      int function = path.functions[i];
      int live = stacks.live(function);
      if ((live > 0) != path.live[i] || live + path.depths[i] > stacks.deepest(function)) {
        return false;
      }
    }
    return true;
  }

  private void pass(CallPath path) {
    path.times++;
    stacks.pass(path.instructions, path.callees);
    for (int i = 0; i < path.functions.length; i++) {
      if (others || path.live[i]) {
        for (long word : path.words) {
          listener.passed(path.functions[i], EventWord.block(word));
        }
      }
    }
  }

  private void begin(Activation top, int from, int first) {
    caller = top;
    callerSince = top.firstInstruction;
    site = from;
    start = first;
    instructions = stacks.instructions;
    callees = top.callees;
    entered.clear();
    stacks.note(entered);
  }

  /// Gives up the way that is being gone.
  void giveUp() {
    caller = null;
    stacks.note(null);
  }

  /// An execution was taken the usual way.
  ///
  /// @param at its index among the words
  void executed(long[] words, int at) {
    if (caller == null) {
      return;
    }
    if (at - start > PathTree.LONGEST || !stacks.isSimple()) {
      giveUp();
    } else if (stacks.top() == caller && caller.firstInstruction == callerSince) {
      if (entered.size() > 0) {
        end(words, at);
      } else if (!flow.isLinking() && at > start) {
        giveUp();
      }
    }
  }

  private void end(long[] words, int at) {
    Activation top = caller;
    giveUp();
    long[] path = Arrays.copyOfRange(words, start, at);
    if (top == null || path.length == 0 || !isBehind(site, words[at]) || !goesAndReturns(path)) {
      return;
    }
    boolean[] live = entered.live();
    int[] functions = entered.functions();
    for (int i = 0; i < functions.length; i++) {
      if (!listener.takesRepeats(functions[i], live[i])) {
        return;
      }
    }
    CallPath made =
        new CallPath(
            site,
            top.function,
            path,
            stacks.instructions
                - EventWord.end(words[at])
                + EventWord.first(words[at])
                - instructions,
            top.callees - callees,
            functions,
            live,
            entered.depths());
    if (tree.isFull()) {
      settle();
    }
    tree.add(made);
  }

  /// {@return whether executions are whole, and end with a return at the stack pointer that they
  /// began with}
  private boolean goesAndReturns(long[] path) {
    long effect = 0;
    for (long word : path) {
      int row = CodeTable.row(EventWord.block(word));
      if (EventWord.kind(word) != EventWord.EXECUTION || !code.isWhole(row, word)) {
        return false;
      }
      effect += code.effect(row);
    }
    return effect == 0 && code.returns(CodeTable.row(EventWord.block(path[path.length - 1])));
  }

  /// Tells of all ways that enter a function, and forgets all if there are any.
  void settle(int function) {
    for (CallPath path : tree.paths()) {
      if (path.enters(function)) {
        settle();
        return;
      }
    }
  }

  /// Tells of all ways, and forgets them.
  void settle() {
    giveUp();
    for (CallPath path : tree.paths()) {
      if (path.times > 0) {
        tell(path);
      }
    }
    tree.clear();
  }

  private void tell(CallPath path) {
    listener.beginRepeats(0);
    stage.stage(path);
    listener.beginRepeats(path.times);
    for (long word : path.words) {
      stage.take(CodeTable.row(EventWord.block(word)), word, moves);
    }
    stage.stacks().returnToStage();
    listener.beginRepeats(0);
    stage.stacks().leaveStage(path);
    listener.endRepeats();
  }
}
