package dev.cairn.capture;

import dev.cairn.event.KernelWrite;
import dev.cairn.event.MemoryFetch;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Offsets and constants of the ring file that the probe writes.
///
/// Source: `probe/record.h`; a test compiles it and compares.
final class RingLayout {
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG_HANDLE = LONG.varHandle();
  static final VarHandle INT_HANDLE = INT.varHandle();

  static final long MAGIC = 0x31474e524e524943L;
  static final int VERSION = 9;

  static final int MODE_COUNT = 1;
  static final int MODE_STREAM = 2;
  static final int MODE_STOP = 3;

  static final int STATE_NEW = 0;
  static final int STATE_ATTACHED = 1;
  static final int STATE_ENDED = 2;
  static final int STATE_FAILED = 3;

  static final int SLOT_FREE = 0;
  static final int SLOT_LIVE = 1;
  static final int SLOT_ENDED = 2;

  static final long HEADER_MAGIC = 0;
  static final long HEADER_VERSION = 8;
  static final long HEADER_MODE = 12;
  static final long HEADER_INTERVAL = 16;
  static final long HEADER_RING_WORDS = 24;
  static final long HEADER_CONTROL_WORDS = 32;
  static final long HEADER_CHUNK_WORDS = 40;
  static final long HEADER_SLOTS = 44;
  static final long HEADER_WINDOW_COUNT = 48;
  static final long HEADER_WINDOW_THREAD = 52;
  static final long HEADER_WINDOWS_OFFSET = 56;
  static final long HEADER_CONTROL_OFFSET = 64;
  static final long HEADER_SLOTS_OFFSET = 72;
  static final long HEADER_SLOT_BYTES = 80;
  static final long HEADER_READER_PID = 88;
  static final long HEADER_STATE = 92;
  static final long HEADER_READER_GONE = 96;
  static final long HEADER_PROBE_PID = 100;
  static final long HEADER_MESSAGE = 104;
  static final int HEADER_MESSAGE_BYTES = 256;
  static final long HEADER_CONTENTS = 360;
  static final long HEADER_FETCH_COUNT = 364;
  static final long HEADER_FETCHES_OFFSET = 368;
  static final long HEADER_TRIGGERS_OFFSET = 376;
  static final long HEADER_TRIGGER_COUNT = 384;
  static final long HEADER_FIRST_COUNT = 388;
  static final long HEADER_FIRSTS_OFFSET = 392;
  static final long HEADER_RESUMED = 400;
  static final long HEADER_WRITE_COUNT = 404;
  static final long HEADER_WRITES_OFFSET = 408;
  static final long HEADER_RESTORER = 416;
  static final long HEADER_RESTORER_BYTES = 424;
  static final long HEADER_EXECUTED = 432;
  static final long HEADER_FETCHED = 440;
  static final long HEADER_ACCESSED = 456;
  static final long HEADER_TOLD = 472;
  static final long HEADER_TOLD_COUNT = 476;
  static final long HEADER_TOLD_OFFSET = 480;
  static final int HEADER_BYTES = 4096;

  static final int BASE_ABSOLUTE = 0;
  static final int BASE_PROGRAM = 1;
  static final int BASE_INTERPRETER = 2;
  static final int BASE_FILE = 3;
  static final int BASE_TOLD = 4;
  static final int ACTION_OPEN = 0;
  static final int ACTION_CLOSE = 1;
  static final int ACTION_BEGIN = 2;
  static final int ACTION_INNER = 3;
  static final int ACTION_END = 4;
  static final int ACTION_STOP = 5;
  static final int TRIGGER_BYTES = 256;
  static final int TRIGGER_PATH = 24;
  static final int PATH_BYTES = 232;
  static final int TOLD_BYTES = 16;
  static final int TOLD_AT_MOST = 65536;

  /// In a window: a trigger says when.
  static final long NEVER = -1;

  static final int ACCESSES = 1;
  static final int SYSTEM_CALLS = 2;
  static final int STACK_POINTER = 4;
  static final int PASSED = 8;
  static final int VALUES = 16;
  static final int HINTS = 32;
  static final int UNSETTLED = 64;
  static final int MAPPINGS = 128;
  static final int CIRCLES = 256;

  static final int STORES_SETTLE = 1;
  static final int STORES_ALLOCATE = 2;
  static final int LOADS_SETTLE = 4;

  static final int FETCH_STRING = 1;
  static final int FETCH_BYTES = 2;
  static final int FETCH_BY_ARGUMENT = 3;
  static final int FETCH_BY_RESULT = 4;
  static final int FETCH_STRINGS = 5;
  static final int FETCH_VECTOR = 6;

  static final int WRITE_NOTHING = 0;
  static final int WRITE_BYTES = 1;
  static final int WRITE_BY_ARGUMENT = 2;
  static final int WRITE_BY_RESULT = 3;
  static final int WRITE_VECTOR = 4;
  static final int WRITE_ANYTHING = 5;

  static final int WINDOW_BYTES = 16;
  static final int FETCH_RECORD_BYTES = 8;
  static final int WRITE_RECORD_BYTES = 8;
  static final long UNREADABLE = -1;

  static final long RING_HEAD = 0;
  static final long RING_TAIL = 64;
  static final long RING_STATE = 128;
  static final long RING_THREAD = 132;
  static final long RING_TID = 136;
  static final int RING_BYTES = 256;

  static final int RECORD_SHIFT = 48;
  static final int RECORD_MASK = 0xff;
  static final int RECORD_VECTOR = 1;
  static final int RECORD_INTERVAL = 2;
  static final int RECORD_LEFT = 3;
  static final int RECORD_OPEN = 4;
  static final int RECORD_CLOSE = 5;
  static final int RECORD_END = 6;
  static final int RECORD_RETRACT = 7;
  static final int RECORD_STACK = 8;
  static final int RECORD_CUT = 9;
  static final int RECORD_PASSED = 10;
  static final int RECORD_MEMORY = 11;
  static final int RECORD_SETTLED = 12;
  static final int RECORD_CIRCLES = 13;

  static final int SETTLED_EXECUTIONS = 0;
  static final int SETTLED_LOADS = 1;
  static final int SETTLED_STORES = 2;
  static final int SETTLED_NUMBER_SHIFT = 32;
  static final int SETTLED_NUMBER_MASK = 0x3ff;
  static final int SETTLED_SHIFT = 42;

  static final int MEMORY_PAGE = 0;
  static final int MEMORY_WRITTEN = 1;
  static final int MEMORY_UNKNOWN = 2;

  static final int NOTE_INTERRUPT = 0;
  static final int NOTE_STACK = 1;
  static final int NOTE_CALL = 2;
  static final int NOTE_RETURN = 3;

  static final int CONTROL_BLOCK = 1;
  static final int CONTROL_PROGRAM = 2;
  static final int CONTROL_MAP = 3;
  static final int CONTROL_UNMAP = 4;
  static final int CONTROL_EXECVE = 5;
  static final int CONTROL_EXIT = 6;
  static final int CONTROL_LAST_PC = 7;
  static final int CONTROL_SIGNAL = 8;
  static final int CONTROL_CALL = 9;
  static final int CONTROL_RETURN = 10;
  static final int CONTROL_THREAD = 11;
  static final int CONTROL_STOP = 12;
  static final int CONTROL_SIGRETURN = 13;
  static final int CONTROL_TOTAL = 14;
  static final int CONTROL_ASK = 15;

  /// Longs in `struct cairn_registers`.
  static final int REGISTERS = 101;

  static final int STANDS_AT_PC = 0;
  static final int STANDS_BEHIND_BLOCK = 1;
  static final int STANDS_IN_BLOCK = 2;

  private RingLayout() {}

  /// {@return a `struct cairn_write` as a little-endian number}
  static long write(KernelWrite write) {
    int kind =
        switch (write.kind()) {
          case NOTHING -> WRITE_NOTHING;
          case BYTES -> WRITE_BYTES;
          case BY_ARGUMENT -> WRITE_BY_ARGUMENT;
          case BY_RESULT -> WRITE_BY_RESULT;
          case VECTOR -> WRITE_VECTOR;
          case ANYTHING -> WRITE_ANYTHING;
        };
    return (long) write.unit() << 48
        | (long) write.other() << 32
        | (long) kind << 24
        | (long) write.argument() << 16
        | write.number();
  }

  /// {@return a `struct cairn_fetch` as a little-endian number}
  static long fetch(MemoryFetch fetch) {
    int kind =
        switch (fetch.kind()) {
          case STRING -> FETCH_STRING;
          case BYTES -> FETCH_BYTES;
          case BY_ARGUMENT -> FETCH_BY_ARGUMENT;
          case BY_RESULT -> FETCH_BY_RESULT;
          case STRINGS -> FETCH_STRINGS;
          case VECTOR -> FETCH_VECTOR;
        };
    return (long) fetch.limit() << 48
        | (long) fetch.other() << 40
        | (long) kind << 32
        | (fetch.atReturn() ? 1L << 24 : 0)
        | (long) fetch.argument() << 16
        | fetch.number();
  }
}
