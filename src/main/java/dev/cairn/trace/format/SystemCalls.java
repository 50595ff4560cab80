package dev.cairn.trace.format;

import dev.cairn.event.FormatException;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How system calls and their returns are written: one behind the other, in the order of their
/// notes.
public final class SystemCalls {
  private static final int CALL = 0;
  private static final int RETURN = 1;
  private static final int MOST_ARGUMENT = 255;

  private SystemCalls() {}

  /// What takes what is read.
  public interface Taker {
    /// Takes a system call.
    void systemCall(SystemCall call);

    /// Takes a return.
    void systemReturn(SystemReturn result);
  }

  /// Writes a call.
  public static void write(ByteSink into, SystemCall call) {
    into.put(CALL);
    into.number(call.index());
    into.number(Integer.toUnsignedLong(call.number()));
    for (long argument : call.arguments()) {
      into.number(argument);
    }
    write(into, call.memory());
  }

  /// Writes a return.
  public static void write(ByteSink into, SystemReturn result) {
    into.put(RETURN);
    into.number(result.index());
    into.difference(result.result());
    write(into, result.memory());
  }

  private static void write(ByteSink into, List<GuestBytes> memory) {
    into.number(memory.size());
    for (GuestBytes piece : memory) {
      byte[] bytes = piece.bytes();
      into.number(piece.argument());
      into.number(bytes == null ? 0 : bytes.length + 1L);
      if (bytes != null) {
        into.bytes(bytes);
      }
    }
  }

  /// Reads the next one.
  ///
  /// @param thread that made it
  public static void read(ByteSource from, int thread, Taker taker) throws FormatException {
    int kind = from.next();
    long index = from.number();
    switch (kind) {
      case CALL -> {
        int number = (int) from.number();
        long[] arguments = new long[SystemCall.ARGUMENTS];
        for (int i = 0; i < arguments.length; i++) {
          arguments[i] = from.number();
        }
        taker.systemCall(new SystemCall(thread, index, number, arguments, memory(from)));
      }
      case RETURN -> {
        long result = from.difference();
        taker.systemReturn(new SystemReturn(thread, index, result, memory(from)));
      }
      default -> throw from.wrong("neither a call nor a return: " + kind);
    }
  }

  private static List<GuestBytes> memory(ByteSource from) throws FormatException {
    int pieces = from.number(from.remaining());
    List<GuestBytes> memory = new ArrayList<>();
    for (int i = 0; i < pieces; i++) {
      int argument = from.number(MOST_ARGUMENT);
      int length = from.number(from.remaining());
      byte @Nullable [] bytes = length == 0 ? null : from.bytes(length - 1);
      memory.add(new GuestBytes(argument, bytes));
    }
    return memory;
  }
}
