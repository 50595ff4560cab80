package dev.cairn.capture;

import dev.cairn.capture.stop.SignalReturn;
import dev.cairn.capture.stop.Stop;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.FormatException;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The reader's side of the ring of static information: blocks, mappings, how the guest ends.
final class ControlRing {
  private final MemorySegment segment;
  private final int words;
  private long tail;
  private int blocks;
  private byte[] buffer = new byte[1 << 12];
  private ByteBuffer record = over(buffer);

  ControlRing(MemorySegment segment, int words) {
    this.segment = segment;
    this.words = words;
  }

  /// What is told of each record.
  interface Handler {
    void block(BlockDefinition block);

    void program(long entryPoint, long interpreterBase);

    void mapped(long address, long bytes, long fileOffset, String path);

    /// The guest waits to be told which triggers lie in code that it has mapped.
    void asked(long address, long bytes, long fileOffset, String path) throws FormatException;

    void unmapped(long address, long bytes);

    void execve(int thread, boolean entered, String path);

    void exit(int thread, int status);

    void lastPc(int thread, long pc, GuestEnd.Stands stands);

    void signal(int thread, int signal, long pc);

    void systemCall(SystemCall call);

    void systemReturn(SystemReturn result);

    void threadStarted(int thread);

    void stopped(Stop stop);

    void signalReturns(SignalReturn result);

    void total(int thread, long instructions);
  }

  /// Hands all published records over.
  ///
  /// @return whether there were any
  boolean drain(Handler handler) throws FormatException {
    long head = (long) RingLayout.LONG_HANDLE.getAcquire(segment, RingLayout.RING_HEAD);
    boolean any = tail < head;
    while (tail < head) {
      long header = word(tail);
      int type = (int) header;
      int length = (int) (header >>> 32);
      if (length < 0 || length >= words || tail + 1 + length > head) {
        throw damaged("a record of " + length + " words");
      }
      load(tail + 1, length);
      try {
        handle(type, handler);
      } catch (BufferUnderflowException e) {
        throw damaged("record " + type + " is cut short at " + length + " words");
      }
      tail += 1 + length;
      RingLayout.LONG_HANDLE.setRelease(segment, RingLayout.RING_TAIL, tail);
    }
    return any;
  }

  private void handle(int type, Handler handler) throws FormatException {
    switch (type) {
      case RingLayout.CONTROL_BLOCK -> handler.block(block());
      case RingLayout.CONTROL_PROGRAM -> handler.program(record.getLong(), record.getLong());
      case RingLayout.CONTROL_MAP ->
          handler.mapped(record.getLong(), record.getLong(), record.getLong(), text());
      case RingLayout.CONTROL_ASK ->
          handler.asked(record.getLong(), record.getLong(), record.getLong(), text());
      case RingLayout.CONTROL_UNMAP -> handler.unmapped(record.getLong(), record.getLong());
      case RingLayout.CONTROL_EXECVE ->
          handler.execve((int) record.getLong(), record.getLong() == 1, text());
      case RingLayout.CONTROL_EXIT -> handler.exit((int) record.getLong(), (int) record.getLong());
      case RingLayout.CONTROL_LAST_PC ->
          handler.lastPc((int) record.getLong(), record.getLong(), stands());
      case RingLayout.CONTROL_SIGNAL ->
          handler.signal((int) record.getLong(), (int) record.getLong(), record.getLong());
      case RingLayout.CONTROL_CALL -> handler.systemCall(call());
      case RingLayout.CONTROL_RETURN ->
          handler.systemReturn(
              new SystemReturn(
                  (int) record.getLong(), record.getLong(), record.getLong(), memory()));
      case RingLayout.CONTROL_THREAD -> handler.threadStarted((int) record.getLong());
      case RingLayout.CONTROL_STOP -> handler.stopped(stop());
      case RingLayout.CONTROL_SIGRETURN ->
          handler.signalReturns(
              new SignalReturn(
                  (int) record.getLong(),
                  record.getLong(),
                  record.getLong(),
                  (int) record.getLong(),
                  record.getLong()));
      case RingLayout.CONTROL_TOTAL -> handler.total((int) record.getLong(), record.getLong());
      default -> throw damaged("unknown record type " + type);
    }
  }

  private BlockDefinition block() throws FormatException {
    long id = record.getLong();
    if (id != blocks) {
      throw damaged("block " + id + " where " + blocks + " must come");
    }
    long pc = record.getLong();
    byte[] sizes = new byte[length()];
    byte[] code = new byte[length()];
    if (sizes.length + code.length > record.remaining()) {
      throw damaged("a block of " + sizes.length + " instructions and " + code.length + " bytes");
    }
    record.get(sizes).get(code);
    int sum = 0;
    for (byte size : sizes) {
      sum += size;
    }
    if (sum != code.length) {
      throw damaged("instructions of " + sum + " bytes in a block of " + code.length);
    }
    blocks++;
    return new BlockDefinition((int) id, pc, code, sizes);
  }

  private SystemCall call() throws FormatException {
    int thread = (int) record.getLong();
    long index = record.getLong();
    int number = (int) record.getLong();
    long[] arguments = new long[SystemCall.ARGUMENTS];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = record.getLong();
    }
    return new SystemCall(thread, index, number, arguments, memory());
  }

  private Stop stop() {
    int thread = (int) record.getLong();
    long instructions = record.getLong();
    long pc = record.getLong();
    int trigger = (int) record.getLong();
    long[] registers = new long[RingLayout.REGISTERS];
    for (int i = 0; i < registers.length; i++) {
      registers[i] = record.getLong();
    }
    return new Stop(thread, instructions, pc, trigger, registers);
  }

  /// Reads the pieces of memory that fill the rest of a record.
  private List<GuestBytes> memory() throws FormatException {
    List<GuestBytes> pieces = new ArrayList<>();
    while (record.hasRemaining()) {
      int argument = (int) record.getLong();
      long length = record.getLong();
      if (length == RingLayout.UNREADABLE) {
        pieces.add(new GuestBytes(argument, null));
        continue;
      }
      if (length < 0 || length > record.remaining()) {
        throw damaged("a piece of memory of " + length + " bytes");
      }
      byte[] bytes = new byte[(int) length];
      record.get(bytes);
      record.position(record.position() + (-bytes.length & 7));
      pieces.add(new GuestBytes(argument, bytes));
    }
    return pieces;
  }

  private GuestEnd.Stands stands() throws FormatException {
    long stands = record.getLong();
    if (stands == RingLayout.STANDS_AT_PC) {
      return GuestEnd.Stands.AT_PC;
    } else if (stands == RingLayout.STANDS_BEHIND_BLOCK) {
      return GuestEnd.Stands.BEHIND_BLOCK;
    } else if (stands == RingLayout.STANDS_IN_BLOCK) {
      return GuestEnd.Stands.IN_BLOCK;
    }
    throw damaged("a thread that stands at " + stands);
  }

  private String text() throws FormatException {
    byte[] bytes = new byte[length()];
    record.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Reads a length, which the rest of the record must have room for.
  private int length() throws FormatException {
    long length = record.getLong();
    if (length < 0 || length > record.capacity()) {
      throw damaged("a length of " + length);
    }
    return (int) length;
  }

  private FormatException damaged(String what) {
    return new FormatException("control ring, word " + tail, what);
  }

  private void load(long from, int length) {
    if (buffer.length < length * 8) {
      buffer = new byte[length * 16];
      record = over(buffer);
    }
    int at = (int) (from & (words - 1));
    int beforeEnd = Math.min(length, words - at);
    copy(at, 0, beforeEnd);
    copy(0, beforeEnd, length - beforeEnd);
    record.limit(length * 8).rewind();
  }

  /// Copies words of the ring to a place in the record.
  private void copy(int from, int to, int count) {
    MemorySegment.copy(
        segment,
        ValueLayout.JAVA_BYTE,
        RingLayout.RING_BYTES + from * 8L,
        buffer,
        to * 8,
        count * 8);
  }

  private long word(long index) {
    return segment.get(RingLayout.LONG, RingLayout.RING_BYTES + (index & (words - 1)) * 8);
  }

  private static ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
