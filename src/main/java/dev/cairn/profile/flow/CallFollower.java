package dev.cairn.profile.flow;

import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Follows control through a run: tells a listener which function each thread enters, leaves and
/// moves about in.
///
/// Takes executions, interrupts and the stack pointer (`StreamContents.STACK`); what else a batch
/// holds is passed over. Where a thread's executions have a gap, all its activations end before it,
/// and begin anew behind it, unknown callers and all.
///
/// An execution that goes on in the function of the one before, by anything but a call or a return,
/// costs a comparison and an addition; the others are [ThreadFlow]'s. No garbage, but for signals
/// and switches of stacks. One thread.
public final class CallFollower {
  private final Functions functions = new Functions();
  private final CodeTable code;
  private final ActivationPool pool = new ActivationPool();
  private final FlowListener listener;
  private final @Nullable MoveListener moves;
  private final List<ThreadFlow> threads = new ArrayList<>();

  /// @param locator says where the code at an address of the block comes from that is being defined
  /// @param listener that is told of moves, too, if it is a [MoveListener]
  public CallFollower(
      Isa isa, LongFunction<@Nullable CodeLocation> locator, FlowListener listener) {
    code = new CodeTable(isa, locator, functions);
    this.listener = listener;
    moves = listener instanceof MoveListener listens ? listens : null;
  }

  /// {@return the functions seen so far; it grows}
  public Functions functions() {
    return functions;
  }

  /// Learns of a block; ids come dense and ascending.
  public void define(BlockDefinition block) {
    listener.defined(code.define(block));
  }

  /// Takes a batch; those of a thread come in order.
  public void accept(Batch batch) {
    ThreadFlow thread = thread(batch);
    if (moves == null) {
      followCalls(thread, batch);
    } else {
      followMoves(thread, batch, moves);
    }
  }

  /// Ends all activations.
  public void finish() {
    for (ThreadFlow thread : threads) {
      thread.finish();
    }
  }

  private ThreadFlow thread(Batch batch) {
    while (threads.size() <= batch.thread()) {
      threads.add(new ThreadFlow(threads.size(), code, pool, listener, moves));
    }
    ThreadFlow thread = threads.get(batch.thread());
    if (thread.instructions() != batch.firstInstruction()) {
      thread.lose(batch.firstInstruction());
    }
    return thread;
  }

  /// {@return whether control can only have gone on in the function that it was in}
  private static boolean goesOn(long flow, long next) {
    return (((flow ^ next) & CodeTable.FUNCTION_MASK) | (flow & CodeTable.LOOK)) == 0;
  }

  private void followCalls(ThreadFlow thread, Batch batch) {
    long[] table = code.table();
    long[] words = batch.words();
    int length = batch.length();
    int previous = thread.previous();
    long flow = table[previous + CodeTable.FLOW];
    long stackPointer = thread.stackPointer();
    long instructions = thread.instructions();
    for (int i = 0; i < length; i++) {
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        int row = CodeTable.row(EventWord.block(word));
        long next = table[row + CodeTable.FLOW];
        boolean whole = CodeTable.isWhole(table, row, word);
        if (whole && goesOn(flow, next)) {
          stackPointer += table[row + CodeTable.EFFECT];
          instructions += EventWord.end(word);
          previous = row;
          flow = next;
          continue;
        }
        thread.at(previous, stackPointer, instructions);
        thread.execute(row, word);
      } else if (kind == EventWord.NOTE) {
        thread.at(previous, stackPointer, instructions);
        thread.note(word);
      } else {
        continue;
      }
      stackPointer = thread.stackPointer();
      instructions = thread.instructions();
      previous = thread.previous();
      flow = table[previous + CodeTable.FLOW];
    }
    thread.at(previous, stackPointer, instructions);
  }

  /// As [#followCalls], and hands over what executed in an activation, a run of executions at a
  /// time.
  private void followMoves(ThreadFlow thread, Batch batch, MoveListener moves) {
    long[] table = code.table();
    long[] words = batch.words();
    int length = batch.length();
    int previous = thread.previous();
    long flow = table[previous + CodeTable.FLOW];
    long stackPointer = thread.stackPointer();
    long instructions = thread.instructions();
    Activation current = thread.current();
    int start = 0;
    int before = previous;
    long executed = instructions;
    for (int i = 0; i < length; i++) {
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        int row = CodeTable.row(EventWord.block(word));
        long next = table[row + CodeTable.FLOW];
        if (current != null && CodeTable.isWhole(table, row, word) && goesOn(flow, next)) {
          stackPointer += table[row + CodeTable.EFFECT];
          instructions += EventWord.end(word);
          previous = row;
          flow = next;
          continue;
        }
      } else if (kind != EventWord.NOTE) {
        continue;
      }
      if (current != null && instructions != executed) {
        moves.ran(current, CodeTable.block(before), words, start, i, executed);
      }
      thread.at(previous, stackPointer, instructions);
      if (kind == EventWord.EXECUTION) {
        thread.execute(CodeTable.row(EventWord.block(word)), word);
      } else {
        thread.note(word);
      }
      stackPointer = thread.stackPointer();
      instructions = thread.instructions();
      current = thread.current();
      previous = thread.previous();
      flow = table[previous + CodeTable.FLOW];
      start = i + 1;
      before = previous;
      executed = instructions;
    }
    if (current != null && instructions != executed) {
      moves.ran(current, CodeTable.block(before), words, start, length, executed);
    }
    thread.at(previous, stackPointer, instructions);
  }
}
