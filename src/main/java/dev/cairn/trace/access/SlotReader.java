package dev.cairn.trace.access;

import dev.cairn.event.EventWord;
import dev.cairn.event.FormatException;
import dev.cairn.trace.format.ByteSource;
import java.util.Arrays;

/// Unpacks the addresses of the slots of a chunk, as [SlotWriter] packed them, some executions of a
/// shape at a time.
///
/// What lies ready of a shape are *rows*: the accesses of an execution side by side, and those of
/// the next one behind them. So there is one place in memory for each shape that is read, and not
/// one for each slot.
final class SlotReader {
  /// No writer makes a chunk with more.
  private static final int MOST_ACCESSES = 2 * AccessEncoder.ENOUGH;

  private static final int KIND_BITS = EventWord.KIND_SHIFT - EventWord.SIZE_SHIFT;

  /// How many words can be read behind each row, whatever they are.
  static final int SLACK = 4;

  private final SlotRests rests = new SlotRests();
  private SlotSeries[] series = new SlotSeries[0];
  private long[] rows = new long[SLACK];
  private int[] firstSlot = new int[1];
  private int[] firstRow = new int[1];
  private int[] lengths = new int[1];

  /// Of each shape, how many executions have not been unpacked.
  private int[] left = new int[1];

  private int[] highest = {-1};
  private long[] begins = new long[AccessShapes.MOST_SLOTS];
  private int shapes = 1;
  private int slots;
  private int size;
  private long shapeBefore;

  /// Reads what there is; addresses are unpacked by and by.
  void read(AccessColumns columns) throws FormatException {
    ByteSource from = columns.slots();
    shapes = from.number(from.remaining()) + 1;
    if (highest.length < shapes) {
      int capacity = 2 * shapes;
      lengths = Arrays.copyOf(lengths, capacity);
      left = Arrays.copyOf(left, capacity);
      firstSlot = Arrays.copyOf(firstSlot, capacity);
      firstRow = Arrays.copyOf(firstRow, capacity);
      highest = Arrays.copyOf(highest, capacity);
    }
    rests.begin(columns);
    slots = 0;
    size = 0;
    shapeBefore = 0;
    int row = 0;
    for (int shape = 1; shape < shapes; shape++) {
      firstRow[shape] = row;
      row += shape(shape, columns);
    }
    if (rows.length < row + SLACK) {
      rows = new long[2 * row + SLACK];
    }
    columns.finish();
  }

  /// {@return how much room its rows take}
  private int shape(int shape, AccessColumns columns) throws FormatException {
    ByteSource from = columns.slots();
    int length = from.number(AccessShapes.MOST_SLOTS);
    int count = from.number(MOST_ACCESSES);
    long total = (long) length * count;
    if (length == 0 || count == 0 || total > MOST_ACCESSES - size) {
      throw from.wrong("a shape of %d accesses and %d executions".formatted(length, count));
    }
    int first = slots;
    reserve(length);
    long instruction = 0;
    int most = 0;
    for (int k = 0; k < length; k++) {
      instruction += from.difference();
      int kind = from.next();
      if ((instruction & ~EventWord.INSTRUCTION_MASK) != 0 || kind >> KIND_BITS != 0) {
        throw from.wrong("no access: kind %d of instruction %d".formatted(kind, instruction));
      }
      series[first + k].kind =
          (long) kind << EventWord.SIZE_SHIFT | instruction << EventWord.INSTRUCTION_SHIFT;
      most = (int) Math.max(most, instruction);
    }
    long before = shapeBefore;
    for (int k = 0; k < length; k++) {
      before = slot(series[first + k], k, count, before, columns);
      begins[k] = before;
    }
    shapeBefore = begins[0];
    size += (int) total;
    slots += length;
    firstSlot[shape] = first;
    highest[shape] = most;
    lengths[shape] = length;
    left[shape] = count;
    return Math.min(count, SlotRests.PIECE) * length;
  }

  private void reserve(int more) {
    int had = series.length;
    if (had - slots < more) {
      series = Arrays.copyOf(series, Math.max(slots + more, 2 * had));
      for (int i = had; i < series.length; i++) {
        series[i] = new SlotSeries();
      }
    }
  }

  /// {@return its first address}
  private long slot(SlotSeries slot, int number, int count, long before, AccessColumns columns)
      throws FormatException {
    ByteSource from = columns.slots();
    int how = from.number((1 << (SlotWriter.SHIFT_SHIFT + Prediction.BITS)) - 1);
    int told = how & (SlotWriter.DENSE - 1);
    if (told >= Prediction.COUNT) {
      throw from.wrong("prediction " + told);
    }
    Prediction prediction = Prediction.of(told);
    slot.prediction = prediction;
    slot.done = 0;
    long begin;
    if (prediction.usesOther()) {
      slot.back = from.number(AccessShapes.MOST_SLOTS) + 1;
      if (slot.back > number) {
        throw from.wrong("slot %d is told by one %d before it".formatted(number, slot.back));
      }
      slot.step = from.difference();
      begin = begins[number - slot.back] + slot.step;
    } else {
      begin = before + from.difference();
      slot.step = prediction.hasStep() ? from.difference() : 0;
      slot.address = begin - slot.step;
    }
    slot.shift = how >> SlotWriter.SHIFT_SHIFT;
    if ((how & SlotWriter.DENSE) != 0) {
      dense(slot, count, columns);
    } else {
      slot.setSparse();
      slot.nextRest = rests.size();
      rests.take(columns, from.number(count), count, slot.shift);
      slot.endRest = rests.size();
    }
    return begin + rests.first(slot);
  }

  private static void dense(SlotSeries slot, int count, AccessColumns columns)
      throws FormatException {
    slot.width = columns.slots().number(Long.BYTES);
    if (slot.planesAt.length < slot.width) {
      slot.planesAt = new int[slot.width];
    }
    for (int plane = 0; plane < slot.width; plane++) {
      ByteSource from = columns.planes().get(plane);
      slot.planesAt[plane] = from.position();
      from.skip(count);
    }
  }

  /// Unpacks the next executions of a shape, over those before.
  ///
  /// @return how many they are; 0 if there are no more
  int unpack(int shape) {
    int count = Math.min(left[shape], SlotRests.PIECE);
    int length = lengths[shape];
    int row = firstRow[shape];
    for (int k = 0; k < length; k++) {
      series[firstSlot[shape] + k].next(rests, rows, row + k, length, count);
    }
    left[shape] -= count;
    return count;
  }

  /// {@return where the rows of a shape are}
  int firstRow(int shape) {
    return firstRow[shape];
  }

  /// {@return how many accesses a shape has}
  int length(int shape) {
    return lengths[shape];
  }

  /// {@return how many executions of a shape have not been unpacked}
  int left(int shape) {
    return left[shape];
  }

  /// {@return accesses, whole; [#SLACK] words behind each row can be read}
  long[] rows() {
    return rows;
  }

  /// {@return how many shapes there are, that without accesses included}
  int shapes() {
    return shapes;
  }

  /// {@return how many addresses there are}
  int size() {
    return size;
  }

  /// {@return the last instruction of a shape that makes an access; -1 if none does}
  int highest(int shape) {
    return highest[shape];
  }
}
