package dev.cairn.capture;

import dev.cairn.event.KernelWrite;
import dev.cairn.event.MemoryFetch;
import dev.cairn.event.SettledRule;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is streamed of a run besides the executions of blocks and the signals between them.
///
/// @param accesses memory accesses
/// @param stackPointer the stack pointer, wherever the code before does not tell it
/// @param systemCalls system calls and their returns
/// @param fetches the guest memory that goes along with system calls, by number of the call; of one
///   call in the order given
/// @param values what the accesses' values take, which system calls write; null without values
/// @param hints with accesses the lines that are prefetched, cleaned or invalidated, as loads
/// @param settled with accesses and nothing else: what is counted instead of being streamed, while
///   the guest has one thread; null to stream all
/// @param mappings calls of every thread that put memory somewhere (`brk`, `mmap`, `mremap`), those
///   outside of windows too, of which no note tells
/// @param period with values: of so many instructions of a thread the first is one from whose block
///   on all that memory holds is told anew; 0 to tell it once
public record StreamContents(
    boolean accesses,
    boolean stackPointer,
    boolean systemCalls,
    List<MemoryFetch> fetches,
    @Nullable List<KernelWrite> values,
    boolean hints,
    @Nullable SettledRule settled,
    boolean mappings,
    long period) {
  /// Nothing besides executions.
  public static final StreamContents NOTHING =
      new StreamContents(false, false, false, List.of(), null, false, null, false, 0);

  /// Memory accesses and nothing else.
  public static final StreamContents ACCESSES = unsettled(null);

  /// What following calls takes: where the stack is.
  public static final StreamContents STACK = NOTHING.withStackPointer();

  /// {@return memory accesses and nothing else, without what settles}
  ///
  /// @param settled null to stream all
  public static StreamContents unsettled(@Nullable SettledRule settled) {
    return new StreamContents(true, false, false, List.of(), null, false, settled, false, 0);
  }

  /// {@return the same with the stack pointer}
  public StreamContents withStackPointer() {
    return new StreamContents(
        accesses, true, systemCalls, fetches, values, hints, settled, mappings, period);
  }

  /// {@return the same with system calls, and the memory that goes along with them}
  public StreamContents withSystemCalls(List<MemoryFetch> memory) {
    return new StreamContents(
        accesses, stackPointer, true, memory, values, hints, settled, mappings, period);
  }

  /// {@return the same with the values of accesses, and what system calls write}
  public StreamContents withValues(List<KernelWrite> writes) {
    return new StreamContents(
        accesses, stackPointer, systemCalls, fetches, writes, hints, settled, mappings, period);
  }

  /// {@return the same with hints, if it has accesses}
  public StreamContents withHints() {
    return new StreamContents(
        accesses, stackPointer, systemCalls, fetches, values, accesses, settled, mappings, period);
  }

  /// {@return the same with all executions and accesses}
  public StreamContents withSettled() {
    return new StreamContents(
        accesses, stackPointer, systemCalls, fetches, values, hints, null, mappings, period);
  }

  /// {@return the same with all executions and accesses, and with what puts memory somewhere}
  public StreamContents withMappings() {
    return new StreamContents(
        accesses, stackPointer, systemCalls, fetches, values, hints, null, true, period);
  }

  /// {@return the same, and of every so many instructions what memory holds is told anew}
  public StreamContents toldAnewEvery(long instructions) {
    return new StreamContents(
        accesses,
        stackPointer,
        systemCalls,
        fetches,
        values,
        hints,
        settled,
        mappings,
        instructions);
  }

  public StreamContents {
    boolean more = stackPointer || systemCalls || values != null || hints || mappings;
    if (settled != null && (!accesses || more)) {
      throw new IllegalArgumentException("what settles can be left out of accesses alone");
    }
    if (period < 0 || (period > 0 && values == null)) {
      throw new IllegalArgumentException("with values memory is told anew, not every " + period);
    }
    if (values != null) {
      if (!accesses || !systemCalls) {
        throw new IllegalArgumentException("values take accesses and system calls");
      }
      values = values.stream().sorted(Comparator.comparingInt(KernelWrite::number)).toList();
    }
    fetches = fetches.stream().sorted(Comparator.comparingInt(MemoryFetch::number)).toList();
  }

  /// {@return which system calls write what; empty without values}
  List<KernelWrite> writes() {
    return values == null ? List.of() : values;
  }

  /// {@return the bits of the ring's header that ask for this}
  int bits() {
    return (accesses ? RingLayout.ACCESSES : 0)
        | (stackPointer ? RingLayout.STACK_POINTER : 0)
        | (systemCalls ? RingLayout.SYSTEM_CALLS : 0)
        | (values != null ? RingLayout.VALUES : 0)
        | (hints ? RingLayout.HINTS : 0)
        | (settled != null ? RingLayout.UNSETTLED : 0)
        | (mappings ? RingLayout.MAPPINGS : 0);
  }
}
