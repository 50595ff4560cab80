package dev.cairn.profile.flow;

import dev.cairn.event.EventWord;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The stacks of one thread and the activations on them: what [ThreadFlow] has decided is done
/// here, and told to the listener.
final class ThreadStacks {
  /// So near to the beginning of a stack that was left alone, a new one takes its place.
  private static final long SAME_STACK_BYTES = 128;

  /// A stack pointer for what is staged.
  private static final long STAGE = 1L << 40;

  private final int thread;
  private final ActivationPool pool;
  private final FlowListener listener;

  /// How many live activations of each function there are on the present stack.
  private int[] live = new int[256];

  /// The most that there were at once.
  private int[] deepest = new int[256];

  /// Where the functions entered are noted, if they are.
  private @Nullable EnteredFunctions entered;

  /// Stacks that were left alone, by [CallStack#high].
  private final TreeMap<Long, CallStack> suspended = new TreeMap<>();

  private CallStack stack = new CallStack(0);

  /// Instructions executed before the next execution.
  long instructions;

  /// The stack pointer that it finds.
  long stackPointer;

  /// Up to where instructions have been added to an activation.
  private long charged;

  /// Whether [#stackPointer] is the register's, not only its changes.
  private boolean known;

  /// Whether the stack pointer was set since control came into the activation, and what it was.
  private boolean set;

  private long before;

  ThreadStacks(int thread, ActivationPool pool, FlowListener listener) {
    this.thread = thread;
    this.pool = pool;
    this.listener = listener;
  }

  /// {@return the present stack}
  CallStack present() {
    return stack;
  }

  /// {@return the activation that the thread is in, or null if none is known}
  @Nullable Activation top() {
    return stack.top;
  }

  boolean isKnown() {
    return known;
  }

  boolean isSet() {
    return set;
  }

  /// {@return whether stack pointers are known and fall from each activation to the next, and the
  /// thread has no other stacks}
  boolean isSimple() {
    return known && stack.apart == 0 && suspended.isEmpty();
  }

  /// {@return how many activations of a function are on the present stack}
  int live(int function) {
    return function < live.length ? live[function] : 0;
  }

  /// {@return how many there were at most}
  int deepest(int function) {
    return function < deepest.length ? deepest[function] : 0;
  }

  /// Notes the functions that are entered from now on, or does not.
  void note(@Nullable EnteredFunctions entered) {
    this.entered = entered;
  }

  /// {@return instructions of callees of the activation on top that have ended}
  long callees() {
    return stack.top == null ? 0 : stack.top.callees;
  }

  /// Passes over a call and its return.
  ///
  /// @param callees how many of the instructions are not the caller's own
  void pass(long count, long callees) {
    charge(stack.top);
    instructions += count;
    charged = instructions;
    if (stack.top != null) {
      stack.top.own += count - callees;
      stack.top.callees += callees;
    }
    set = false;
  }

  /// Begins with an activation that calls something, where the same functions are live.
  void stage(CallPath path) {
    known = true;
    stackPointer = STAGE;
    stack = new CallStack(2 * STAGE);
    instructions = 0;
    charged = 0;
    setLive(path, 1);
    begin(CodeTable.block(path.site), path.function, 2 * STAGE);
  }

  /// Ends all that is staged but the activation that called.
  void returnToStage() {
    Activation top = stack.top;
    while (top != null && top.caller != null) {
      leave(top);
      top = stack.top;
    }
  }

  /// Ends that, too.
  void leaveStage(CallPath path) {
    leaveAll();
    setLive(path, 0);
  }

  private void setLive(CallPath path, int count) {
    for (int i = 0; i < path.functions.length; i++) {
      int function = path.functions[i];
      if (function >= live.length) {
        live = Arrays.copyOf(live, Math.max(function + 1, live.length * 2));
        deepest = Arrays.copyOf(deepest, live.length);
      }
      live[function] = path.live[i] && function != path.function ? count : 0;
    }
  }

  /// Takes a note of the stack pointer.
  void set(long word) {
    long value = EventWord.address(word);
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
  }

  /// Enters a function on the present stack.
  ///
  /// @param block the first that executes in it
  /// @param site the block that called, or -1
  void push(
      int block,
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
    a.callSite = site;
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
      deepest = Arrays.copyOf(deepest, live.length);
    }
    a.recursion = ++live[function];
    deepest[function] = Math.max(deepest[function], live[function]);
    if (entered != null) {
      entered.add(function, live[function]);
    }
    stack.top = a;
    set = false;
    listener.entered(a, block, instructions);
  }

  /// Enters a function that nothing is known to have called.
  void begin(int block, int function, long entryStack) {
    stack.high = Math.max(stack.high, stackPointer);
    push(block, function, -1, Activation.UNKNOWN_RETURN, entryStack, null);
  }

  private void charge(@Nullable Activation current) {
    if (current != null) {
      current.own += instructions - charged;
    }
    charged = instructions;
  }

  /// Ends the activation on top.
  void leave(Activation ended) {
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
  int leaveThrough(Activation ended) {
    int site = ended.callSite;
    Activation top = stack.top;
    while (top != null) {
      leave(top);
      top = top == ended ? null : stack.top;
    }
    return site;
  }

  /// {@return the stack that was left alone and holds a stack pointer, or null}
  @Nullable CallStack suspendedAt(long at) {
    if (suspended.isEmpty()) {
      return null;
    }
    for (CallStack each : suspended.tailMap(at, true).values()) {
      if (each.low <= at) {
        return each;
      }
    }
    return null;
  }

  /// Goes to a stack that is empty.
  void startStack() {
    suspend();
    stack = new CallStack(stackPointer);
    evict(stackPointer);
  }

  /// Goes back to a stack that was left alone.
  void resume(CallStack other) {
    suspended.remove(other.high);
    suspend();
    stack = other;
    count(1);
    Activation top = stack.top;
    if (top != null) {
      listener.resumed(top, instructions);
    }
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
    leaveAll();
    stack = present;
  }

  private void leaveAll() {
    Activation top = stack.top;
    while (top != null) {
      leave(top);
      top = stack.top;
    }
  }

  /// Ends everything.
  void finish() {
    leaveAll();
    for (CallStack each : suspended.values()) {
      giveUp(each);
    }
    suspended.clear();
  }

  /// Starts anew behind what is not known.
  void lose(long instructions) {
    finish();
    this.instructions = instructions;
    charged = instructions;
    stack = new CallStack(0);
    known = false;
    set = false;
  }
}
