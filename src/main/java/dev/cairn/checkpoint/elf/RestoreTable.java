package dev.cairn.checkpoint.elf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The system calls that `guest/restore.S` makes, and the data they name; it says how a step looks.
///
/// Data is named by where it lies among the data, and gets its address when the table gets its own.
final class RestoreTable {
  private static final int STEP_BYTES = 80;
  private static final int ARGUMENTS = 6;
  private static final long LAST = 1L << 63;
  private static final long NEED = 1L << 62;

  /// Of an auxiliary vector, so many pairs are looked at.
  static final int PAIRS = 32;

  private static final int FIRST_IS_STORED = 1 << 8;
  private static final int FIFTH_IS_STORED = 1 << 9;
  private static final int NO_ERROR = 1;
  private static final int EQUAL = 2;
  private static final int STORE = 4;

  /// Something among the data.
  record Data(long offset) {
    /// {@return what lies some bytes behind}
    Data plus(long bytes) {
      return new Data(offset + bytes);
    }
  }

  /// The value that an earlier call has stored.
  record Stored(Data at) {}

  private record Step(long number, Object[] arguments, int bits, Object operand, Object message) {}

  private final List<Step> steps = new ArrayList<>();
  private final Map<String, Data> messages = new HashMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();

  /// Adds data, aligned to 16 bytes.
  Data add(byte[] bytes) {
    while (data.size() % 16 != 0) {
      data.write(0);
    }
    long offset = data.size();
    data.writeBytes(bytes);
    return new Data(offset);
  }

  /// Adds a text with a zero behind it.
  Data add(String text) {
    return add((text + "\0").getBytes(StandardCharsets.UTF_8));
  }

  /// {@return room for a result}
  Data slot() {
    return add(new byte[8]);
  }

  private Data message(String text) {
    Data known = messages.get(text);
    if (known != null) {
      return known;
    }
    byte[] bytes = ("cairn: cannot restore: " + text + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer message = ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    Data added = add(message.putLong(bytes.length).put(bytes).array());
    messages.put(text, added);
    return added;
  }

  /// A call of which nothing is expected.
  ///
  /// @param arguments up to six: numbers, [Data] for its address, or, first and fifth, [Stored]
  void call(int number, Object... arguments) {
    step(number, 0, 0L, 0L, arguments);
  }

  /// A call that must not give an error.
  ///
  /// @param otherwise what to say if it does
  void must(String otherwise, int number, Object... arguments) {
    step(number, NO_ERROR, 0L, message(otherwise), arguments);
  }

  /// A call that must give a number.
  void mustGive(long result, String otherwise, int number, Object... arguments) {
    step(number, EQUAL, result, message(otherwise), arguments);
  }

  /// A call that must not give an error and whose result is kept.
  void store(Data slot, String otherwise, int number, Object... arguments) {
    step(number, NO_ERROR | STORE, slot, message(otherwise), arguments);
  }

  /// A call whose result is kept, whatever it is.
  void keep(Data slot, int number, Object... arguments) {
    step(number, STORE, slot, 0L, arguments);
  }

  /// A look at the machine.
  ///
  /// @param vector where its auxiliary vector lies
  void need(MachineNeeds.Need need, Data vector) {
    step(NEED, 0, 0L, message(need.otherwise()), need.kind(), need.mask(), need.wanted(), vector);
  }

  /// The end: all registers are loaded.
  void last(Data frame, long tpidr) {
    step(LAST, 0, 0L, 0L, frame, tpidr);
  }

  private void step(long number, int checks, Object operand, Object message, Object... arguments) {
    int bits = checks;
    bits |= arguments.length > 0 && arguments[0] instanceof Stored ? FIRST_IS_STORED : 0;
    bits |= arguments.length > 4 && arguments[4] instanceof Stored ? FIFTH_IS_STORED : 0;
    steps.add(new Step(number, arguments, bits, operand, message));
  }

  /// {@return where data lies if the table lies at an address and gets no more steps}
  long addressOf(Data data, long table) {
    return table + dataOffset() + data.offset();
  }

  long bytes() {
    return dataOffset() + data.size();
  }

  private long dataOffset() {
    return (long) steps.size() * STEP_BYTES + 15 & -16;
  }

  /// {@return how many instructions `guest/restore.S` executes with this table}
  long instructions() {
    long count = 1;
    for (Step step : steps) {
      count += 8;
      count += (step.bits() & FIRST_IS_STORED) != 0 ? 1 : 0;
      count += (step.bits() & FIFTH_IS_STORED) != 0 ? 1 : 0;
      if (step.number() == LAST) {
        return count + 4;
      }
      if (step.number() == NEED) {
        count += 1 + 5 + 6 * PAIRS + 3 + 2;
        continue;
      }
      count += 1 + 6;
      count += (step.bits() & NO_ERROR) != 0 ? 2 : 0;
      count += (step.bits() & EQUAL) != 0 ? 2 : 0;
      count += (step.bits() & STORE) != 0 ? 1 : 0;
    }
    return count;
  }

  /// {@return the table as it lies at an address}
  byte[] bytesAt(long address) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(bytes())).order(ByteOrder.LITTLE_ENDIAN);
    long base = address + dataOffset();
    for (Step step : steps) {
      bytes.putLong(step.number());
      for (int i = 0; i < ARGUMENTS; i++) {
        bytes.putLong(i < step.arguments().length ? value(step.arguments()[i], base) : 0);
      }
      bytes.putLong(step.bits());
      bytes.putLong(value(step.operand(), base)).putLong(value(step.message(), base));
    }
    return bytes.position((int) dataOffset()).put(data.toByteArray()).array();
  }

  /// A switch on types would be made by Java anew in each start, which takes longer than the table.
  private static long value(Object argument, long base) {
    if (argument instanceof Data at) {
      return base + at.offset();
    }
    if (argument instanceof Stored stored) {
      return base + stored.at().offset();
    }
    if (argument instanceof Integer || argument instanceof Long) {
      return ((Number) argument).longValue();
    }
    throw new IllegalArgumentException("no argument of a call: " + argument);
  }
}
