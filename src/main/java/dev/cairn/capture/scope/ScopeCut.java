package dev.cairn.capture.scope;

import dev.cairn.capture.Trigger;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.CallRecords;
import dev.cairn.event.EventWord;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.isa.Isa;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Hands analyses what one thread executes in a [ScopeWindow], to the instruction.
///
/// What happens between two instructions belongs to the first of them: a system call to its
/// instruction, a signal to the instruction before it. Where the scope opens, a note tells the
/// stack pointer, if it is known.
///
/// Of a guest only counts are left to cut by, see [ScopeWindow#withoutTriggers]; of a trace, which
/// is whole, triggers are followed here by the probe's rules.
///
/// Cost: a batch all inside or outside is passed on or over, unless there are triggers or the stack
/// pointer must be known; else it is copied.
public final class ScopeCut implements Analysis<ScopeCut.Seen> {
  private static final int CAPACITY = (1 << 16) + 16;

  /// What came of a scope.
  ///
  /// @param first instructions of the thread before it
  /// @param instructions in it
  /// @param ended whether its end was reached
  public record Seen(long first, long instructions, boolean ended) {}

  private final int thread;
  private final long until;
  private final List<Trigger> triggers;
  private final TriggerPlaces places;
  private final List<Analysis<?>> analyses;
  private final StackTrack stack;
  private final CallRecords calls = new CallRecords();
  private final TriggerState state;
  private Batch out = new Batch(CAPACITY);
  private long[] words = out.words();

  /// What memory holds where the scope opens, as far as that was told before.
  private final Deque<MemoryChange> before = new ArrayDeque<>();

  /// Where the words come from, and which of them are the accesses of the execution looked at.
  private Batch given = out;

  private int givenAccess;
  private int givenEnd;

  /// By block: which triggers stand at each of its instructions; null if none does.
  private final List<int @Nullable [][]> sites = new ArrayList<>();

  /// Instructions behind which the scope opens; never, if a trigger does that, or it has.
  private long from;

  private int length;

  /// Instructions before the first word that waits.
  private long first;

  /// Instructions before the word that is looked at.
  private long position;

  /// Instructions before the scope's first one.
  private long began;

  private long instructions;
  private boolean open;
  private boolean ended;

  /// @param analyses take each batch in this order
  public ScopeCut(Isa isa, ScopeWindow window, List<? extends Analysis<?>> analyses) {
    this.analyses = List.copyOf(analyses);
    thread = window.thread();
    from = window.window().from(); // a trigger's is above all counts
    until = window.window().until();
    triggers = window.triggers();
    places = window.places();
    state = new TriggerState(triggers);
    stack = new StackTrack(isa);
    open = from == 0;
  }

  @Override
  public void define(BlockDefinition block) {
    stack.define(block);
    sites.add(sites(block));
    analyses.forEach(analysis -> analysis.define(block));
  }

  private int @Nullable [][] sites(BlockDefinition block) {
    int[][] found = null;
    long pc = block.pc();
    for (int i = 0; i < block.instructions() && !triggers.isEmpty(); i++) {
      long at = pc;
      int index = i;
      int[] here =
          IntStream.range(0, triggers.size())
              .filter(t -> places.isAt(triggers.get(t), block, index, at))
              .toArray();
      if (here.length > 0) {
        found = found == null ? new int[block.instructions()][0] : found;
        found[i] = here;
      }
      pc += block.sizes()[i];
    }
    return found;
  }

  @Override
  public void systemCall(SystemCall call) {
    if (call.thread() == thread && !ended) {
      calls.add(call);
    }
  }

  @Override
  public void systemReturn(SystemReturn result) {
    if (result.thread() == thread && !ended) {
      calls.add(result);
    }
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != thread || ended) {
      return;
    }
    if (batch.firstInstruction() != position) {
      stack.forget();
      position = batch.firstInstruction();
    }
    first = position;
    if (open && triggers.isEmpty() && calls.isUnused() && fits(batch)) {
      began = instructions == 0 ? position : began;
      analyses.forEach(analysis -> analysis.accept(batch));
      instructions += batch.instructions();
      position += batch.instructions();
      return;
    }
    if (batch.hasValues() && !out.hasValues()) {
      out = new Batch(CAPACITY, true);
      words = out.words();
    }
    given = batch;
    long[] from = batch.words();
    int end = batch.length();
    int at = 0;
    while (at < end && !ended) {
      long word = from[at++];
      if (EventWord.kind(word) == EventWord.NOTE) {
        note(word);
        continue;
      }
      int accesses = at;
      while (at < end && EventWord.kind(from[at]) == EventWord.ACCESS) {
        at++;
      }
      execution(word, accesses, at);
    }
    flush();
  }

  private boolean fits(Batch batch) {
    return batch.instructions() <= until - position;
  }

  private void note(long word) {
    if (EventWord.note(word) == EventWord.NOTE_STACK) {
      stack.set(EventWord.address(word));
    }
    calls.tell(word, open ? analyses : List.of());
    if (open) {
      makeRoom(1);
      words[length++] = word;
    }
  }

  private void execution(long word, int accesses, int endAccesses) {
    int block = EventWord.block(word);
    int begin = EventWord.first(word);
    int end = EventWord.end(word);
    int[][] turns = sites.get(block);
    long behind = position + (end - begin);
    givenAccess = accesses;
    givenEnd = endAccesses;
    if (begin < end && (turns != null || behind > (open ? until : from))) {
      cut(word, turns, accesses, endAccesses);
    } else if (open) {
      add(word, accesses, endAccesses);
    } else {
      rememberStores(Integer.MAX_VALUE);
    }
    stack.execute(block, begin, end);
    position = behind;
  }

  /// Takes an execution in which the scope may open or close.
  private void cut(long word, int @Nullable [][] turns, int accesses, int endAccesses) {
    int block = EventWord.block(word);
    int begin = EventWord.first(word);
    int end = EventWord.end(word);
    int piece = begin;
    for (int i = begin; i < end && !ended; i++) {
      long count = position + (i - begin);
      if (count >= from) {
        from = Long.MAX_VALUE;
        open(count, block, begin, i);
        piece = i;
      }
      for (int k = 0; turns != null && k < turns[i].length; k++) {
        switch (state.reach(turns[i][k], open)) {
          case NONE -> {}
          case OPENS -> {
            open(count, block, begin, i);
            piece = i;
          }
          case CLOSES -> {
            add(block, open ? piece : i, i, accesses, endAccesses);
            close(false);
          }
          case CLOSES_FOR_GOOD -> {
            add(block, open ? piece : i, i, accesses, endAccesses);
            close(true);
          }
        }
      }
      if (open && count >= until) {
        add(block, piece, i, accesses, endAccesses);
        close(true);
      }
    }
    if (open) {
      add(block, piece, end, accesses, endAccesses);
    }
  }

  private void open(long count, int block, int begin, int index) {
    if (open) {
      return;
    }
    open = true;
    first = count;
    rememberStores(index);
    while (!before.isEmpty()) {
      MemoryChange change = before.remove();
      analyses.forEach(analysis -> analysis.memory(change));
    }
    if (stack.isKnown()) {
      words[length++] = EventWord.note(EventWord.NOTE_STACK, 0, stack.behind(block, begin, index));
    }
  }

  /// Keeps what the execution that is looked at has stored before the scope, where values are
  /// known.
  ///
  /// @param end the first instruction that does not count
  private void rememberStores(int end) {
    for (int i = givenAccess; given.hasValues() && i < givenEnd; i++) {
      long word = given.words()[i];
      if (EventWord.isStore(word) && EventWord.instruction(word) < end) {
        before.add(MemoryChange.stored(thread, word, given.values(), 2 * i));
      }
    }
  }

  @Override
  public void memory(MemoryChange change) {
    if (change.thread() != thread || ended) {
      return;
    }
    if (open) {
      flush();
      analyses.forEach(analysis -> analysis.memory(change));
    } else {
      before.add(change);
    }
  }

  private void close(boolean forGood) {
    flush();
    ended |= forGood;
    if (open) {
      open = false;
      analyses.forEach(analysis -> analysis.pause(thread));
    }
  }

  private void add(int block, int begin, int end, int accesses, int endAccesses) {
    if (begin == end) {
      return;
    }
    int firstAccess = accesses;
    while (firstAccess < endAccesses && EventWord.instruction(given.words()[firstAccess]) < begin) {
      firstAccess++;
    }
    int endAccess = firstAccess;
    while (endAccess < endAccesses && EventWord.instruction(given.words()[endAccess]) < end) {
      endAccess++;
    }
    add(EventWord.execution(block, begin, end), firstAccess, endAccess);
  }

  private void add(long execution, int accesses, int endAccesses) {
    int count = endAccesses - accesses;
    makeRoom(count + 1);
    words[length++] = execution;
    Batch.copy(given, accesses, out, length, count);
    length += count;
  }

  private void makeRoom(int count) {
    if (length + count > CAPACITY) {
      flush();
    }
  }

  private void flush() {
    if (length > 0) {
      out.reset(thread, first, length);
      length = 0;
      began = instructions == 0 ? first : began;
      first += out.instructions();
      instructions += out.instructions();
      analyses.forEach(analysis -> analysis.accept(out));
    }
  }

  @Override
  public void pause(int number) {
    if (number == thread && open) {
      analyses.forEach(analysis -> analysis.pause(thread));
    }
  }

  /// {@return whether nothing that may come still belongs to the scope}
  public boolean hasEnded() {
    return ended;
  }

  @Override
  public Seen result() {
    return new Seen(began, instructions, ended || (open && position == until));
  }
}
