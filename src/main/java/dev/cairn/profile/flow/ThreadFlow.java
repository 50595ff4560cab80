package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import dev.cairn.program.isa.BranchKind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where one thread stands: its stacks, and what each execution means that is not just the next one
/// of the same function.
///
/// The rules, in the order in which they are tried when control goes by a return or an indirect
/// jump:
/// 1. To the return address of an activation with its stack pointer: it returns, and all it called
///    ends. The same on a stack that was left alone: the thread goes back to it.
/// 2. To the beginning of another function: a tail call, or, with a stack pointer that lies on no
///    part of this stack, the start of another one.
/// 3. To the function that called an activation with just this stack pointer (`longjmp`, a landing
///    pad): the activation ends.
/// 4. With a stack pointer on this stack: what was entered below it ends.
/// 5. With one on a stack that was left alone: the same there.
/// 6. Else it is a stack not seen before, or a jump to code that functions share.
final class ThreadFlow {
  /// So near to the beginning of a stack that was left alone, a new one takes its place.
  private static final long SAME_STACK_BYTES = 128;

  private final int thread;
  private final CodeTable code;
  private final ActivationPool pool;
  private final FlowListener listener;
  private final @Nullable MoveListener moves;

  /// Which functions without a symbol this thread has called: only these can be tail-called.
  private final BitSet calledFunctions = new BitSet();

  /// How many live activations of each function there are on the present stack.
  private int[] live = new int[256];

  /// Stacks that were left alone, by [CallStack#high].
  private final TreeMap<Long, CallStack> suspended = new TreeMap<>();

  private CallStack stack = new CallStack(0);

  /// Instructions executed before the next execution.
  long instructions;

  /// The stack pointer that it finds.
  long stackPointer;

  /// The row of the block executed last, and whether to its end.
  private int last = CodeTable.NONE;

  private boolean whole;

  /// Up to where instructions have been added to an activation.
  private long charged;

  /// Whether [#stackPointer] is the register's, not only its changes.
  private boolean known;

  /// Whether the stack pointer was set since control came into the activation, and what it was.
  private boolean set;

  private long before;

  /// Whether it was set since the last execution.
  private boolean setSince;

  /// Whether control is on the way through stubs, from which call, with which stack pointer.
  private boolean linking;

  private int linkSite = CodeTable.NONE;
  private long linkStack;

  /// What the handler that comes next interrupts.
  private @Nullable Interrupted interruption;

  ThreadFlow(
      int thread,
      CodeTable code,
      ActivationPool pool,
      FlowListener listener,
      @Nullable MoveListener moves) {
    this.thread = thread;
    this.code = code;
    this.pool = pool;
    this.listener = listener;
    this.moves = moves;
  }

  /// {@return the activation that the thread is in, or null before its first execution}
  @Nullable Activation current() {
    return stack.top;
  }

  /// {@return the row to compare the next execution with: [CodeTable#NONE] if it is to be looked
  /// at}
  int previous() {
    return whole && !setSince && interruption == null ? last : CodeTable.NONE;
  }

  /// Says where the executions led that were just the next ones.
  ///
  /// @param previous the row of the last of them, or what [#previous] gave
  void at(int previous, long stackPointer, long instructions) {
    if (previous != CodeTable.NONE) {
      last = previous;
    }
    this.stackPointer = stackPointer;
    this.instructions = instructions;
  }

  /// Something is not known that was executed in between: ends everything.
  void lose(long instructions) {
    finish();
    this.instructions = instructions;
    charged = instructions;
    stack = new CallStack(0);
    last = CodeTable.NONE;
    known = false;
    set = false;
    setSince = false;
    linking = false;
    interruption = null;
  }

  /// Takes a note.
  void note(long word) {
    long value = EventWord.address(word);
    switch (EventWord.note(word)) {
      case EventWord.NOTE_STACK -> setStack(value);
      case EventWord.NOTE_INTERRUPT -> interrupt(value);
      default -> {}
    }
  }

  private void setStack(long value) {
    if (!set) {
      before = stackPointer;
      set = true;
    }
    if (!known) {
      known = true;
      before = value;
      stack.high = Math.max(stack.high, value);
    }
    stackPointer = value;
    setSince = true;
  }

  private void interrupt(long resumePc) {
    endHandler(resumePc);
    interruption =
        new Interrupted(resumePc, stackPointer, last, whole, linking, linkSite, linkStack);
    setSince = false;
  }

  /// Takes an execution that is not just the next one.
  void execute(int row, long word) {
    arrive(row);
    int first = EventWord.first(word);
    int until = EventWord.end(word);
    MoveListener listening = moves;
    Activation current = stack.top;
    if (listening != null && current != null) {
      listening.executed(current, CodeTable.block(row), until - first, instructions);
    }
    instructions += until - first;
    stackPointer += code.effect(row, first, until);
    last = row;
    whole = (int) (word >>> 32) == (int) code.table()[row + CodeTable.SHAPE];
    setSince = false;
  }

  private void arrive(int row) {
    Interrupted taken = interruption;
    Activation top = stack.top;
    if (taken != null) {
      interruption = null;
      handle(row, taken);
    } else if (top == null) {
      begin(row);
    } else {
      boolean elsewhere = endHandler(code.pc(row));
      top = stack.top;
      if (top == null) {
        begin(row);
      } else if (elsewhere) {
        jump(row, top, BranchKind.INDIRECT_JUMP);
      } else {
        step(row, top, whole ? code.kind(last) : BranchKind.NONE);
      }
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
          link(last, stackPointer);
        } else if (code.pc(row) == code.endPc(last) && code.function(row) == code.function(last)) {
          stay(row, top, last); // only the address was wanted
        } else {
          call(row, last, stackPointer);
        }
      }
      case RETURN, INDIRECT_JUMP -> {
        if (isReturn(row, top)) {
          leave(top);
          arriveFromCall(row, top.callSite);
        } else {
          jump(row, top, kind);
        }
      }
      default -> direct(row, top);
    }
  }

  private boolean isReturn(int row, Activation top) {
    return top.returnAddress == code.pc(row)
        && (top.stackPointer == stackPointer || top.stackPointer == Activation.UNKNOWN_STACK)
        && top.returnAddress != Activation.UNKNOWN_RETURN;
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

  private void call(int row, int site, long callStack) {
    int function = code.called(row);
    if (code.wasCalled(row)) {
      calledFunctions.set(function);
    }
    push(row, function, site, code.endPc(site), callStack, null);
  }

  private void tailCall(int row, int function, Activation top) {
    int site = top.callSite;
    long returnAddress = top.returnAddress;
    long entryStack = top.stackPointer;
    Interrupted interrupted = top.interrupted;
    leave(top);
    push(row, function, site, returnAddress, entryStack, interrupted);
  }

  private void handle(int row, Interrupted taken) {
    set = false;
    linking = false;
    push(row, code.called(row), CodeTable.NONE, Activation.UNKNOWN_RETURN, stackPointer, taken);
  }

  /// Starts with an activation that nothing is known of but where it stands.
  private void begin(int row) {
    boolean atBeginning = code.begins(row);
    stack.high = Math.max(stack.high, stackPointer);
    push(
        row,
        code.enclosing(row),
        CodeTable.NONE,
        Activation.UNKNOWN_RETURN,
        atBeginning ? stackPointer : Activation.UNKNOWN_STACK,
        null);
  }

  private void push(
      int row,
      int function,
      int site,
      long returnAddress,
      long entryStack,
      @Nullable Interrupted interrupted) {
    Activation caller = stack.top;
    charge(caller);
    Activation a = pool.take();
    a.thread = thread;
    a.function = function;
    a.firstInstruction = instructions;
    a.returnAddress = returnAddress;
    a.stackPointer = known ? entryStack : Activation.UNKNOWN_STACK;
    a.callSite = site == CodeTable.NONE ? -1 : CodeTable.block(site);
    a.own = 0;
    a.callees = 0;
    a.interrupted = interrupted;
    a.caller = caller;
    a.apart = interrupted != null || (caller != null && entryStack > caller.stackPointer);
    if (a.apart) {
      stack.apart++;
    }
    if (function >= live.length) {
      live = Arrays.copyOf(live, Math.max(function + 1, live.length * 2));
    }
    a.recursion = ++live[function];
    stack.top = a;
    set = false;
    listener.entered(a, CodeTable.block(row), instructions);
  }

  private void charge(@Nullable Activation current) {
    if (current != null) {
      current.own += instructions - charged;
    }
    charged = instructions;
  }

  private void leave(Activation ended) {
    charge(ended);
    Activation caller = ended.caller;
    if (caller != null) {
      caller.callees += ended.own + ended.callees;
    }
    live[ended.function]--;
    if (ended.apart) {
      stack.apart--;
    }
    stack.top = caller;
    set = false;
    listener.left(ended, instructions);
    ended.caller = null;
    ended.interrupted = null;
    pool.give(ended);
  }

  /// Ends an activation with all that it called.
  ///
  /// @return the block that called it, or -1
  private int leaveThrough(Activation ended) {
    int site = ended.callSite;
    Activation top = stack.top;
    while (top != null) {
      leave(top);
      top = top == ended ? null : stack.top;
    }
    return site;
  }

  private void stay(int row, Activation top, int from) {
    if (moves != null && from != CodeTable.NONE) {
      moves.moved(top, CodeTable.block(from), CodeTable.block(row), instructions);
    }
  }

  /// Control came back to the activation that is now on top.
  ///
  /// @param site the block by which it made the call that has ended, or -1
  private void arriveFromCall(int row, int site) {
    Activation top = stack.top;
    if (top == null) {
      begin(row);
    } else {
      stay(row, top, site < 0 ? last : CodeTable.row(site));
    }
  }

  /// Ends the handler that returns to where it came from, if one does.
  ///
  /// @param pc where the thread goes on
  /// @return whether it goes on elsewhere than where it was interrupted
  private boolean endHandler(long pc) {
    if (!setSince || !whole || code.kind(last) != BranchKind.SYSTEM_CALL) {
      return false;
    }
    Activation handler = stack.handler();
    Interrupted taken = handler == null ? null : handler.interrupted;
    if (handler == null
        || taken == null
        || (taken.resumePc() != pc && taken.stackPointer() != stackPointer)) {
      return false;
    }
    leaveThrough(handler);
    last = taken.last();
    whole = taken.whole();
    linking = taken.linking();
    linkSite = taken.linkSite();
    linkStack = taken.linkStack();
    setSince = false;
    return pc != taken.resumePc();
  }

  /// Control went by a return or an indirect jump, and not back to the caller.
  private void jump(int row, Activation top, BranchKind kind) {
    boolean returns = kind == BranchKind.RETURN;
    if (returns && top.interrupted != null && top.stackPointer == stackPointer) {
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
    if (function < 0 && !returns && !set && code.file(row) != code.file(last)) {
      function = code.called(row); // files go to one another's functions only
    }
    if (function >= 0 && function != top.function) {
      boolean elsewhere = set && known && top.stackPointer != stackPointer && top.caller != null;
      if (elsewhere) {
        leaveAlone();
        push(row, function, CodeTable.NONE, Activation.UNKNOWN_RETURN, stackPointer, null);
      } else {
        tailCall(row, function, top);
      }
    } else if (!returns && staysIn(row, top.function)) {
      stay(row, top, last);
    } else {
      land(row, top, returns);
    }
  }

  /// {@return whether an indirect jump goes on in the function that it is in}
  private boolean staysIn(int row, int function) {
    int known = code.function(row);
    return known == function || (known < 0 && !set);
  }

  /// Looks for an activation further down, or on another stack, that returns here.
  private boolean isReturnOfAnother(int row) {
    long pc = code.pc(row);
    Activation returning = stack.returning(pc, stackPointer);
    if (returning == null && set && !suspended.isEmpty()) {
      CallStack other = suspendedAt(stackPointer);
      returning = other == null ? null : other.returning(pc, stackPointer);
      if (other != null && returning != null) {
        resume(other);
      }
    }
    if (returning == null) {
      return false;
    }
    arriveFromCall(row, leaveThrough(returning));
    return true;
  }

  /// Control came into the middle of a function, not by a return that is known.
  private void land(int row, Activation top, boolean returns) {
    Activation called = stack.calledFrom(code, row, stackPointer);
    if (called != null) {
      arriveFromCall(row, leaveThrough(called));
      return;
    }
    CallStack other = set ? suspendedAt(stackPointer) : null;
    if (other != null && other.isLeftAt(code, row, stackPointer)) {
      resume(other);
      unwind(row, true);
      return;
    }
    Activation handler = stack.handlerAbove(stackPointer);
    if (handler != null) {
      leaveThrough(handler);
      unwind(row, false);
      return;
    }
    landSomewhere(row, top, returns, other);
  }

  /// @param other a stack that was left alone and that the stack pointer lies on, or null
  private void landSomewhere(int row, Activation top, boolean returns, @Nullable CallStack other) {
    boolean here = !set || !known || (stackPointer >= before && stackPointer <= stack.high);
    if (returns && here && top.returnAddress == code.pc(row)) {
      arriveFromCall(row, leaveThrough(top));
    } else if (returns && top.caller == null && (here || other == null)) {
      leave(top);
      begin(row);
    } else if (here) {
      unwind(row, false);
    } else if (other != null) {
      resume(other);
      unwind(row, true);
    } else {
      leaveAlone();
      push(
          row,
          code.called(row),
          CodeTable.NONE,
          Activation.UNKNOWN_RETURN,
          Activation.UNKNOWN_STACK,
          null);
    }
  }

  /// Ends what was entered below the stack pointer.
  ///
  /// @param resumed whether the thread came from another stack, so that what called away has ended
  private void unwind(int row, boolean resumed) {
    Activation called = resumed ? stack.calledFrom(code, row, stackPointer) : null;
    if (called != null) {
      arriveFromCall(row, leaveThrough(called));
      return;
    }
    boolean ended = false;
    int site = -1;
    Activation top = stack.top;
    while (top != null && top.stackPointer < stackPointer) {
      site = top.callSite;
      leave(top);
      ended = true;
      top = stack.top;
    }
    if (ended && top != null && top.stackPointer == stackPointer && !goesOn(row, top)) {
      site = top.callSite;
      leave(top);
    }
    arriveFromCall(row, site);
  }

  /// {@return whether control is in an activation that was entered with just this stack pointer,
  /// and not in its caller}
  private boolean goesOn(int row, Activation top) {
    Activation caller = top.caller;
    return caller == null || (code.isIn(row, top.function) && !code.isIn(row, caller.function));
  }

  private @Nullable CallStack suspendedAt(long at) {
    for (CallStack each : suspended.tailMap(at, true).values()) {
      if (each.low <= at) {
        return each;
      }
    }
    return null;
  }

  /// Goes to a stack that is empty.
  private void leaveAlone() {
    suspend();
    stack = new CallStack(stackPointer);
    evict(stackPointer);
  }

  private void suspend() {
    Activation top = stack.top;
    charge(top);
    stack.low = set ? before : stackPointer;
    if (top != null) {
      stack.low = Math.min(stack.low, top.stackPointer);
      stack.high = Math.max(stack.high, stack.low);
    }
    count(-1);
    CallStack replaced = suspended.put(stack.high, stack);
    if (replaced != null) {
      giveUp(replaced);
    }
    set = false;
  }

  private void resume(CallStack other) {
    suspended.remove(other.high);
    suspend();
    stack = other;
    count(1);
    Activation top = stack.top;
    if (top != null) {
      listener.resumed(top, instructions);
    }
  }

  /// Takes the present stack's activations in or out of those that are live.
  private void count(int sign) {
    for (Activation a = stack.top; a != null; a = a.caller) {
      live[a.function] += sign;
    }
  }

  /// Ends stacks whose memory is used anew.
  private void evict(long from) {
    Map.Entry<Long, CallStack> near = suspended.floorEntry(from + SAME_STACK_BYTES);
    while (near != null && near.getKey() >= from - SAME_STACK_BYTES) {
      suspended.remove(near.getKey());
      giveUp(near.getValue());
      near = suspended.floorEntry(from + SAME_STACK_BYTES);
    }
  }

  private void giveUp(CallStack ended) {
    CallStack present = stack;
    stack = ended;
    count(1);
    Activation top = stack.top;
    while (top != null) {
      leave(top);
      top = stack.top;
    }
    stack = present;
  }

  /// Ends everything.
  void finish() {
    Activation top = stack.top;
    while (top != null) {
      leave(top);
      top = stack.top;
    }
    for (CallStack each : suspended.values()) {
      giveUp(each);
    }
    suspended.clear();
  }
}
