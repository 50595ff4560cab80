package dev.cairn.capture;

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
  static final int VERSION = 2;

  static final int MODE_COUNT = 1;
  static final int MODE_STREAM = 2;

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
  static final int HEADER_BYTES = 4096;

  static final int WINDOW_BYTES = 16;

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

  static final int CONTROL_BLOCK = 1;
  static final int CONTROL_PROGRAM = 2;
  static final int CONTROL_MAP = 3;
  static final int CONTROL_UNMAP = 4;
  static final int CONTROL_EXECVE = 5;
  static final int CONTROL_EXIT = 6;
  static final int CONTROL_LAST_PC = 7;
  static final int CONTROL_SIGNAL = 8;

  static final int STANDS_AT_PC = 0;
  static final int STANDS_BEHIND_BLOCK = 1;
  static final int STANDS_IN_BLOCK = 2;

  private RingLayout() {}
}
