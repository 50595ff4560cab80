package dev.cairn.trace.export;

/// The numbers of DynamoRIO's trace format, version 7.
///
/// ```text
/// 0   u16 type                     a record, 12 bytes, little-endian
/// 2   u16 bytes; of a marker what it says
/// 4   u64 address, value, or an instruction's bytes
/// ```
///
/// Source: DynamoRIO's `trace_entry.h`, 2026.
final class DrmemtraceLayout {
  static final int VERSION = 7;

  static final int READ = 0;
  static final int WRITE = 1;
  static final int PREFETCH = 2;
  static final int INSTRUCTION = 10;
  static final int DIRECT_JUMP = 11;
  static final int INDIRECT_JUMP = 12;
  static final int DIRECT_CALL = 14;
  static final int INDIRECT_CALL = 15;
  static final int RETURN = 16;
  static final int INSTRUCTION_FLUSH = 18;
  static final int DATA_FLUSH = 20;
  static final int THREAD = 22;
  static final int THREAD_EXIT = 23;
  static final int PROCESS = 24;
  static final int HEADER = 25;
  static final int FOOTER = 26;
  static final int MARKER = 28;
  static final int ENCODING = 47;
  static final int TAKEN_JUMP = 48;
  static final int UNTAKEN_JUMP = 49;

  /// Of prefetches the one for loads into the first level that stays; the other hints follow by
  /// level and by whether they stay.
  static final int PREFETCH_READ_L1 = 3;

  static final int PREFETCH_READ_L1_ONCE = 32;
  static final int PREFETCH_INSTRUCTION_L1 = 35;
  static final int PREFETCH_WRITE_L1 = 41;

  static final int KERNEL_EVENT = 0;
  static final int KERNEL_TRANSFER = 1;
  static final int TIMESTAMP = 2;
  static final int PROCESSOR = 3;
  static final int FILE_TYPE = 9;
  static final int LINE_BYTES = 10;
  static final int FORMAT_VERSION = 12;
  static final int WINDOW = 14;
  static final int PAGE_BYTES = 18;
  static final int CHUNK_INSTRUCTIONS = 20;
  static final int SYSTEM_CALL = 25;
  static final int BRANCH_TARGET = 29;
  static final int SIGNAL = 40;

  static final int TYPE_AARCH64 = 0x8;
  static final int TYPE_FILTERED_DATA = 0x100;
  static final int TYPE_ENCODINGS = 0x200;
  static final int TYPE_SYSTEM_CALLS = 0x400;
  static final int TYPE_BY_CORE = 0x1_0000;

  private DrmemtraceLayout() {}
}
