package dev.cairn.profile.block;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.profile.flow.Rounds;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Looks at the executions of blocks one by one: how often each executed, what led to what, where
/// one was left half-way and why, and how often it ran in a circle.
///
/// Works on translation blocks while the run goes on; [BlockFlowBuilder] makes true blocks of them.
///
/// **Cost**: an execution is a comparison and an addition; about 100 bytes a block and 24 a way
/// between two.
public final class BlockAnalysis implements Analysis<BlockFlow> {
  private static final int NONE = -1;

  private final Isa isa;
  private final LongFunction<@Nullable CodeLocation> locate;
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final List<@Nullable CodeLocation> locations = new ArrayList<>();
  private final BlockEdges edges = new BlockEdges();

  /// By block: the upper half of a whole execution's word, its address, that of its end, and
  /// whether a branch ends it.
  private int[] whole = new int[1 << 4];

  private long[] pcs = new long[1 << 4];
  private long[] ends = new long[1 << 4];
  private boolean[] branches = new boolean[1 << 4];

  /// By block and first instruction: the block that begins there, for windows that open inside one.
  private final Map<Long, Integer> suffixes = new HashMap<>();

  /// By source's id: the number that the block has here, as suffixes come between.
  private int[] numbers = new int[1 << 4];

  private final Rounds rounds = new Rounds();
  private final Departures departures = new Departures();
  private final List<ThreadState> threads = new ArrayList<>();

  /// Where one guest thread stands.
  private static final class ThreadState {
    int previous = NONE;

    /// A block that was left half-way, of which it is not known yet why: its number, and at which
    /// instruction; or [#NONE].
    int cut = NONE;

    int cutAt;

    /// How often what is done now was done: more than once when rounds are taken together.
    long rounds = 1;

    /// How often the last block has led to itself by now, without another in between.
    long repeats;

    /// The block that the present piece of straight code began with, and how often in a row it has.
    int head = NONE;

    long headPc = NONE;
    long times;

    /// How many pieces have begun.
    long begun;
  }

  /// @param locate says what lies at an address of the block that is being defined
  public BlockAnalysis(Isa isa, LongFunction<@Nullable CodeLocation> locate) {
    this.isa = isa;
    this.locate = locate;
  }

  @Override
  public void define(BlockDefinition block) {
    if (block.id() >= numbers.length) {
      numbers = Arrays.copyOf(numbers, numbers.length * 2);
    }
    numbers[block.id()] = add(block, locate.apply(block.pc()));
  }

  private int add(BlockDefinition block, @Nullable CodeLocation location) {
    int number = blocks.size();
    if (number == whole.length) {
      whole = Arrays.copyOf(whole, number * 2);
      pcs = Arrays.copyOf(pcs, number * 2);
      ends = Arrays.copyOf(ends, number * 2);
      branches = Arrays.copyOf(branches, number * 2);
    }
    blocks.add(block);
    locations.add(location);
    edges.addBlock();
    pcs[number] = block.pc();
    ends[number] = block.pc() + block.code().length;
    branches[number] = endsBlock(block);
    whole[number] = (int) (EventWord.execution(0, 0, block.instructions()) >>> 32);
    return number;
  }

  /// {@return whether the last instruction ends a block, or QEMU just stopped there}
  private boolean endsBlock(BlockDefinition block) {
    int last = block.instructions() - 1;
    int offset = block.code().length - block.sizes()[last];
    return isa.decode(block.pc() + offset, block.code(), offset).branch().endsBlock();
  }

  @Override
  public void accept(Batch batch) {
    while (threads.size() <= batch.thread()) {
      threads.add(new ThreadState());
    }
    ThreadState thread = threads.get(batch.thread());
    long[] words = batch.words();
    int length = batch.length();
    int previous = thread.previous;
    rounds.begin(numbers.length, length);
    for (int i = 0; i < length; i++) {
      if (previous != NONE && thread.head == previous && thread.times == 1 && thread.repeats == 0) {
        thread.previous = previous;
        i = goPlainly(thread, words, i, length);
        previous = thread.previous;
        if (i == length) {
          break;
        }
      }
      long word = words[i];
      int kind = EventWord.kind(word);
      if (kind == EventWord.EXECUTION) {
        int block = numbers[EventWord.block(word)];
        if (previous != NONE && (int) (word >>> 32) == whole[block]) {
          step(thread, previous, block);
          previous = block;
          if (rounds.isInStep(EventWord.block(word), i)) {
            i += goRound(thread, words, i + 1, length);
          }
        } else {
          rounds.breakOff();
          previous = execute(thread, previous, block, word);
        }
      } else if (EventWord.isInterrupt(word)) {
        rounds.breakOff();
        previous = interrupt(thread, previous, EventWord.detail(word));
      }
    }
    thread.previous = previous;
  }

  /// Goes on by plain ways, on which there is nothing to be done but to count them, from a piece of
  /// straight code that is a whole block and has begun once.
  ///
  /// @param next the index of the first word that may be gone
  /// @return the index of the first one that was not
  private int goPlainly(ThreadState thread, long[] words, int next, int until) {
    int block = thread.head;
    int i = next;
    boolean inStep = false;
    while (i < until && !inStep) {
      long word = words[i];
      if (EventWord.kind(word) != EventWord.EXECUTION) {
        break;
      }
      int to = numbers[EventWord.block(word)];
      if ((int) (word >>> 32) != whole[to] || !edges.countPlain(block, to)) {
        break;
      }
      block = to;
      inStep = rounds.isInStep(EventWord.block(word), i++);
    }
    if (i > next) {
      thread.begun++;
      thread.head = block;
      thread.headPc = pcs[block];
      thread.previous = block;
    }
    return inStep ? i + goRound(thread, words, i, until) : i;
  }

  /// {@return whether a way leads by a branch to what does not begin inside of the block itself}
  private boolean isPlain(int from, int to) {
    long pc = pcs[to];
    return branches[from]
        && (Long.compareUnsigned(pc, pcs[from]) < 0 || Long.compareUnsigned(pc, ends[from]) >= 0);
  }

  /// Control goes from one whole block to the next.
  private void step(ThreadState thread, int previous, int block) {
    if (block != previous) {
      go(thread, previous, block);
      return;
    }
    thread.repeats++;
    if (thread.headPc == pcs[block]) {
      thread.times++;
    } else {
      begin(thread, block, 2);
    }
  }

  /// Takes the rounds that follow and are the same as the last one: goes one of them, and if that
  /// led to where it began, counts what it did for all others.
  ///
  /// @param next the index of the first word behind the last round
  /// @return how many words were taken
  private int goRound(ThreadState thread, long[] words, int next, int until) {
    int length = rounds.length();
    int again = rounds.count(words, next, until);
    int last = numbers[EventWord.block(words[next - 1])];
    for (int i = next - length; i < next; i++) {
      if (EventWord.kind(words[i]) != EventWord.EXECUTION) {
        return 0;
      }
    }
    if (again == 0) {
      return 0;
    }
    int head = thread.head;
    long times = thread.times;
    long repeats = thread.repeats;
    long begun = thread.begun;
    goRound(thread, last, words, next, length);
    long grown = thread.times - times;
    long repeated = thread.repeats - repeats;
    boolean same = thread.begun == begun || (grown == 0 && repeated == 0 && thread.head == head);
    if (again == 1 || !same || (length > 1 && repeated != 0)) {
      return length;
    }
    thread.rounds = again - 1L;
    goRound(thread, last, words, next, length);
    thread.rounds = 1;
    thread.times += grown * (again - 2);
    thread.repeats += repeated * (again - 2);
    return again * length;
  }

  private void goRound(ThreadState thread, int before, long[] words, int first, int length) {
    int previous = before;
    for (int i = first; i < first + length; i++) {
      int block = numbers[EventWord.block(words[i])];
      step(thread, previous, block);
      previous = block;
    }
  }

  /// Control goes from one whole block to another one.
  private void go(ThreadState thread, int from, int to) {
    endRepeats(thread, from);
    if (edges.count(from, to, thread.rounds) && isPlain(from, to)) {
      edges.makePlain(from, to);
    }
    long pc = pcs[to];
    long end = ends[from];
    if (!branches[from] && pc == end) {
      return; // QEMU had just stopped there
    }
    if (pc == thread.headPc) {
      thread.times++;
    } else {
      boolean inside =
          Long.compareUnsigned(thread.headPc, pc) < 0 && Long.compareUnsigned(pc, end) < 0;
      begin(thread, to, inside ? 2 : 1);
    }
  }

  /// Another piece of straight code begins.
  private void begin(ThreadState thread, int head, long times) {
    if (thread.times > 1) {
      edges.circle(thread.head, thread.times, thread.rounds);
    }
    thread.begun++;
    thread.head = head;
    thread.headPc = head == NONE ? NONE : pcs[head];
    thread.times = times;
  }

  private void endRepeats(ThreadState thread, int block) {
    if (thread.repeats > 0) {
      edges.repeat(block, thread.repeats * thread.rounds);
      thread.repeats = 0;
    }
  }

  /// Takes an execution that is not whole, or the first one behind a break.
  ///
  /// @return the new previous block
  private int execute(ThreadState thread, int previous, int block, long word) {
    int first = EventWord.first(word);
    int end = EventWord.end(word);
    int at = first == 0 ? block : suffix(block, first);
    int instructions = end - first;
    if (thread.cut != NONE) {
      goOnBehindCut(thread, at);
    } else if (previous != NONE) {
      go(thread, previous, at);
    } else {
      edges.enter(at);
      begin(thread, at, 1);
    }
    if (instructions == blocks.get(at).instructions()) {
      return at;
    }
    thread.cut = at;
    thread.cutAt = instructions;
    return NONE;
  }

  /// QEMU may leave a block to do an instruction alone: then the next one begins right there.
  private void goOnBehindCut(ThreadState thread, int at) {
    boolean goesOn = blocks.get(at).pc() == address(thread.cut, thread.cutAt);
    departures.add(thread.cut, thread.cutAt, goesOn ? Departures.GOES_ON : 0);
    thread.cut = NONE;
    edges.enter(at);
    begin(thread, at, 1);
  }

  private int interrupt(ThreadState thread, int previous, int signal) {
    endRepeats(thread, previous);
    begin(thread, NONE, 0);
    if (thread.cut != NONE) {
      departures.add(thread.cut, thread.cutAt, signal);
      thread.cut = NONE;
    }
    return NONE;
  }

  private long address(int block, int instruction) {
    BlockDefinition b = blocks.get(block);
    long address = b.pc();
    for (int i = 0; i < instruction; i++) {
      address += b.sizes()[i];
    }
    return address;
  }

  /// {@return the block that is the rest of another from an instruction on}
  private int suffix(int block, int first) {
    return suffixes.computeIfAbsent(
        (long) block << 32 | first,
        _ -> {
          BlockDefinition b = blocks.get(block);
          long pc = address(block, first);
          byte[] sizes = Arrays.copyOfRange(b.sizes(), first, b.sizes().length);
          byte[] code = Arrays.copyOfRange(b.code(), (int) (pc - b.pc()), b.code().length);
          return add(new BlockDefinition(blocks.size(), pc, code, sizes), locations.get(block));
        });
  }

  @Override
  public void pause(int number) {
    if (number >= threads.size()) {
      return;
    }
    ThreadState thread = threads.get(number);
    endRepeats(thread, thread.previous);
    begin(thread, NONE, 0);
    thread.previous = NONE;
    if (thread.cut != NONE) {
      departures.add(thread.cut, thread.cutAt, Departures.UNSEEN);
      thread.cut = NONE;
    }
  }

  /// {@return the blocks and ways; to be called once, at the end}
  @Override
  public BlockFlow result() {
    for (ThreadState thread : threads) {
      endRepeats(thread, thread.previous);
      begin(thread, NONE, 0);
      if (thread.cut != NONE) {
        departures.add(thread.cut, thread.cutAt, 0);
        thread.cut = NONE;
      }
    }
    return new BlockFlowBuilder(isa, blocks, locations, edges.entries(), departures).build(edges);
  }
}
