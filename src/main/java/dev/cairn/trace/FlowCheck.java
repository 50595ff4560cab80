package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.BranchKind;
import dev.cairn.program.isa.Instruction;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks whether each execution follows from the one before it in its thread: at the address behind
/// it, at the target of its direct branch, anywhere behind an indirect branch, a return, a system
/// call or a trap, and anywhere behind a signal that says where it took the thread away.
public final class FlowCheck implements Analysis<FlowCheck.Result> {
  /// What was found.
  ///
  /// @param followed executions that followed
  /// @param breaks executions that did not
  /// @param firstBreak the first of these in words; null if there is none
  public record Result(long followed, long breaks, @Nullable String firstBreak) {}

  /// Where a thread stands.
  private static final class Place {
    long position;
    int block = -1;
    int end;

    /// Whether a signal has taken it away behind its last execution, and from where.
    boolean interrupted;

    long resumePc;
  }

  private final Isa isa;
  private final BatchCursor cursor = new BatchCursor();
  private final List<@Nullable Place> places = new ArrayList<>();
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private BranchKind[] kinds = new BranchKind[1024];
  private long[] targets = new long[1024];
  private long followed;
  private long breaks;
  private @Nullable String firstBreak;

  public FlowCheck(Isa isa) {
    this.isa = isa;
  }

  @Override
  public void define(BlockDefinition block) {
    int id = block.id();
    if (id >= kinds.length) {
      kinds = Arrays.copyOf(kinds, 2 * id);
      targets = Arrays.copyOf(targets, 2 * id);
    }
    blocks.add(block);
    kinds[id] = BranchKind.NONE;
    if (block.instructions() > 0) {
      int last = block.code().length - block.sizes()[block.instructions() - 1];
      Instruction instruction = isa.decode(block.pc() + last, block.code(), last);
      kinds[id] = instruction.branch();
      targets[id] = instruction.target();
    }
  }

  @Override
  public void accept(Batch batch) {
    while (places.size() <= batch.thread()) {
      places.add(null);
    }
    Place place = places.get(batch.thread());
    if (place == null) {
      place = new Place();
      places.set(batch.thread(), place);
    }
    if (place.position != batch.firstInstruction()) {
      place.block = -1; // something was left out
      place.interrupted = false;
    }
    place.position = batch.firstInstruction();
    cursor.wrap(batch);
    while (cursor.next()) {
      interrupt(place);
      long pc = pc(cursor.block(), cursor.first());
      if (place.block < 0 || follows(place, pc)) {
        followed++;
      } else {
        broken(batch.thread(), place, pc);
      }
      place.block = cursor.block();
      place.end = cursor.end();
      place.interrupted = false;
      place.position += cursor.end() - cursor.first();
    }
    interrupt(place); // a change of memory may stand between a signal and what executes then
  }

  private void interrupt(Place place) {
    if (cursor.interrupted()) {
      place.interrupted = true;
      place.resumePc = cursor.resumePc();
    }
  }

  private boolean follows(Place before, long pc) {
    BlockDefinition block = blocks.get(before.block);
    boolean whole = before.end == block.instructions();
    long next = pc(before.block, before.end);
    if (before.interrupted) {
      long resume = before.resumePc;
      return resume == next || (whole && goesTo(before.block, next, resume));
    }
    return pc == next || (whole && goesTo(before.block, next, pc));
  }

  private boolean goesTo(int block, long next, long pc) {
    return switch (kinds[block]) {
      case NONE -> pc == next;
      case CONDITIONAL -> pc == next || pc == targets[block];
      case JUMP, CALL -> pc == targets[block];
      case RETURN, INDIRECT_JUMP, INDIRECT_CALL, SYSTEM_CALL, TRAP -> true;
    };
  }

  private void broken(int thread, Place before, long pc) {
    breaks++;
    if (firstBreak == null) {
      firstBreak =
          "thread %d goes from 0x%x to 0x%x at instruction %d"
              .formatted(
                  thread, pc(before.block, Math.max(before.end - 1, 0)), pc, before.position);
    }
  }

  /// {@return the address of an instruction of a block; behind the last one for its length}
  private long pc(int block, int instruction) {
    BlockDefinition definition = blocks.get(block);
    long pc = definition.pc();
    for (int i = 0; i < instruction; i++) {
      pc += definition.sizes()[i];
    }
    return pc;
  }

  @Override
  public Result result() {
    return new Result(followed, breaks, firstBreak);
  }
}
