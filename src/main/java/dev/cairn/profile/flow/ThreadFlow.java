package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import dev.cairn.program.isa.BranchKind;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Where one thread stands, and what each execution means that is not just the next one of the same
/// function.
///
/// The rules, in the order in which they are tried when control goes by a return or an indirect
/// jump:
/// 1. To the return address of an activation with its stack pointer: it returns, and all it called
///    ends. The same on a stack that was left alone: the thread goes back to it.
/// 2. To the beginning of another function: a tail call, or, with a stack pointer that was set
///    elsewhere, the start of another stack.
/// 3. To the function that called an activation with just this stack pointer (`longjmp`, a landing
///    pad): the activation ends. The same on a stack that was left alone.
/// 4. With a stack pointer in the frame of that function, or at the end of any frame: what was
///    entered below it ends.
/// 5. With one on a stack that was left alone: the same there.
/// 6. Else it is a stack not seen before.
final class ThreadFlow {
  private final CodeTable code;
  private final ThreadStacks stacks;
  private final @Nullable MoveListener moves;

  /// Which functions without a symbol this thread has called: only these can be tail-called.
  private final BitSet calledFunctions;

  /// The row of the block executed last, and whether to its end.
  private int last = CodeTable.NONE;

  private boolean whole;

  /// Whether the stack pointer was set since the last execution.
  private boolean setSince;

  /// Whether control is on the way through stubs, from which call, with which stack pointer.
  private boolean linking;

  private int linkSite = CodeTable.NONE;
  private long linkStack;

  private Runnable learning = () -> {};

  /// What the handler that comes next interrupts.
  private @Nullable Interrupted interruption;

  ThreadFlow(
      int thread,
      CodeTable code,
      ActivationPool pool,
      FlowListener listener,
      @Nullable MoveListener moves) {
    this(code, new ThreadStacks(thread, pool, listener), moves, new BitSet());
  }

  private ThreadFlow(
      CodeTable code, ThreadStacks stacks, @Nullable MoveListener moves, BitSet calledFunctions) {
    this.code = code;
    this.stacks = stacks;
    this.moves = moves;
    this.calledFunctions = calledFunctions;
  }

  /// {@return another one that knows the same of the thread, for ways that are gone again}
  ThreadFlow stage(int thread, ActivationPool pool, FlowListener listener) {
    return new ThreadFlow(code, new ThreadStacks(thread, pool, listener), moves, calledFunctions);
  }

  /// Says what is run before the thread knows a function as one that it can tail-call.
  void runBeforeLearning(Runnable learning) {
    this.learning = learning;
  }

  ThreadStacks stacks() {
    return stacks;
  }

  /// {@return whether control is on the way through stubs}
  boolean isLinking() {
    return linking;
  }

  /// Stands behind a call that has not been followed yet.
  void stage(CallPath path) {
    stacks.stage(path);
    last = path.site;
    whole = true;
    setSince = false;
    linking = false;
    interruption = null;
  }

  /// Takes an execution, whatever it is.
  void take(int row, long word, @Nullable MoveListener moves) {
    Activation top = stacks.top();
    if (top == null || moves == null || !goesOn(row, word)) {
      execute(row, word);
    } else {
      moves.moved(top, CodeTable.block(last), CodeTable.block(row), stacks.instructions);
      perform(row, word);
    }
  }

  private boolean goesOn(int row, long word) {
    int from = previous();
    return code.isWhole(row, word)
        && (code.goesOn(from, row)
            || (stacks.stackPointer < jumpsBelow() && code.jumpsOn(from, row)));
  }

  /// Takes the execution behind a call that was passed over.
  ///
  /// @param site the row of the block that called
  /// @param returning the row of the block that returned
  void comeBack(int site, int returning, long word) {
    int row = CodeTable.row(EventWord.block(word));
    last = returning;
    whole = true;
    arriveFromCall(row, CodeTable.block(site));
    perform(row, word);
  }

  /// {@return the activation that the thread is in, or null before its first execution}
  @Nullable Activation current() {
    return stacks.top();
  }

  /// {@return the row to compare the next execution with: [CodeTable#NONE] if it is to be looked
  /// at}
  int previous() {
    return whole && !setSince && interruption == null ? last : CodeTable.NONE;
  }

  /// {@return instructions executed before the next execution}
  long instructions() {
    return stacks.instructions;
  }

  /// {@return the stack pointer that the next execution finds}
  long stackPointer() {
    return stacks.stackPointer;
  }

  /// {@return below which stack pointer an indirect jump from and to code without symbols stays in
  /// the present activation, as rules 1 to 4 find nothing there}
  long jumpsBelow() {
    Activation top = stacks.top();
    if (top == null
        || top.stackPointer == Activation.UNKNOWN_STACK
        || stacks.isSet()
        || stacks.present().apart > 0) {
      return Long.MIN_VALUE;
    }
    return top.stackPointer;
  }

  /// Says where the executions led that were just the next ones.
  ///
  /// @param previous the row of the last of them, or what [#previous] gave
  void at(int previous, long stackPointer, long instructions) {
    if (previous != CodeTable.NONE) {
      last = previous;
    }
    stacks.stackPointer = stackPointer;
    stacks.instructions = instructions;
  }

  /// Something is not known that was executed in between: ends everything.
  void lose(long instructions) {
    stacks.lose(instructions);
    last = CodeTable.NONE;
    setSince = false;
    linking = false;
    interruption = null;
  }

  /// Ends everything.
  void finish() {
    stacks.finish();
  }

  /// Takes a note.
  void note(long word) {
    switch (EventWord.note(word)) {
      case EventWord.NOTE_STACK -> {
        stacks.set(word);
        setSince = true;
      }
      case EventWord.NOTE_INTERRUPT -> interrupt(EventWord.address(word));
      default -> {}
    }
  }

  private void interrupt(long resumePc) {
    Interrupted returned = endHandler(resumePc);
    // Behind a handler of several that come at once stands the frame of the next one.
    long stackPointer =
        returned != null && returned.resumePc() == resumePc
            ? returned.stackPointer()
            : stacks.stackPointer;
    interruption =
        new Interrupted(resumePc, stackPointer, last, whole, linking, linkSite, linkStack);
    setSince = false;
  }

  /// Takes an execution that is not just the next one.
  void execute(int row, long word) {
    if (setSince || linking || !whole || interruption != null || !callsOrReturns(row)) {
      arrive(row);
    }
    perform(row, word);
  }

  private void perform(int row, long word) {
    int first = EventWord.first(word);
    int until = EventWord.end(word);
    if (moves != null) {
      Activation current = stacks.top();
      if (current != null) {
        moves.executed(current, CodeTable.block(row), until - first, stacks.instructions);
      }
    }
    whole = code.isWhole(row, word);
    stacks.instructions += until - first;
    stacks.stackPointer += whole ? code.effect(row) : code.effect(row, first, until);
    last = row;
    setSince = false;
  }

  /// Takes the usual call of a function and the usual return, which are most of what is looked at.
  ///
  /// @return whether it was one
  private boolean callsOrReturns(int row) {
    Activation top = stacks.top();
    if (top == null) {
      return false;
    }
    if (code.returns(last)) {
      if (!isReturn(row, top)) {
        return false;
      }
      int site = top.callSite;
      stacks.leave(top);
      arriveFromCall(row, site);
      return true;
    }
    if (code.calls(last) && (code.begins(row) || code.wasCalled(row))) {
      call(row, last, stacks.stackPointer);
      return true;
    }
    return false;
  }

  private void arrive(int row) {
    Interrupted taken = interruption;
    if (taken != null) {
      interruption = null;
      linking = false;
      int handler = code.called(row);
      stacks.push(
          CodeTable.block(row), handler, -1, Activation.UNKNOWN_RETURN, stacks.stackPointer, taken);
      return;
    }
    Interrupted returned = endHandler(code.pc(row));
    Activation top = stacks.top();
    if (top == null) {
      begin(row);
    } else if (returned != null && returned.resumePc() != code.pc(row)) {
      jump(row, top, false);
    } else {
      step(row, top, whole ? code.kind(last) : BranchKind.NONE);
    }
  }

  private void step(int row, Activation top, BranchKind kind) {
    if (linking) {
      goOnLinking(row, top, kind);
      return;
    }
    switch (kind) {
      case CALL, INDIRECT_CALL -> {
        if (code.isLinkage(row)) {
          link(last, stacks.stackPointer);
        } else if (code.pc(row) == code.endPc(last) && code.function(row) == code.function(last)) {
          stay(row, top, last); // only the address was wanted
        } else {
          call(row, last, stacks.stackPointer);
        }
      }
      case RETURN, INDIRECT_JUMP -> {
        if (isReturn(row, top)) {
          int site = top.callSite;
          stacks.leave(top);
          arriveFromCall(row, site);
        } else {
          jump(row, top, kind == BranchKind.RETURN);
        }
      }
      default -> direct(row, top);
    }
  }

  private boolean isReturn(int row, Activation top) {
    return top.returnAddress == code.pc(row)
        && (top.stackPointer == stacks.stackPointer
            || top.stackPointer == Activation.UNKNOWN_STACK);
  }

  private void link(int site, long callStack) {
    linking = true;
    linkSite = site;
    linkStack = callStack;
  }

  private void goOnLinking(int row, Activation top, BranchKind kind) {
    if (kind != BranchKind.INDIRECT_JUMP || code.isLinkage(row)) {
      return;
    }
    linking = false;
    if (linkSite != CodeTable.NONE) {
      call(row, linkSite, linkStack);
    } else {
      tailCall(row, code.called(row), top);
    }
  }

  private void direct(int row, Activation top) {
    if (code.isLinkage(row)) {
      link(CodeTable.NONE, 0);
      return;
    }
    int function = beginning(row);
    if (function >= 0 && function != top.function) {
      tailCall(row, function, top);
    } else {
      stay(row, top, last);
    }
  }

  /// {@return the function that a block is the beginning of as far as the thread knows, or -1}
  private int beginning(int row) {
    int function = code.function(row);
    if (code.begins(row) || (code.wasCalled(row) && calledFunctions.get(function))) {
      return function;
    }
    return -1;
  }

  /// {@return the function that begins with a block, as the thread knows from now on}
  private int learn(int row) {
    int function = code.called(row);
    if (code.wasCalled(row) && !calledFunctions.get(function)) {
      learning.run();
      calledFunctions.set(function);
    }
    return function;
  }

  private void call(int row, int site, long callStack) {
    stacks.push(
        CodeTable.block(row), learn(row), CodeTable.block(site), code.endPc(site), callStack, null);
  }

  private void tailCall(int row, int function, Activation top) {
    int site = top.callSite;
    long returnAddress = top.returnAddress;
    long entryStack = top.stackPointer;
    Interrupted interrupted = top.interrupted;
    stacks.leave(top);
    stacks.push(CodeTable.block(row), function, site, returnAddress, entryStack, interrupted);
  }

  /// Starts with an activation that nothing is known of but where it stands.
  private void begin(int row) {
    long entryStack = code.begins(row) ? stacks.stackPointer : Activation.UNKNOWN_STACK;
    stacks.begin(CodeTable.block(row), code.enclosing(row), entryStack);
  }

  private void stay(int row, Activation top, int from) {
    if (moves != null && from != CodeTable.NONE) {
      moves.moved(top, CodeTable.block(from), CodeTable.block(row), stacks.instructions);
    }
  }

  /// Control came back to the activation that is now on top.
  ///
  /// @param site the block by which it made the call that has ended, or -1
  private void arriveFromCall(int row, int site) {
    Activation top = stacks.top();
    if (top == null) {
      begin(row);
    } else {
      stay(row, top, site < 0 ? last : CodeTable.row(site));
    }
  }

  /// Ends the handler that returns to where it came from, if one does.
  ///
  /// @param pc where the thread goes on
  /// @return what it had interrupted, which may go on elsewhere; null if none returns
  private @Nullable Interrupted endHandler(long pc) {
    if (!setSince || !whole || code.kind(last) != BranchKind.SYSTEM_CALL) {
      return null;
    }
    Activation handler = stacks.present().handler();
    Interrupted taken = handler == null ? null : handler.interrupted;
    if (handler == null
        || taken == null
        || (taken.resumePc() != pc && taken.stackPointer() != stacks.stackPointer)) {
      return null;
    }
    stacks.leaveThrough(handler);
    last = taken.last();
    whole = taken.whole();
    linking = taken.linking();
    linkSite = taken.linkSite();
    linkStack = taken.linkStack();
    setSince = false;
    return taken;
  }

  /// Control went by a return or an indirect jump, and not back to the caller.
  private void jump(int row, Activation top, boolean returns) {
    if (returns && top.interrupted != null && top.stackPointer == stacks.stackPointer) {
      stay(row, top, last); // to the code that goes back to what was interrupted
      return;
    }
    if (!returns && code.isLinkage(row)) {
      link(CodeTable.NONE, 0);
      return;
    }
    if (isReturnOfAnother(row)) {
      return;
    }
    int function = beginning(row);
    if (function < 0 && !returns && !stacks.isSet() && code.file(row) != code.file(last)) {
      function = code.called(row); // files go to one another's functions only
    }
    if (function < 0 || function == top.function) {
      if (!returns && staysIn(row, top)) {
        stay(row, top, last);
      } else {
        land(row, top, returns);
      }
    } else if (stacks.isSet() && leavesStack(top)) {
      stacks.startStack();
      stacks.begin(CodeTable.block(row), function, stacks.stackPointer);
    } else {
      tailCall(row, function, top);
    }
  }

  /// {@return whether what a jump enters is not in the place of the activation that jumps}
  private boolean leavesStack(Activation top) {
    return stacks.isKnown() && top.stackPointer != stacks.stackPointer && top.caller != null;
  }

  /// {@return whether an indirect jump goes on in the activation that it is in}
  private boolean staysIn(int row, Activation top) {
    if (!stacks.isSet()) {
      int known = code.function(row);
      return known == top.function || known < 0;
    }
    long stackPointer = stacks.stackPointer;
    CallStack other = stacks.suspendedAt(stackPointer);
    return stackPointer < top.stackPointer
        && code.isIn(row, top.function)
        && (other == null || !other.isLeftAt(code, row, stackPointer));
  }

  /// Looks for an activation further down, or on another stack, that returns here.
  private boolean isReturnOfAnother(int row) {
    long pc = code.pc(row);
    long stackPointer = stacks.stackPointer;
    Activation returning = stacks.present().returning(pc, stackPointer);
    if (returning == null && stacks.isSet()) {
      CallStack other = stacks.suspendedAt(stackPointer);
      returning = other == null ? null : other.returning(pc, stackPointer);
      if (other != null && returning != null) {
        stacks.resume(other);
      }
    }
    if (returning == null) {
      return false;
    }
    arriveFromCall(row, stacks.leaveThrough(returning));
    return true;
  }

  /// Control came into the middle of a function, not by a return that is known.
  private void land(int row, Activation top, boolean returns) {
    long stackPointer = stacks.stackPointer;
    Activation called = stacks.present().calledFrom(code, row, stackPointer);
    if (called != null) {
      arriveFromCall(row, stacks.leaveThrough(called));
      return;
    }
    CallStack other = stacks.isSet() ? stacks.suspendedAt(stackPointer) : null;
    if (other != null && other.isLeftAt(code, row, stackPointer)) {
      stacks.resume(other);
      unwind(row);
      return;
    }
    Activation handler = stacks.present().handlerAbove(stackPointer);
    if (handler != null) {
      stacks.leaveThrough(handler);
      unwind(row);
      return;
    }
    landSomewhere(row, top, returns, other);
  }

  /// @param other a stack that was left alone and that the stack pointer lies on, or null
  private void landSomewhere(int row, Activation top, boolean returns, @Nullable CallStack other) {
    boolean here =
        !stacks.isSet()
            || !stacks.isKnown()
            || stacks.present().holds(code, row, stacks.stackPointer);
    if (returns && here && top.returnAddress == code.pc(row)) {
      arriveFromCall(row, stacks.leaveThrough(top));
    } else if (returns && top.caller == null && (here || other == null)) {
      stacks.leave(top);
      begin(row);
    } else if (here) {
      unwind(row);
    } else if (other != null) {
      stacks.resume(other);
      unwind(row);
    } else {
      stacks.startStack();
      stacks.begin(CodeTable.block(row), learn(row), Activation.UNKNOWN_STACK);
    }
  }

  /// Ends what was entered below the stack pointer.
  private void unwind(int row) {
    long stackPointer = stacks.stackPointer;
    Activation called = stacks.present().calledFrom(code, row, stackPointer);
    if (called != null) {
      arriveFromCall(row, stacks.leaveThrough(called));
      return;
    }
    boolean ended = false;
    int site = -1;
    Activation top = stacks.top();
    while (top != null && top.stackPointer < stackPointer) {
      site = top.callSite;
      stacks.leave(top);
      ended = true;
      top = stacks.top();
    }
    if (ended && top != null && top.stackPointer == stackPointer && !goesOn(row, top)) {
      site = top.callSite;
      stacks.leave(top);
    }
    arriveFromCall(row, site);
  }

  /// {@return whether control is in an activation that was entered with just this stack pointer,
  /// and not in its caller}
  private boolean goesOn(int row, Activation top) {
    Activation caller = top.caller;
    return caller == null || (code.isIn(row, top.function) && !code.isIn(row, caller.function));
  }
}
