package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSource;
import java.util.Arrays;

/// Unpacks the addresses of the slots of a chunk, as [SlotWriter] packed them.
final class SlotReader {
  /// No writer makes a chunk with more.
  private static final int MOST_ACCESSES = 2 * AccessEncoder.ENOUGH;

  private static final int KIND_BITS = EventWord.KIND_SHIFT - EventWord.SIZE_SHIFT;

  private long[][] kinds = {new long[0]};
  private int[] executions = new int[1];
  private int[] first = new int[1];
  private int[] highest = {-1};
  private int shapes = 1;
  private long[] addresses = new long[0];
  private int size;
  private long shapeBefore;
  private AccessColumns columns = NONE;

  private static final AccessColumns NONE = none();

  private static AccessColumns none() {
    ByteSource[] planes = new ByteSource[Long.BYTES];
    ByteSource empty = new ByteSource(new byte[0], "");
    Arrays.fill(planes, empty);
    return new AccessColumns(empty, empty, empty, empty, null, java.util.List.of(planes));
  }

  /// Reads all.
  void read(AccessColumns columns) throws FormatException {
    this.columns = columns;
    ByteSource from = columns.slots();
    shapes = from.number(from.remaining()) + 1;
    if (kinds.length < shapes) {
      int capacity = 2 * shapes;
      kinds = Arrays.copyOf(kinds, capacity);
      executions = Arrays.copyOf(executions, capacity);
      first = Arrays.copyOf(first, capacity);
      highest = Arrays.copyOf(highest, capacity);
    }
    size = 0;
    shapeBefore = 0;
    for (int shape = 1; shape < shapes; shape++) {
      shape(shape);
    }
    columns.finish();
    this.columns = NONE;
  }

  private void shape(int shape) throws FormatException {
    ByteSource from = columns.slots();
    int length = from.number(AccessShapes.MOST_SLOTS);
    int count = from.number(MOST_ACCESSES);
    long total = (long) length * count;
    if (length == 0 || count == 0 || total > MOST_ACCESSES - size) {
      throw from.wrong("a shape of %d accesses and %d executions".formatted(length, count));
    }
    if (addresses.length < size + total) {
      addresses = Arrays.copyOf(addresses, (int) Math.min(MOST_ACCESSES, 2 * (size + total)));
    }
    long[] words = new long[length];
    long instruction = 0;
    int most = 0;
    for (int k = 0; k < length; k++) {
      instruction += from.difference();
      int kind = from.next();
      if ((instruction & ~EventWord.INSTRUCTION_MASK) != 0 || kind >> KIND_BITS != 0) {
        throw from.wrong("no access: kind %d of instruction %d".formatted(kind, instruction));
      }
      words[k] = (long) kind << EventWord.SIZE_SHIFT | instruction << EventWord.INSTRUCTION_SHIFT;
      most = (int) Math.max(most, instruction);
    }
    kinds[shape] = words;
    executions[shape] = count;
    first[shape] = size;
    highest[shape] = most;
    long before = shapeBefore;
    for (int k = 0; k < length; k++) {
      int at = size + k * count;
      slot(at, k, count, before);
      before = addresses[at];
    }
    shapeBefore = addresses[size];
    size += (int) total;
  }

  private void slot(int at, int slot, int count, long before) throws FormatException {
    ByteSource from = columns.slots();
    int how = from.number((1 << (SlotWriter.SHIFT_SHIFT + Prediction.BITS)) - 1);
    int number = how & (SlotWriter.DENSE - 1);
    if (number >= Prediction.COUNT) {
      throw from.wrong("prediction " + number);
    }
    Prediction prediction = Prediction.of(number);
    int other = 0;
    long begin;
    if (prediction.usesOther()) {
      int back = from.number(AccessShapes.MOST_SLOTS) + 1;
      if (back > slot) {
        throw from.wrong("slot %d is told by one %d before it".formatted(slot, back));
      }
      other = at - back * count;
      begin = from.difference();
    } else {
      begin = before + from.difference();
    }
    long step = prediction.hasStep() ? from.difference() : 0;
    int shift = how >> SlotWriter.SHIFT_SHIFT;
    if ((how & SlotWriter.DENSE) != 0) {
      dense(at, count, shift, prediction != Prediction.LOWEST);
    } else {
      sparse(at, count, shift);
    }
    restore(prediction, at, other, count, begin, step);
  }

  private void dense(int at, int count, int shift, boolean signed) throws FormatException {
    int width = columns.slots().number(Long.BYTES);
    if (width == 0) {
      Arrays.fill(addresses, at, at + count, 0);
    }
    for (int plane = 0; plane < width; plane++) {
      columns.planes().get(plane).plane(addresses, at, count, 8 * plane);
    }
    if (signed) {
      for (int i = at; i < at + count; i++) {
        long packed = addresses[i];
        addresses[i] = (packed >>> 1 ^ -(packed & 1)) << shift;
      }
    } else if (shift > 0) {
      for (int i = at; i < at + count; i++) {
        addresses[i] <<= shift;
      }
    }
  }

  private void sparse(int at, int count, int shift) throws FormatException {
    int surprises = columns.slots().number(count);
    Arrays.fill(addresses, at, at + count, 0);
    int next = 0;
    for (int i = 0; i < surprises; i++) {
      next += columns.gaps().number(count);
      if (next >= count) {
        throw columns.gaps().wrong("a surprise behind the last address");
      }
      addresses[at + next] = columns.jumps().difference() << shift;
      next++;
    }
  }

  /// Makes addresses of what their prediction left.
  private void restore(Prediction prediction, int at, int other, int count, long begin, long step) {
    switch (prediction) {
      case STRIDE -> {
        long address = begin - step;
        for (int i = at; i < at + count; i++) {
          address += step + addresses[i];
          addresses[i] = address;
        }
      }
      case LAST_STRIDE -> {
        long address = begin;
        long stride = 0;
        for (int i = at; i < at + count; i++) {
          stride += addresses[i];
          address += stride;
          addresses[i] = address;
        }
      }
      case DISTANCE -> {
        for (int i = 0; i < count; i++) {
          addresses[at + i] += addresses[other + i] + begin;
        }
      }
      case LAST_DISTANCE -> {
        long distance = begin;
        for (int i = 0; i < count; i++) {
          distance += addresses[at + i];
          addresses[at + i] = addresses[other + i] + distance;
        }
      }
      case LOWEST -> {
        for (int i = at; i < at + count; i++) {
          addresses[i] += begin;
        }
      }
    }
  }

  /// {@return how many shapes there are, that without accesses included}
  int shapes() {
    return shapes;
  }

  /// {@return how many addresses there are}
  int size() {
    return size;
  }

  /// {@return how many accesses a shape has}
  int length(int shape) {
    return kinds[shape].length;
  }

  /// {@return how many executions have a shape}
  int executions(int shape) {
    return executions[shape];
  }

  /// {@return the last instruction of a shape that makes an access; -1 if none does}
  int highest(int shape) {
    return highest[shape];
  }

  /// Writes the accesses of an execution.
  ///
  /// @param number of the execution among those of its shape
  void copy(int shape, int number, long[] into, int to) {
    long[] words = kinds[shape];
    int step = executions[shape];
    int at = first[shape] + number;
    for (int k = 0; k < words.length; k++) {
      into[to + k] = words[k] | (addresses[at] & AccessEncoder.ADDRESS_MASK);
      at += step;
    }
  }
}
