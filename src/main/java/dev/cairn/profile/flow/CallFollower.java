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

  /// Their calls, and whose are looked at.
  private final List<RepeatedCalls> repeats = new ArrayList<>();

  private final Rounds rounds = new Rounds();
  private int present;

  /// @param locator says where the code at an address of the block comes from that is being defined
  /// @param listener that is told of moves, too, if it is a [MoveListener]
  public CallFollower(
      Isa isa, LongFunction<@Nullable CodeLocation> locator, FlowListener listener) {
    code = new CodeTable(isa, locator, functions);
    this.listener = listener;
    moves = listener instanceof MoveListener listens ? listens : null;
    code.runBeforeChanges(this::settle);
    listener.settleBy(this::settle);
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
    present = batch.thread();
    repeats.get(present).giveUp();
    rounds.begin(code.blocks(), batch.length());
    if (moves == null) {
      followCalls(thread, batch);
    } else {
      followMoves(thread, batch, moves);
    }
  }

  /// Ends all activations.
  public void finish() {
    settle();
    for (ThreadFlow thread : threads) {
      thread.finish();
    }
  }

  private ThreadFlow thread(Batch batch) {
    while (threads.size() <= batch.thread()) {
      add();
    }
    ThreadFlow thread = threads.get(batch.thread());
    if (thread.instructions() != batch.firstInstruction()) {
      thread.lose(batch.firstInstruction());
    }
    return thread;
  }

  private void add() {
    int number = threads.size();
    ThreadFlow thread = new ThreadFlow(number, code, pool, listener, moves);
    ThreadFlow stage = thread.stage(number, pool, listener);
    RepeatedCalls repeated = new RepeatedCalls(code, thread, stage, listener, moves);
    thread.runBeforeLearning(repeated::settle);
    threads.add(thread);
    repeats.add(repeated);
    if (number > 0) {
      repeats.forEach(RepeatedCalls::haveOthers);
    }
  }

  private void followCalls(ThreadFlow thread, Batch batch) {
    long[] table = code.table();
    long[] words = batch.words();
    int length = batch.length();
    int previous = thread.previous();
    long flow = table[previous + CodeTable.FLOW];
    long stackPointer = thread.stackPointer();
    long instructions = thread.instructions();
    long jumpsBelow = thread.jumpsBelow();
    for (int i = 0; i < length; i++) {
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        int row = CodeTable.row(EventWord.block(word));
        long next = table[row + CodeTable.FLOW];
        if (CodeTable.isWhole(table, row, word)
            && (CodeTable.goesOn(flow, next)
                || (stackPointer < jumpsBelow && CodeTable.jumpsOn(flow, next)))) {
          stackPointer += table[row + CodeTable.EFFECT];
          instructions += EventWord.end(word);
          previous = row;
          flow = next;
          if (rounds.isInStep(EventWord.block(word), i)) {
            int again = rounds(words, i + 1, length);
            int round = rounds.length();
            instructions += again * Rounds.instructions(words, i + 1 - round, i + 1);
            i += again * round;
          }
          continue;
        }
        rounds.breakOff();
        thread.at(previous, stackPointer, instructions);
        i = execute(thread, words, i, length);
      } else if (kind == EventWord.NOTE) {
        thread.at(previous, stackPointer, instructions);
        note(thread, word);
      } else {
        continue;
      }
      stackPointer = thread.stackPointer();
      instructions = thread.instructions();
      jumpsBelow = thread.jumpsBelow();
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
    long jumpsBelow = thread.jumpsBelow();
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
        if (current != null
            && CodeTable.isWhole(table, row, word)
            && (CodeTable.goesOn(flow, next)
                || (stackPointer < jumpsBelow && CodeTable.jumpsOn(flow, next)))) {
          stackPointer += table[row + CodeTable.EFFECT];
          instructions += EventWord.end(word);
          previous = row;
          flow = next;
          if (rounds.isInStep(EventWord.block(word), i)) {
            int again = rounds(words, i + 1, length);
            if (again > 0) {
              int behind = i + 1;
              int round = behind - rounds.length();
              moves.ran(current, CodeTable.block(before), words, start, behind, executed);
              moves.wentRound(current, words, round, behind, again, instructions);
              instructions += again * Rounds.instructions(words, round, behind);
              i += again * rounds.length();
              start = i + 1;
              before = previous;
              executed = instructions;
            }
          }
          continue;
        }
      } else if (kind != EventWord.NOTE) {
        continue;
      }
      rounds.breakOff();
      if (current != null && instructions != executed) {
        moves.ran(current, CodeTable.block(before), words, start, i, executed);
      }
      thread.at(previous, stackPointer, instructions);
      if (kind == EventWord.EXECUTION) {
        i = execute(thread, words, i, length);
      } else {
        note(thread, word);
      }
      stackPointer = thread.stackPointer();
      instructions = thread.instructions();
      jumpsBelow = thread.jumpsBelow();
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

  /// {@return how often the last round is gone again, by which nothing changes but counts}
  ///
  /// @param next the index of the first word behind it
  private int rounds(long[] words, int next, int until) {
    long effect = 0;
    for (int i = next - rounds.length(); i < next; i++) {
      if (EventWord.kind(words[i]) == EventWord.EXECUTION) {
        effect += code.effect(CodeTable.row(EventWord.block(words[i])));
      }
    }
    return effect == 0 ? rounds.count(words, next, until) : 0;
  }

  /// Takes an execution that is not just the next one, and more where it is a call that goes a
  /// known way.
  ///
  /// @return the index of the last word taken
  private int execute(ThreadFlow thread, long[] words, int at, int length) {
    RepeatedCalls repeated = repeats.get(present);
    int taken = repeated.take(words, at, length);
    if (taken > 0) {
      return at + taken - 1;
    }
    thread.execute(CodeTable.row(EventWord.block(words[at])), words[at]);
    repeated.executed(words, at);
    return at;
  }

  private void note(ThreadFlow thread, long word) {
    repeats.get(present).giveUp();
    thread.note(word);
  }

  private void settle() {
    for (RepeatedCalls each : repeats) {
      each.settle();
    }
  }

  private void settle(int function) {
    for (RepeatedCalls each : repeats) {
      each.settle(function);
    }
  }
}
