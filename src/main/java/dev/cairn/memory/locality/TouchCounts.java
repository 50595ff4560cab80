package dev.cairn.memory.locality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// How often each line, or page, was accessed, and which were in the present slice of time.
final class TouchCounts {
  private final LineTable table = new LineTable();
  private long[] accesses = new long[1 << 10];
  private long[] inSlice = new long[1 << 10];
  private int[] lastSlice = new int[1 << 10];
  private int[] touched = new int[1 << 10];
  private int touchedSize;
  private int newInSlice;
  private int slice = 1;

  /// Counts an access.
  ///
  /// @return the number of the line
  int add(long line) {
    int number = table.number(line);
    if (number >= accesses.length) {
      int length = accesses.length * 2;
      accesses = Arrays.copyOf(accesses, length);
      inSlice = Arrays.copyOf(inSlice, length);
      lastSlice = Arrays.copyOf(lastSlice, length);
      touched = Arrays.copyOf(touched, length);
    }
    if (lastSlice[number] != slice) {
      newInSlice += lastSlice[number] == 0 ? 1 : 0;
      lastSlice[number] = slice;
      touched[touchedSize++] = number;
      inSlice[number] = 0;
    }
    accesses[number]++;
    inSlice[number]++;
    return number;
  }

  /// Counts another access to a line, which is in the slice.
  void addAgain(int number) {
    accesses[number]++;
    inSlice[number]++;
  }

  int size() {
    return table.size();
  }

  int inSlice() {
    return touchedSize;
  }

  int newInSlice() {
    return newInSlice;
  }

  /// Adds what the slice touched to a list.
  ///
  /// @param shift log2 of a unit's bytes
  void addHeat(int shift, List<LocalityProfile.Heat> heat) {
    int[] numbers = Arrays.copyOf(touched, touchedSize);
    List<LocalityProfile.Heat> here = new ArrayList<>();
    for (int number : numbers) {
      here.add(new LocalityProfile.Heat(table.line(number) << shift, slice - 1, inSlice[number]));
    }
    here.sort(Comparator.comparing(LocalityProfile.Heat::page, Long::compareUnsigned));
    heat.addAll(here);
  }

  void endSlice() {
    slice++;
    touchedSize = 0;
    newInSlice = 0;
  }

  /// {@return the units accessed most, most first; equals by address}
  ///
  /// @param most how many at most
  List<LocalityProfile.Place> hottest(int shift, int most) {
    Comparator<LocalityProfile.Place> order =
        Comparator.comparingLong(LocalityProfile.Place::accesses)
            .thenComparing(
                Comparator.comparing(LocalityProfile.Place::address, Long::compareUnsigned)
                    .reversed());
    PriorityQueue<LocalityProfile.Place> queue = new PriorityQueue<>(order);
    for (int number = 0; number < table.size(); number++) {
      queue.add(new LocalityProfile.Place(table.line(number) << shift, accesses[number]));
      if (queue.size() > most) {
        queue.remove();
      }
    }
    List<LocalityProfile.Place> places = new ArrayList<>(queue);
    places.sort(order.reversed());
    return places;
  }
}
