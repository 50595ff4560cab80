package dev.cairn.memory.placement;

import dev.cairn.event.Analysis;
import dev.cairn.event.CallsInPlace;
import dev.cairn.event.Forwarding;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.program.call.SystemCallTable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Shows an analysis a run, and changes [PhysicalMemory] where the program's mappings change: what
/// is unmapped gives its frames back, what moves keeps them.
///
/// It takes a source that tells of system calls.
///
/// @param <R> the analysis's result
public final class PlacedRun<R> extends Forwarding<R> {
  private static final long DONT_NEED = 4;

  private final SystemCallTable calls = SystemCallTable.aarch64Linux();
  private final PhysicalMemory memory;
  private final Map<Long, SystemCall> open = new HashMap<>();

  private long heapEnd;

  /// @param memory that the analysis asks
  private PlacedRun(PhysicalMemory memory, Analysis<R> analysis) {
    super(analysis);
    this.memory = memory;
  }

  /// {@return what shows an analysis the run so; the analysis itself if there is no memory}
  public static <R> Analysis<R> of(@Nullable PhysicalMemory memory, Analysis<R> analysis) {
    return memory == null ? analysis : new CallsInPlace<>(new PlacedRun<>(memory, analysis));
  }

  @Override
  public void systemCall(SystemCall call) {
    switch (calls.name(call.number())) {
      case "brk", "mmap", "munmap", "mremap", "madvise" -> open.put(call.index(), call);
      default -> {}
    }
    super.systemCall(call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    SystemCall call = open.remove(result.index());
    long value = result.result();
    if (call != null && !(value < 0 && value >= -4095)) {
      apply(call, value);
    }
    super.systemReturn(result);
  }

  private void apply(SystemCall call, long result) {
    long[] arguments = call.arguments();
    switch (calls.name(call.number())) {
      case "brk" -> {
        if (result < heapEnd) {
          memory.unmap(result, heapEnd - result);
        }
        heapEnd = result;
      }
      case "mmap" -> memory.unmap(result, arguments[1]);
      case "munmap" -> memory.unmap(arguments[0], arguments[1]);
      case "mremap" -> remap(arguments[0], arguments[1], result, arguments[2]);
      case "madvise" -> {
        if (arguments[2] == DONT_NEED) {
          memory.unmap(arguments[0], arguments[1]);
        }
      }
      default -> {}
    }
  }

  private void remap(long from, long fromBytes, long to, long toBytes) {
    if (from != to) {
      memory.move(from, to, Math.min(fromBytes, toBytes));
    }
    if (fromBytes > toBytes) {
      memory.unmap(from + toBytes, fromBytes - toBytes);
    }
  }
}
