package dev.cairn.profile.syscall;

import dev.cairn.event.GuestBytes;
import dev.cairn.event.MemoryFetch;
import dev.cairn.program.call.FetchPlan;
import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallSignature;
import dev.cairn.program.call.SystemCallTable;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Asks a source for the memory that the text of system calls takes, and puts what comes into the
/// form in which it is shown.
public final class MemoryPlan {
  private static final int MOST_BYTES = 0xffff;
  private static final int MOST_STRINGS = 32;
  private static final int STRING_BYTES = 4096;
  private static final byte AT_NULL = 0;
  private static final byte AT_LIMIT = 1;
  private static final byte UNREADABLE = 2;

  private final Map<Integer, FetchPlan> plans = new HashMap<>();
  private final List<MemoryFetch> fetches = new ArrayList<>();

  public MemoryPlan(SystemCallTable table) {
    for (SystemCallSignature call : table.calls()) {
      FetchPlan plan = FetchPlan.of(call);
      plans.put(call.number(), plan);
      for (FetchPlan.Item item : plan.items()) {
        fetches.add(fetch(call.number(), item));
      }
    }
  }

  /// {@return what to ask a source for}
  public List<MemoryFetch> fetches() {
    return List.copyOf(fetches);
  }

  /// A length that counts more than bytes is not known to a source: then as much as may be wanted
  /// is taken, and cut here.
  private static MemoryFetch fetch(int number, FetchPlan.Item item) {
    MemoryFetch.Kind kind =
        switch (item.kind()) {
          case STRING -> MemoryFetch.Kind.STRING;
          case STRING_ARRAY -> MemoryFetch.Kind.STRINGS;
          case IOVEC -> MemoryFetch.Kind.VECTOR;
          case BYTES_FIXED -> MemoryFetch.Kind.BYTES;
          case BYTES_BY_ARGUMENT ->
              item.unit() == 1 ? MemoryFetch.Kind.BY_ARGUMENT : MemoryFetch.Kind.BYTES;
          case BYTES_BY_RESULT ->
              item.unit() == 1 ? MemoryFetch.Kind.BY_RESULT : MemoryFetch.Kind.BYTES;
        };
    int limit = kind == MemoryFetch.Kind.STRINGS ? STRING_BYTES : item.limit();
    return new MemoryFetch(
        number,
        item.argument(),
        item.when() == FetchPlan.When.RETURN,
        kind,
        Math.max(0, item.lengthArgument()),
        Math.min(limit, MOST_BYTES));
  }

  /// {@return a call as it came from the source}
  public SystemCall call(dev.cairn.event.SystemCall call) {
    return new SystemCall(
        call.number(),
        call.arguments(),
        memory(call.number(), call.memory(), FetchPlan.When.ENTRY, call.arguments(), 0));
  }

  /// {@return the result of a call as it came from the source}
  public SystemCallResult result(
      dev.cairn.event.SystemCall call, dev.cairn.event.SystemReturn result) {
    SystemCallResult plain = new SystemCallResult(result.result(), Map.of());
    return plain.isError()
        ? plain
        : new SystemCallResult(
            result.result(),
            memory(
                call.number(),
                result.memory(),
                FetchPlan.When.RETURN,
                call.arguments(),
                result.result()));
  }

  private Map<Integer, byte[]> memory(
      int number, List<GuestBytes> pieces, FetchPlan.When when, long[] arguments, long result) {
    FetchPlan plan = plans.get(number);
    Map<Integer, byte[]> memory = new HashMap<>();
    if (plan == null) {
      return memory;
    }
    for (FetchPlan.Item item : plan.items()) {
      List<GuestBytes> own =
          pieces.stream().filter(piece -> piece.argument() == item.argument()).toList();
      boolean array = item.kind() == FetchPlan.Kind.STRING_ARRAY;
      if (item.when() != when || arguments[item.argument()] == 0 || (own.isEmpty() && !array)) {
        continue;
      }
      byte[] bytes = array ? strings(own) : joined(own);
      if (bytes.length == 0 && !own.isEmpty() && own.getFirst().bytes() == null) {
        continue; // not readable
      }
      memory.put(item.argument(), Arrays.copyOf(bytes, length(item, bytes, arguments, result)));
    }
    return memory;
  }

  private static int length(FetchPlan.Item item, byte[] bytes, long[] arguments, long result) {
    long wanted =
        switch (item.kind()) {
          case BYTES_BY_ARGUMENT -> times(arguments[item.lengthArgument()], item.unit());
          case BYTES_BY_RESULT -> times(result, item.unit());
          case IOVEC -> item.when() == FetchPlan.When.RETURN ? result : Long.MAX_VALUE;
          case STRING, STRING_ARRAY, BYTES_FIXED -> Long.MAX_VALUE;
        };
    return (int) Math.max(0, Math.min(bytes.length, wanted));
  }

  private static long times(long count, int unit) {
    return count < 0 || count > MOST_BYTES ? MOST_BYTES : count * unit;
  }

  private static byte[] joined(List<GuestBytes> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (GuestBytes piece : pieces) {
      byte[] bytes = piece.bytes();
      if (bytes == null) {
        break;
      }
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  /// Texts with a NUL each, and why there are no more of them.
  private static byte[] strings(List<GuestBytes> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte end = pieces.size() >= MOST_STRINGS ? AT_LIMIT : AT_NULL;
    for (GuestBytes piece : pieces) {
      byte[] bytes = piece.bytes();
      if (bytes == null) {
        end = UNREADABLE;
        continue;
      }
      all.writeBytes(bytes);
      all.write(0);
    }
    all.write(end);
    return all.toByteArray();
  }
}
