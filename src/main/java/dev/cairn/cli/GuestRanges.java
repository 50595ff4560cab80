package dev.cairn.cli;

import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import dev.cairn.program.elf.ElfSymbol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The parts of a guest's memory: the heap that `brk` moves, variables and the rest of each mapped
/// file, mappings without a file, and what is none of these, which is the stack that the program
/// was started with.
///
/// What a system call maps is known from its return on; that it unmaps something is not heeded, as
/// nothing is accessed there any more.
final class GuestRanges implements DataRanges {
  private static final String STACK = "stack";
  private static final String HEAP = "heap";
  private static final String THREAD_STACK = "stacks of threads";
  private static final String ANONYMOUS = "mappings without a file";

  private static final long MAP_ANONYMOUS = 0x20;
  private static final long MAP_STACK = 0x20000;
  private static final int KNOWN = 1 << 14;
  private static final long NONE = -1;

  private record Span(long end, String name) {}

  /// Memory of a file that its bytes do not reach.
  ///
  /// @param bias from the file's addresses to those in memory
  private record Behind(long end, long bias, String file) {}

  private final SystemCallTable calls = SystemCallTable.aarch64Linux();
  private final LongFunction<@Nullable CodeLocation> locator;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, TreeMap<Long, ElfSymbol>> symbols = new HashMap<>();

  /// By first address.
  private final TreeMap<Long, Behind> behindFiles = new TreeMap<>(Long::compareUnsigned);

  private final TreeMap<Long, Span> anonymous = new TreeMap<>(Long::compareUnsigned);
  private final Map<Long, SystemCall> open = new HashMap<>();
  private long heapFrom = NONE;
  private long heapUntil;

  /// Addresses that were looked up, by their lowest bits.
  private final long[] known = new long[KNOWN];

  private final int[] knownNumbers = new int[KNOWN];

  /// @param locator says which file an address is in as of now
  GuestRanges(LongFunction<@Nullable CodeLocation> locator) {
    this.locator = locator;
    Arrays.fill(known, NONE);
  }

  @Override
  public int find(long address) {
    int slot = (int) (address ^ (address >>> 14)) & (KNOWN - 1);
    if (known[slot] != address) {
      known[slot] = address;
      knownNumbers[slot] = number(nameOf(address));
    }
    return knownNumbers[slot];
  }

  @Override
  public String name(int range) {
    return names.get(range);
  }

  private int number(String name) {
    Integer number = numbers.get(name);
    if (number == null) {
      number = names.size();
      numbers.put(name, number);
      names.add(name);
    }
    return number;
  }

  private String nameOf(long address) {
    if (heapFrom != NONE && address >= heapFrom && address < heapUntil) {
      return HEAP;
    }
    CodeLocation location = locator.apply(address);
    if (location != null) {
      return ofFile(location.file(), location.address());
    }
    Map.Entry<Long, Behind> behind = behindFiles.floorEntry(address);
    if (behind != null && Long.compareUnsigned(address, behind.getValue().end) < 0) {
      return ofFile(behind.getValue().file, address - behind.getValue().bias);
    }
    Map.Entry<Long, Span> span = anonymous.floorEntry(address);
    return span != null && Long.compareUnsigned(address, span.getValue().end) < 0
        ? span.getValue().name
        : STACK;
  }

  private String ofFile(String file, long address) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    TreeMap<Long, ElfSymbol> all = symbols.get(file);
    Map.Entry<Long, ElfSymbol> before = all == null ? null : all.floorEntry(address);
    return before != null && address - before.getKey() < before.getValue().bytes()
        ? before.getValue().name() + " (" + name + ")"
        : name;
  }

  /// Learns where a file lies, from a piece of its code.
  void learn(long pc, @Nullable CodeLocation location) {
    if (location == null || symbols.containsKey(location.file())) {
      return;
    }
    TreeMap<Long, ElfSymbol> objects = new TreeMap<>();
    symbols.put(location.file(), objects);
    try {
      ElfImage image = ElfImage.open(Path.of(location.file()));
      long bias = pc - location.address();
      for (ElfSegment segment : image.segments()) {
        if (segment.isLoaded() && segment.memoryBytes() > segment.fileBytes()) {
          long begin = segment.virtualAddress() + bias;
          behindFiles.put(
              begin + segment.fileBytes(),
              new Behind(begin + segment.memoryBytes(), bias, location.file()));
        }
      }
      for (ElfSymbol symbol : image.readSymbols()) {
        if (symbol.type() == ElfSymbol.OBJECT && symbol.bytes() > 0) {
          objects.merge(symbol.address(), symbol, GuestRanges::better);
        }
      }
    } catch (IOException e) {
      objects.clear(); // then the file's name has to do
    }
    forget();
  }

  private static ElfSymbol better(ElfSymbol a, ElfSymbol b) {
    return ElfSymbol.NAME_ORDER.compare(a.name(), b.name()) <= 0 ? a : b;
  }

  @Override
  public void systemCall(SystemCall call) {
    open.put(call.index(), call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    SystemCall call = open.remove(result.index());
    long address = result.result();
    if (call == null || (address < 0 && address > -4096)) {
      return;
    }
    switch (calls.name(call.number())) {
      case "brk" -> {
        heapFrom = heapFrom == NONE ? address : heapFrom;
        heapUntil = address;
        forget();
      }
      case "mmap" -> map(address, call.arguments()[1], call.arguments()[3]);
      case "mremap" -> map(address, call.arguments()[2], MAP_ANONYMOUS);
      default -> {}
    }
  }

  private void map(long address, long bytes, long flags) {
    if ((flags & MAP_ANONYMOUS) != 0) {
      String name = (flags & MAP_STACK) != 0 ? THREAD_STACK : ANONYMOUS;
      Map.Entry<Long, Span> before = anonymous.lowerEntry(address);
      long end = address + bytes;
      if (before != null && Long.compareUnsigned(before.getValue().end, end) > 0) {
        anonymous.put(end, before.getValue());
      }
      anonymous.subMap(address, end).clear();
      anonymous.put(address, new Span(end, name));
    }
    forget();
  }

  private void forget() {
    Arrays.fill(known, NONE);
  }
}
