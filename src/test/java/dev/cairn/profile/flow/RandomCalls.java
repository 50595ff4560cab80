package dev.cairn.profile.flow;

import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.CodeLocation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A program that calls, returns, tail-calls, jumps out of calls, is interrupted and switches
/// stacks at random, with an account of what it did: it keeps its frames explicitly, where the
/// follower has only addresses and the stack pointer.
///
/// Function `i` lies at `BASE + 256 i`. Those with an odd number have no frame and call nothing;
/// the last one switches stacks, the one before handles signals.
final class RandomCalls {
  static final int FUNCTIONS = 12;
  private static final int SWITCH = FUNCTIONS - 1;
  private static final int HANDLER = FUNCTIONS - 2;
  private static final long BASE = 0x40_0000;
  private static final long FUNCTION_BYTES = 256;
  private static final long TRAMPOLINE = 0x90_0000;
  private static final long STACKS = 0x7000_0000;
  private static final long STACK_BYTES = 0x10_0000;
  private static final int FRAME_BYTES = 48;
  private static final int NOP = 0xd503201f;
  private static final int RETURN = 0xd65f03c0;
  private static final int BRANCH_REGISTER = 0xd61f0020;
  private static final int CALL_REGISTER = 0xd63f0020;
  private static final int SET_STACK = 0x910000bf;
  private static final int PUSH_FRAME = 0xd10003ff | FRAME_BYTES << 10;
  private static final int POP_FRAME = 0x910003ff | FRAME_BYTES << 10;
  private static final int ALLOCATE = 0xcb2363ff;
  private static final int SUPERVISOR = 0xd4000001;

  /// Where the parts of a function begin, behind its first instruction.
  private static final long BODY = 0x10;

  private static final long CALL_FIXED = 0x20;
  private static final long CALL_ANY = 0x30;
  private static final long LEAVE = 0x40;
  private static final long LEAVE_BY_FRAME = 0x50;
  private static final long TAIL_FIXED = 0x60;
  private static final long TAIL_ANY = 0x70;
  private static final long JUMP_OUT = 0x80;
  private static final long SWITCH_BY_RETURN = 0x90;
  private static final long ALLOCATES = 0xa0;
  private static final long TABLE = 0xb0;

  /// One activation as the program itself keeps it.
  private static final class Frame {
    final int function;
    final long returnAddress;
    final long entryStack;
    final boolean handler;
    long stackPointer;
    long resumePc;
    long resumeStack;

    Frame(int function, long returnAddress, long entryStack, boolean handler) {
      this.function = function;
      this.returnAddress = returnAddress;
      this.entryStack = entryStack;
      this.handler = handler;
      stackPointer = entryStack;
    }
  }

  private final SplittableRandom random;
  private final boolean calm;
  private final Map<Long, BlockDefinition> known = new HashMap<>();
  private final List<Deque<Frame>> suspended = new ArrayList<>();
  private Deque<Frame> frames = new ArrayDeque<>();
  private int stacks;
  private long instructions;
  final List<BlockDefinition> blocks = new ArrayList<>();
  final List<Long> words = new ArrayList<>();

  /// What happened, as `+f3 @17`, `-f3 @20` and `=f3 @30`.
  final List<String> account = new ArrayList<>();

  RandomCalls(long seed, int steps) {
    this(seed, steps, false);
  }

  /// @param calm whether it mostly just calls and returns, on one stack
  RandomCalls(long seed, int steps, boolean calm) {
    random = new SplittableRandom(seed);
    this.calm = calm;
    start(0);
    for (int f = 0; f < FUNCTIONS; f++) {
      call(false, f); // so that all are known to have been called
      leave();
    }
    for (int i = 0; i < steps; i++) {
      step();
    }
    while (true) {
      Frame top = frames.peek();
      if (top == null) {
        break;
      }
      left(frames.pop());
    }
    suspended.sort((a, b) -> Long.compare(a.getLast().entryStack, b.getLast().entryStack));
    for (Deque<Frame> each : suspended) {
      each.forEach(this::left);
    }
  }

  /// {@return where an address comes from, with or without a symbol}
  static @Nullable CodeLocation locate(long pc, boolean stripped) {
    if (pc >= TRAMPOLINE) {
      return null;
    }
    long function = (pc - BASE) / FUNCTION_BYTES;
    return stripped
        ? new CodeLocation("program", pc, null, 0)
        : new CodeLocation("program", pc, "f" + function, (pc - BASE) % FUNCTION_BYTES);
  }

  static String name(Functions.Function function) {
    return "f" + (function.address() - BASE) / FUNCTION_BYTES;
  }

  private void step() {
    Frame top = frames.element();
    boolean framed = top.function % 2 == 0;
    if (calm && (top.function == SWITCH || random.nextInt(64) > 0)) {
      stepCalmly(top.function == SWITCH ? 2 : random.nextInt(framed ? 8 : 4));
      return;
    }
    if (top.function == SWITCH) {
      switchStacks();
      return;
    }
    switch (random.nextInt(framed ? 12 : 5)) {
      case 0, 1 -> body(random.nextInt(4));
      case 2 -> leave();
      case 3 -> tail();
      case 4 -> jumpOut();
      case 5 -> interrupt();
      case 6 -> allocate();
      default -> call(random.nextBoolean(), random.nextInt(FUNCTIONS));
    }
    if (frames.size() > 30) {
      leave();
    }
  }

  private void stepCalmly(int what) {
    switch (what) {
      case 0, 1 -> body(random.nextInt(3));
      case 2, 3, 4 -> leave();
      default -> call(random.nextInt(4) > 0, random.nextInt(FUNCTIONS));
    }
    if (frames.size() > 30) {
      leave();
    }
  }

  private static long address(int function, long part) {
    return BASE + function * FUNCTION_BYTES + part;
  }

  /// Executes a piece of code.
  private void run(long pc, int... code) {
    BlockDefinition block = known.get(pc);
    if (block == null) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * code.length).order(ByteOrder.LITTLE_ENDIAN);
      byte[] sizes = new byte[code.length];
      for (int i = 0; i < code.length; i++) {
        bytes.putInt(code[i]);
        sizes[i] = 4;
      }
      block = new BlockDefinition(blocks.size(), pc, bytes.array(), sizes);
      blocks.add(block);
      known.put(pc, block);
    }
    words.add(EventWord.execution(block.id(), 0, code.length));
    instructions += code.length;
  }

  private static int offset(long from, long to) {
    return (int) ((to - from) / 4) & 0x3ff_ffff;
  }

  private void start(long returnAddress) {
    long stackPointer = STACKS + stacks++ * STACK_BYTES;
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, stackPointer));
    enter(new Frame(0, returnAddress, stackPointer, false));
  }

  private void enter(Frame frame) {
    account.add("+f" + frame.function + " @" + instructions);
    frames.push(frame);
    if (frame.function % 2 == 0) {
      run(address(frame.function, 0), NOP, PUSH_FRAME);
      frame.stackPointer -= FRAME_BYTES;
    } else {
      run(address(frame.function, 0), NOP);
    }
  }

  private void left(Frame frame) {
    account.add("-f" + frame.function + " @" + instructions);
  }

  private void body(int rounds) {
    int function = frames.element().function;
    for (int i = 0; i < rounds; i++) {
      run(address(function, BODY), NOP, 0x54000001);
    }
    if (rounds > 2) {
      run(address(function, TABLE), NOP, BRANCH_REGISTER);
      run(address(function, BODY), NOP, 0x54000001);
    }
  }

  private void call(boolean fixed, int any) {
    Frame top = frames.element();
    long from = address(top.function, fixed ? CALL_FIXED : CALL_ANY);
    int callee = fixed ? (top.function * 5 + 3) % FUNCTIONS : any;
    if (fixed) {
      run(from, 0x94000000 | offset(from, address(callee, 0)));
    } else {
      run(from, CALL_REGISTER);
    }
    enter(new Frame(callee, from + 4, top.stackPointer, false));
  }

  private void leave() {
    Frame top = frames.element();
    if (top.handler) {
      leaveHandler();
      return;
    }
    if (top.returnAddress == 0) {
      return; // of a stack's first function
    }
    boolean framed = top.function % 2 == 0;
    if (framed && (top.stackPointer != top.entryStack - FRAME_BYTES || random.nextInt(4) == 0)) {
      run(address(top.function, LEAVE_BY_FRAME), SET_STACK, RETURN);
      words.add(EventWord.note(EventWord.NOTE_STACK, 0, top.entryStack));
    } else if (framed) {
      run(address(top.function, LEAVE), POP_FRAME, RETURN);
    } else {
      run(address(top.function, LEAVE), RETURN);
    }
    left(frames.pop());
    run(top.returnAddress, NOP);
  }

  private void leaveHandler() {
    Frame top = frames.element();
    run(address(top.function, LEAVE_BY_FRAME), SET_STACK, RETURN);
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, top.entryStack));
    run(TRAMPOLINE, NOP, SUPERVISOR);
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, top.resumeStack));
    left(frames.pop());
    run(top.resumePc, NOP, 0x54000001);
  }

  private void tail() {
    Frame top = frames.element();
    boolean fixed = random.nextBoolean();
    int callee = fixed ? (top.function * 7 + 1) % FUNCTIONS : random.nextInt(FUNCTIONS);
    boolean first = top.returnAddress == 0; // nothing would ever return from a switch
    if (callee == top.function
        || top.handler
        || (first && callee == SWITCH)
        || top.stackPointer < top.entryStack - FRAME_BYTES) {
      return; // the first would be a loop
    }
    long from = address(top.function, fixed ? TAIL_FIXED : TAIL_ANY);
    int jump = fixed ? 0x14000000 | offset(from + 4, address(callee, 0)) : BRANCH_REGISTER;
    if (top.function % 2 == 0) {
      run(from, POP_FRAME, jump);
    } else {
      run(from, NOP, jump);
    }
    left(frames.pop());
    enter(new Frame(callee, top.returnAddress, top.entryStack, false));
  }

  /// As `longjmp` does.
  private void jumpOut() {
    if (frames.size() < 2) {
      return;
    }
    int out = 1 + random.nextInt(frames.size() - 1);
    run(address(frames.element().function, JUMP_OUT), SET_STACK, BRANCH_REGISTER);
    for (int i = 0; i < out; i++) {
      left(frames.pop());
    }
    Frame to = frames.element();
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, to.stackPointer));
    run(address(to.function, BODY), NOP, 0x54000001);
  }

  private void interrupt() {
    Frame top = frames.element();
    long pc = address(top.function, BODY);
    run(address(top.function, TABLE), NOP, BRANCH_REGISTER);
    words.add(EventWord.interrupt(pc, 10));
    long below = top.stackPointer - 512;
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, below));
    Frame handler = new Frame(HANDLER, 0, below, true);
    handler.resumePc = pc;
    handler.resumeStack = top.stackPointer;
    enter(handler);
  }

  private void allocate() {
    Frame top = frames.element();
    top.stackPointer -= 32L * (1 + random.nextInt(8));
    run(address(top.function, ALLOCATES), ALLOCATE, NOP);
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, top.stackPointer));
  }

  /// To a stack that was left here before, to a new one, or back to the caller.
  private void switchStacks() {
    Frame top = frames.element();
    int which = random.nextInt(suspended.size() + 2);
    boolean another = stacks < 8;
    if (which == suspended.size() + 1 || (which == suspended.size() && !another)) {
      leave();
      return;
    }
    if (which == suspended.size()) {
      run(address(top.function, JUMP_OUT), SET_STACK, BRANCH_REGISTER);
      suspended.add(frames);
      frames = new ArrayDeque<>();
      start(0);
      return;
    }
    run(address(top.function, SWITCH_BY_RETURN), SET_STACK, RETURN);
    suspended.add(frames);
    frames = suspended.remove(which);
    Frame back = frames.element();
    words.add(EventWord.note(EventWord.NOTE_STACK, 0, back.stackPointer));
    account.add("=f" + back.function + " @" + instructions);
    left(frames.pop());
    run(back.returnAddress, NOP);
  }
}
