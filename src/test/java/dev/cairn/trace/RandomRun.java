package dev.cairn.trace;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.MemoryChange;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A made-up run of several threads: loops over blocks of 1 to 512 instructions, code written anew
/// at the same address, blocks left half-way, executions of no instruction, notes of every kind,
/// system calls with memory, and counts that jump as between windows.
final class RandomRun {
  private static final int MOST_WORDS = 200;

  private final SplittableRandom random;
  private final int threads;
  private final boolean windows;
  private final boolean accesses;
  private boolean values;
  private final List<BlockDefinition> blocks = new ArrayList<>();
  private final long[] positions;
  private final int[][] loops;
  private long calls;
  private long counter;

  RandomRun(long seed, int threads, boolean windows) {
    this(seed, threads, windows, false);
  }

  RandomRun(long seed, int threads, boolean windows, boolean accesses) {
    this.accesses = accesses;
    random = new SplittableRandom(seed);
    this.threads = threads;
    this.windows = windows;
    positions = new long[threads];
    loops = new int[threads][];
  }

  /// {@return this run with values of accesses, and changes of memory}
  RandomRun withValues() {
    values = true;
    return this;
  }

  /// Gives accesses values that are now and then what was stored or loaded before, or go on, and
  /// else anything.
  private void fillValues(Batch batch) {
    for (int i = 0; i < batch.length(); i++) {
      long word = batch.words()[i];
      if (EventWord.kind(word) != EventWord.ACCESS) {
        continue;
      }
      int bytes = EventWord.bytes(word);
      long low = value();
      batch.values()[2 * i] = bytes > 16 ? 0 : bytes >= 8 ? low : low & ((1L << (8 * bytes)) - 1);
      batch.values()[2 * i + 1] = bytes == 16 ? value() : 0;
    }
  }

  private long value() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> random.nextInt(1 << 12);
      case 2 -> counter += 8;
      case 3 -> counter;
      case 4 -> counter - random.nextInt(1 << 22);
      default -> random.nextLong();
    };
  }

  private void changeMemory(int thread, Analysis<?> into) {
    for (int i = random.nextInt(3); i > 0; i--) {
      MemoryChange.Kind kind = Objects.requireNonNull(MemoryChange.Kind.of(random.nextInt(3)));
      boolean unknown = kind == MemoryChange.Kind.UNKNOWN;
      byte[] contents = new byte[unknown ? 0 : random.nextInt(5000)];
      if (random.nextBoolean()) {
        random.nextBytes(contents);
      }
      long bytes = unknown ? random.nextLong(1L << 50) : contents.length;
      into.memory(new MemoryChange(thread, kind, 4L * random.nextInt(1 << 14), bytes, contents));
    }
  }

  /// {@return where the code at an address comes from}
  static @Nullable CodeLocation locate(long pc) {
    return pc % 3 == 0
        ? null
        : pc % 3 == 1
            ? new CodeLocation("/lib/" + pc % 7, pc - 0x1000, null, 0)
            : new CodeLocation("/bin/ü" + pc % 5, pc, "f" + pc % 11, pc % 64);
  }

  /// Runs some batches into an analysis.
  void run(int batches, Analysis<?> into) {
    Batch batch = new Batch(MOST_WORDS + 10 + (accesses ? MOST_WORDS * 450 : 0), values);
    for (int b = 0; b < batches; b++) {
      int thread = random.nextInt(threads);
      for (int i = random.nextInt(3); i >= 0; i--) {
        define(into);
      }
      if (windows && random.nextInt(10) == 0) {
        positions[thread] += random.nextInt(5000);
      }
      int length = fill(batch.words(), thread, random.nextInt(MOST_WORDS) + 1, into);
      batch.reset(thread, positions[thread], length);
      positions[thread] += batch.instructions();
      if (values) {
        fillValues(batch);
        changeMemory(thread, into);
      }
      into.accept(batch);
    }
  }

  private void define(Analysis<?> into) {
    int size = random.nextInt(20) == 0 ? 512 : 1 + random.nextInt(12);
    byte[] sizes = new byte[size];
    boolean alike = random.nextInt(4) != 0;
    int total = 0;
    for (int i = 0; i < size; i++) {
      sizes[i] = (byte) (alike ? 4 : 1 + random.nextInt(15));
      total += sizes[i];
    }
    byte[] code = new byte[total];
    random.nextBytes(code);
    boolean again = !blocks.isEmpty() && random.nextInt(5) == 0;
    long pc =
        again
            ? blocks.get(random.nextInt(blocks.size())).pc()
            : random.nextInt(9) == 0 ? random.nextLong() : 0x400000 + 4L * random.nextInt(1 << 20);
    BlockDefinition block = new BlockDefinition(blocks.size(), pc, code, sizes);
    blocks.add(block);
    into.define(block);
  }

  private int fill(long[] words, int thread, int most, Analysis<?> into) {
    int count = most;
    int length = 0;
    while (length < count) {
      int[] loop = loops[thread];
      if (loop == null || random.nextInt(40) == 0) {
        loop = random.ints(1 + random.nextInt(9), 0, blocks.size()).toArray();
        loops[thread] = loop;
      }
      for (int block : loop) {
        if (length == count) {
          break;
        }
        words[length++] = word(block, thread, into);
        if (accesses) {
          int begin = length;
          length = accesses(words, begin);
          count += length - begin;
        }
      }
    }
    return length;
  }

  /// Adds accesses behind an execution: of most blocks always the same instructions, at addresses
  /// that go on, stay, or are anywhere; now and then others, and very many.
  private int accesses(long[] words, int at) {
    long word = words[at - 1];
    int first = EventWord.first(word);
    int instructions = EventWord.end(word) - first;
    if (EventWord.kind(word) != EventWord.EXECUTION || instructions == 0) {
      return at;
    }
    int block = EventWord.block(word);
    boolean odd = random.nextInt(25) == 0;
    int count = odd ? random.nextInt(random.nextInt(10) == 0 ? 450 : 6) : block % 5;
    for (int i = 0; i < count; i++) {
      long address =
          switch ((block + i) % 6) {
            case 0 -> 0x4000 + 16L * at * block;
            case 1 -> 0x7fff_0000L + 8L * i;
            case 2 -> random.nextLong();
            case 3 -> -(1L << 48) + random.nextInt(1 << 20);
            case 4 -> 0x10_0000 + 64L * random.nextInt(1 << 12);
            default -> 4L * random.nextInt(3);
          };
      int size = odd ? 1 << random.nextInt(8) : 1 << i % 8;
      int instruction = first + (int) ((long) i * instructions / count);
      words[at + i] = EventWord.access(address, instruction, size, (block + i) % 3 == 0);
    }
    return at + count;
  }

  private long word(int block, int thread, Analysis<?> into) {
    int size = blocks.get(block).instructions();
    return switch (random.nextInt(60)) {
      case 0 -> {
        int first = random.nextInt(size);
        yield EventWord.execution(block, first, first + random.nextInt(size - first + 1));
      }
      case 1 -> EventWord.interrupt(random.nextLong(), 1 + random.nextInt(64));
      case 2 -> EventWord.note(EventWord.NOTE_STACK, 0, -16L * random.nextInt(99));
      case 3 -> {
        into.systemCall(
            new SystemCall(
                thread, calls, random.nextInt(400), random.longs(8).toArray(), memory()));
        yield EventWord.note(EventWord.NOTE_CALL, 0, calls++);
      }
      case 4 -> {
        into.systemReturn(new SystemReturn(thread, calls, -random.nextInt(99), memory()));
        yield EventWord.note(EventWord.NOTE_RETURN, 0, calls++);
      }
      default -> EventWord.execution(block, 0, size);
    };
  }

  private List<GuestBytes> memory() {
    List<GuestBytes> memory = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      memory.add(new GuestBytes(random.nextInt(8), random.nextInt(5) == 0 ? null : bytes));
    }
    return memory;
  }
}
