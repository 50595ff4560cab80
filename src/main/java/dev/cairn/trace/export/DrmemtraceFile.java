package dev.cairn.trace.export;

import java.util.Arrays;

/// One stream of DynamoRIO's records, as one of its threads or processors has.
///
/// Time is made of instructions: one of them takes a nanosecond, over all threads.
final class DrmemtraceFile {
  /// The process that all threads belong to; thread 0 is 1 as well.
  static final int PROCESS = 1;

  /// The first of the year 2000 in microseconds since the beginning of 1601.
  private static final long FIRST_MICROSECOND = 12_591_158_400_000_000L;

  private static final int INSTRUCTIONS_A_MICROSECOND = 1000;
  private static final int LINE_BYTES = 64;
  private static final int PAGE_BYTES = 4096;
  private static final int NONE = -1;

  private final ByteBuffering out;
  private final int type;
  private int thread = NONE;

  /// Whether the code of an instruction was written, by block and instruction.
  private boolean[][] told = new boolean[256][];

  private final boolean[] known = new boolean[1 << 16];
  private int window;
  private boolean begun;

  DrmemtraceFile(ByteTaker into, int type) {
    out = new ByteBuffering(into);
    this.type = type;
  }

  /// Says whose records come.
  ///
  /// @param instructions executed so far
  void of(int number, long instructions) {
    if (number == thread) {
      return;
    }
    boolean first = thread == NONE;
    if (first) {
      record(DrmemtraceLayout.HEADER, 0, DrmemtraceLayout.VERSION);
      marker(DrmemtraceLayout.FORMAT_VERSION, DrmemtraceLayout.VERSION);
      marker(DrmemtraceLayout.FILE_TYPE, type);
    }
    thread = number;
    record(DrmemtraceLayout.THREAD, 0, number + PROCESS);
    if (first || !seen(number)) {
      record(DrmemtraceLayout.PROCESS, 0, PROCESS);
    }
    if (first) {
      marker(DrmemtraceLayout.LINE_BYTES, LINE_BYTES);
      marker(DrmemtraceLayout.CHUNK_INSTRUCTIONS, 0);
      marker(DrmemtraceLayout.PAGE_BYTES, PAGE_BYTES);
      time(instructions);
      marker(DrmemtraceLayout.WINDOW, 0);
    }
    if (number < known.length) {
      known[number] = true;
    }
  }

  private boolean seen(int number) {
    return number < known.length && known[number];
  }

  /// Says that something was left out.
  void gap() {
    if (begun) {
      marker(DrmemtraceLayout.WINDOW, ++window);
    }
  }

  void time(long instructions) {
    marker(
        DrmemtraceLayout.TIMESTAMP, FIRST_MICROSECOND + instructions / INSTRUCTIONS_A_MICROSECOND);
    marker(DrmemtraceLayout.PROCESSOR, -1); // not known
  }

  void marker(int kind, long value) {
    record(DrmemtraceLayout.MARKER, kind, value);
  }

  void record(int kind, int bytes, long value) {
    out.reserve();
    out.half(kind);
    out.half(bytes);
    out.number(value);
  }

  /// Writes an instruction, with its code if that was not yet written.
  ///
  /// @param target where it goes, if the instruction does not tell; 0 otherwise
  void instruction(int id, DrmemtraceCode.Block block, int index, int kind, long target) {
    begun = true;
    boolean[] row = told(id, block);
    if (block.changes()[index] || !row[index]) {
      row[index] = true;
      record(DrmemtraceLayout.ENCODING, block.sizes()[index], block.code()[index] & 0xffff_ffffL);
    }
    if (target != 0) {
      marker(DrmemtraceLayout.BRANCH_TARGET, target);
    }
    record(kind, block.sizes()[index], block.pcs()[index]);
  }

  private boolean[] told(int id, DrmemtraceCode.Block block) {
    if (id >= told.length) {
      told = Arrays.copyOf(told, 2 * id);
    }
    boolean[] row = told[id];
    if (row == null) {
      row = new boolean[block.pcs().length];
      told[id] = row;
    }
    return row;
  }

  void end() {
    record(DrmemtraceLayout.FOOTER, 0, 0);
    out.flush();
  }
}
