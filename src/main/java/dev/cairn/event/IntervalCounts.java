package dev.cairn.event;

import java.util.Arrays;

/// How often each block was entered in one interval of one thread, handed over and then reused.
///
/// The interval is a run of instructions of exactly the length asked for, except the last of each
/// thread. Where its end falls inside a block, that block's entry is counted in this interval and
/// the instructions beyond the end belong to the next one.
///
/// Valid only during the call that it is passed to.
public final class IntervalCounts {
  private int thread;
  private long firstInstruction;
  private long instructions;
  private int size;
  private int[] blocks = new int[1024];
  private long[] entries = new long[1024];
  private int passedSize;
  private int[] passedBlocks = new int[16];
  private long[] passed = new long[16];
  private int endBlock;
  private int endInstruction;
  private boolean last;

  /// Starts a new interval; for the source only.
  public void begin(int thread, long firstInstruction) {
    this.thread = thread;
    this.firstInstruction = firstInstruction;
    size = 0;
    passedSize = 0;
    instructions = 0;
    endBlock = -1;
    endInstruction = 0;
    last = false;
  }

  /// Adds a block and how often it was entered; for the source only.
  public void add(int block, long count) {
    if (size == blocks.length) {
      blocks = Arrays.copyOf(blocks, size * 2);
      entries = Arrays.copyOf(entries, size * 2);
    }
    blocks[size] = block;
    entries[size++] = count;
  }

  /// Adds a block and how often the branch back that ends it was not taken; for the source only.
  public void addPassed(int block, long times) {
    if (passedSize == passedBlocks.length) {
      passedBlocks = Arrays.copyOf(passedBlocks, passedSize * 2);
      passed = Arrays.copyOf(passed, passedSize * 2);
    }
    passedBlocks[passedSize] = block;
    passed[passedSize++] = times;
  }

  /// Closes the interval; for the source only.
  ///
  /// @param instructions its length
  /// @param endBlock the block that holds the first instruction of the next interval, or -1 if the
  ///   thread ended
  /// @param endInstruction index in `endBlock` of the first instruction of the next interval
  /// @param last whether the thread ended here
  public void end(long instructions, int endBlock, int endInstruction, boolean last) {
    this.instructions = instructions;
    this.endBlock = endBlock;
    this.endInstruction = endInstruction;
    this.last = last;
  }

  /// {@return which guest thread: 0 the first, then in order of creation}
  public int thread() {
    return thread;
  }

  /// {@return how many instructions the thread had executed before}
  public long firstInstruction() {
    return firstInstruction;
  }

  /// {@return the length of the interval}
  public long instructions() {
    return instructions;
  }

  /// {@return how many blocks have a count; ids are distinct but in no order}
  public int size() {
    return size;
  }

  public int block(int index) {
    return blocks[index];
  }

  /// {@return how often the block was entered at its first instruction in this interval}
  public long entries(int index) {
    return entries[index];
  }

  /// {@return how many times it is told, in [#passedBlock] and [#passed], that a conditional branch
  /// back was not taken in this interval; none unless they were asked for}
  public int passedSize() {
    return passedSize;
  }

  /// {@return a block that ends in the branch; several may end in the same}
  public int passedBlock(int index) {
    return passedBlocks[index];
  }

  /// {@return how often it was not taken}
  public long passed(int index) {
    return passed[index];
  }

  /// {@return the block that holds the first instruction of the next interval, or -1 if the thread
  /// ended}
  public int endBlock() {
    return endBlock;
  }

  /// {@return the index in [#endBlock] of the first instruction of the next interval}
  public int endInstruction() {
    return endInstruction;
  }

  /// {@return whether the thread ended with this interval, which may then be shorter}
  public boolean last() {
    return last;
  }
}
