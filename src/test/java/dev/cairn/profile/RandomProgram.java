package dev.cairn.profile;

import dev.cairn.event.BlockDefinition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A little A64 program that runs at random, translated in pieces as QEMU does it.
///
/// Pieces end at branches, at pages of 16 instructions, and where a limit falls, which differs from
/// one translation to the next. Instructions fault now and then, signals come between pieces, and
/// code is written anew at the same address.
final class RandomProgram {
  static final long BASE = 0x40_0000;
  private static final int PAGE_INSTRUCTIONS = 16;
  private static final int RETURN = 0xd65f03c0;

  /// How an instruction was come to.
  enum Arrival {
    NEXT,
    BRANCH,
    RESUMED
  }

  /// An executed instruction.
  record Step(long pc, int word, Arrival arrival) {}

  /// A piece that was entered and how much of it executed.
  record Entry(BlockDefinition block, int executed) {}

  private final SplittableRandom random;
  private final int[] code;
  private final int handler;
  private final double faults;
  private final Map<String, BlockDefinition> known = new HashMap<>();
  private final Map<Integer, Integer> limits = new HashMap<>();
  final List<BlockDefinition> blocks = new ArrayList<>();
  final List<Entry> entries = new ArrayList<>();
  final List<Step> steps = new ArrayList<>();

  /// By the number of the handler's first entry: where a signal took control away from.
  final Map<Integer, Long> interrupts = new HashMap<>();

  /// A direct branch that was taken.
  ///
  /// @param step its number among the steps
  record Taken(int step, long pc, long target) {}

  final List<Taken> taken = new ArrayList<>();
  private int unique;

  /// @param faults how likely an instruction faults
  RandomProgram(long seed, int instructions, double faults) {
    random = new SplittableRandom(seed);
    this.faults = faults;
    code = new int[instructions];
    handler = instructions - 5;
    for (int i = 0; i < instructions; i++) {
      code[i] = i >= handler ? plain() : instruction(i);
    }
    code[handler - 1] = jump(0, handler - 1);
    code[instructions - 1] = RETURN;
  }

  private int instruction(int at) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return jump(random.nextInt(handler), at);
    }
    if (kind <= 2) {
      return 0xb5000000 | (random.nextInt(handler) - at & 0x7ffff) << 5; // cbnz x0
    }
    return plain();
  }

  private static int jump(int target, int at) {
    return 0x14000000 | ((target - at) & 0x3ffffff);
  }

  private int plain() {
    return 0x91000000 | (unique++ & 0xfff) << 10; // add x0, x0, #unique
  }

  private static boolean isPlain(int word) {
    return (word & 0xff000000) == 0x91000000;
  }

  /// Runs for about so many instructions.
  ///
  /// @param rewrites how often code is written anew
  void run(int instructions, int rewrites) {
    int pc = 0;
    Arrival arrival = Arrival.BRANCH;
    int nextRewrite = rewrites == 0 ? instructions : instructions / (rewrites + 1);
    int nextFlush = 500;
    while (steps.size() < instructions) {
      if (steps.size() > nextRewrite) {
        nextRewrite += instructions / (rewrites + 1);
        int at = random.nextInt(handler - 1);
        code[at] = instruction(at);
      }
      if (steps.size() > nextFlush) {
        nextFlush += 500;
        limits.clear();
      }
      BlockDefinition block = translate(pc);
      int length = block.instructions();
      int fault = faultIn(pc, length);
      enter(block, fault < 0 ? length : fault, arrival);
      if (fault >= 0) {
        pc += fault;
        handle(pc);
        arrival = Arrival.RESUMED;
        continue;
      }
      int last = code[pc + length - 1];
      int behind = pc + length;
      if ((last & 0xfc000000) == 0x14000000) {
        pc = take(behind - 1, behind - 1 + (last << 6 >> 6));
        arrival = Arrival.BRANCH;
      } else if ((last & 0xff000000) == 0xb5000000 && random.nextBoolean()) {
        pc = take(behind - 1, behind - 1 + (last << 8 >> 13));
        arrival = Arrival.BRANCH;
      } else {
        pc = behind;
        arrival = isPlain(last) ? Arrival.NEXT : Arrival.BRANCH;
      }
      if (random.nextDouble() < faults / 4) {
        handle(pc);
        arrival = arrival == Arrival.NEXT ? Arrival.RESUMED : arrival;
      }
    }
  }

  private int faultIn(int pc, int length) {
    for (int i = 0; i < length; i++) {
      if (isPlain(code[pc + i]) && random.nextDouble() < faults) {
        return i;
      }
    }
    return -1;
  }

  private int take(int from, int to) {
    taken.add(new Taken(steps.size() - 1, address(from), address(to)));
    return to;
  }

  private static long address(int instruction) {
    return BASE + 4L * instruction;
  }

  private void handle(int interrupted) {
    interrupts.put(entries.size(), address(interrupted));
    int pc = handler;
    Arrival arrival = Arrival.BRANCH;
    while (pc < code.length) {
      BlockDefinition block = translate(pc);
      enter(block, block.instructions(), arrival);
      pc += block.instructions();
      arrival = Arrival.NEXT;
    }
  }

  private void enter(BlockDefinition block, int executed, Arrival arrival) {
    entries.add(new Entry(block, executed));
    ByteBuffer bytes = ByteBuffer.wrap(block.code()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < executed; i++) {
      steps.add(
          new Step(block.pc() + 4L * i, bytes.getInt(4 * i), i == 0 ? arrival : Arrival.NEXT));
    }
  }

  private BlockDefinition translate(int pc) {
    int limit = limits.computeIfAbsent(pc, p -> 1 + random.nextInt(12));
    int end = pc;
    do {
      end++;
    } while (end < code.length
        && isPlain(code[end - 1])
        && end % PAGE_INSTRUCTIONS != 0
        && end - pc < limit);
    int[] words = Arrays.copyOfRange(code, pc, end);
    return known.computeIfAbsent(
        pc + Arrays.toString(words),
        key -> {
          ByteBuffer bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asIntBuffer().put(words);
          byte[] sizes = new byte[words.length];
          Arrays.fill(sizes, (byte) 4);
          BlockDefinition block =
              new BlockDefinition(blocks.size(), BASE + 4L * limitless(key), bytes.array(), sizes);
          blocks.add(block);
          return block;
        });
  }

  private static int limitless(String key) {
    return Integer.parseInt(key.substring(0, key.indexOf('[')));
  }
}
