package dev.cairn.event;

/// The 64-bit words that an instrumented run is written in: one word an execution of a block, one
/// word a memory access, in program order.
///
/// A block's accesses follow its word directly. Bits are numbered from the least significant:
///
/// ```text
/// kind = bits 62..63
///   0 access     bits 0..48   virtual address, sign-extended from bit 48
///                bits 49..57  index of the instruction in its block, 0..511
///                bits 58..60  log2 of the size in bytes, 0..7
///                bit  61      1 for a store, 0 for a load
///   1 execution  bits 0..31   block id
///                bits 32..41  first instruction executed, 0..511
///                bits 42..51  end (exclusive) of the instructions executed, 0..512
///   2 note       bits 0..48   a value, sign-extended from bit 48
///                bits 49..52  what happened between two executions:
///                  0 interrupt  a signal took the thread away from the address in the value; the
///                               next execution is the handler's first; detail: the signal
///                  1 stack      the value is the stack pointer that the next execution finds,
///                               where the code before does not tell it
///                  2 call       a system call is made, the last instruction executed; the value
///                               is its number among those of the process
///                  3 return     the system call with that number has returned
///                bits 53..61  a detail
///   3 record     never in a batch: between the probe and the capture only
/// ```
///
/// `first` is 0 and `end` is the block's length, except where a window opens or closes inside a
/// block and where a block was left half-way (a fault, or the end of the guest).
///
/// Source: `probe/record.h`; a test holds the two together.
public final class EventWord {
  public static final int KIND_SHIFT = 62;
  public static final int ACCESS = 0;
  public static final int EXECUTION = 1;
  public static final int NOTE = 2;
  public static final int RECORD = 3;

  public static final int ADDRESS_BITS = 49;
  private static final long ADDRESS_MASK = (1L << ADDRESS_BITS) - 1;
  public static final int INSTRUCTION_SHIFT = 49;
  public static final int INSTRUCTION_MASK = 0x1ff;
  public static final int SIZE_SHIFT = 58;
  public static final int SIZE_MASK = 7;
  public static final int STORE_SHIFT = 61;

  public static final int FIRST_SHIFT = 32;
  public static final int END_SHIFT = 42;
  public static final int POSITION_MASK = 0x3ff;

  public static final int NOTE_SHIFT = 49;
  public static final int NOTE_MASK = 0xf;
  public static final int DETAIL_SHIFT = 53;
  public static final int DETAIL_MASK = 0x1ff;
  public static final int NOTE_INTERRUPT = 0;
  public static final int NOTE_STACK = 1;
  public static final int NOTE_CALL = 2;
  public static final int NOTE_RETURN = 3;

  private EventWord() {}

  /// {@return one of [#ACCESS], [#EXECUTION], [#NOTE], [#RECORD]}
  public static int kind(long word) {
    return (int) (word >>> KIND_SHIFT);
  }

  /// {@return the virtual address of an access, or the value of a note}
  public static long address(long word) {
    return word << (64 - ADDRESS_BITS) >> (64 - ADDRESS_BITS);
  }

  /// {@return the index in its block of the instruction that made an access}
  public static int instruction(long word) {
    return (int) (word >>> INSTRUCTION_SHIFT) & INSTRUCTION_MASK;
  }

  /// {@return how many bytes an access touches: 1, 2, 4, … 128}
  public static int bytes(long word) {
    return 1 << ((int) (word >>> SIZE_SHIFT) & SIZE_MASK);
  }

  public static boolean isStore(long word) {
    return (word >>> STORE_SHIFT & 1) != 0;
  }

  /// {@return the id of the block that an execution word names}
  public static int block(long word) {
    return (int) word;
  }

  /// {@return the index of the first instruction executed}
  public static int first(long word) {
    return (int) (word >>> FIRST_SHIFT) & POSITION_MASK;
  }

  /// {@return the index after the last instruction executed}
  public static int end(long word) {
    return (int) (word >>> END_SHIFT) & POSITION_MASK;
  }

  /// {@return an execution word}
  public static long execution(int block, int first, int end) {
    return (long) EXECUTION << KIND_SHIFT
        | (long) end << END_SHIFT
        | (long) first << FIRST_SHIFT
        | Integer.toUnsignedLong(block);
  }

  /// {@return an access word; `bytes` is a power of two up to 128}
  public static long access(long address, int instruction, int bytes, boolean store) {
    return (store ? 1L : 0L) << STORE_SHIFT
        | (long) Integer.numberOfTrailingZeros(bytes) << SIZE_SHIFT
        | (long) instruction << INSTRUCTION_SHIFT
        | (address & ADDRESS_MASK);
  }

  /// {@return what a note says: one of [#NOTE_INTERRUPT], [#NOTE_STACK], [#NOTE_CALL],
  /// [#NOTE_RETURN]}
  public static int note(long word) {
    return (int) (word >>> NOTE_SHIFT) & NOTE_MASK;
  }

  /// {@return the detail of a note, 0 to 511}
  public static int detail(long word) {
    return (int) (word >>> DETAIL_SHIFT) & DETAIL_MASK;
  }

  /// {@return whether a word says that a signal took the thread away}
  public static boolean isInterrupt(long word) {
    return kind(word) == NOTE && note(word) == NOTE_INTERRUPT;
  }

  /// {@return a note}
  ///
  /// @param value of which 49 bits are kept
  /// @param detail 0 to 511
  public static long note(int note, int detail, long value) {
    return (long) NOTE << KIND_SHIFT
        | (long) detail << DETAIL_SHIFT
        | (long) note << NOTE_SHIFT
        | (value & ADDRESS_MASK);
  }

  /// {@return the note that a signal took the thread away}
  public static long interrupt(long pc, int signal) {
    return note(NOTE_INTERRUPT, signal, pc);
  }
}
