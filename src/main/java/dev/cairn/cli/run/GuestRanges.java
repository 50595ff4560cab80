package dev.cairn.cli.run;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.event.GuestBytes;
import dev.cairn.event.MemoryFetch;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.profile.syscall.MemoryPlan;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import dev.cairn.program.elf.ElfSymbol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The parts of a guest's memory: the heap that `brk` moves, variables and the rest of each mapped
/// file, mappings without a file, and what is none of these, which is the stack that the program
/// was started with.
///
/// What a system call maps is known from its return on, of a part of a running program some
/// thousand instructions before; that it unmaps something, or makes the heap smaller, is not
/// heeded, as nothing is accessed there any more. Variables of a file are known where its code is
/// mapped, or executed; of the files that the kernel has loaded where one of them is accessed.
public final class GuestRanges implements DataRanges {
  private static final SystemCallTable CALLS = SystemCallTable.aarch64Linux();

  /// What goes along with system calls: the path that `openat` opens.
  public static final List<MemoryFetch> FETCHES =
      new MemoryPlan(CALLS)
          .fetches().stream().filter(fetch -> CALLS.name(fetch.number()).equals("openat")).toList();

  private static final String STACK = "stack";
  private static final String HEAP = "heap";
  private static final String THREAD_STACK = "stacks of threads";
  private static final String ANONYMOUS = "mappings without a file";

  private static final String OTHER_FILES = "mappings of other files";

  private static final long PROT_EXEC = 4;
  private static final long MAP_ANONYMOUS = 0x20;
  private static final long MAP_STACK = 0x20000;
  private static final int KNOWN = 1 << 14;
  private static final long NONE = -1;

  /// What lies from an address on.
  ///
  /// @param name of the whole; of a file its path
  /// @param bias of a file from its addresses to those in memory
  private record Span(long end, String name, boolean file, long bias) {}

  private final LongFunction<@Nullable CodeLocation> locator;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, TreeMap<Long, ElfSymbol>> symbols = new HashMap<>();

  /// Segments of files whose code is known, by first address; they do not overlap. Of a trace code
  /// is known before it is mapped.
  private final TreeMap<Long, Span> segments = new TreeMap<>(Long::compareUnsigned);

  /// What system calls have mapped, likewise.
  private final TreeMap<Long, Span> mapped = new TreeMap<>(Long::compareUnsigned);

  /// Where code was mapped since the last look-up; what lies there is known when it is accessed.
  private final List<Long> code = new ArrayList<>();

  /// Files whose code was mapped or executed, each with its bias.
  private final Set<String> learned = new HashSet<>();

  /// Paths by file descriptor, where the source tells of them.
  private final Map<Long, String> descriptors = new HashMap<>();

  private final Map<Long, SystemCall> open = new HashMap<>();
  private long heapFrom = NONE;
  private long heapUntil;

  /// Addresses that were looked up, by their lowest bits.
  private final long[] known = new long[KNOWN];

  private final int[] knownNumbers = new int[KNOWN];

  /// @param locator says which file an address is in as of now
  public GuestRanges(LongFunction<@Nullable CodeLocation> locator) {
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
    for (long begin : code) {
      learn(begin, locator.apply(begin));
    }
    code.clear();
    Span segment = at(segments, address);
    Span span = segment == null ? at(mapped, address) : segment;
    if (span == null || span.name.equals(OTHER_FILES)) {
      CodeLocation location = locator.apply(address);
      if (location != null) {
        learn(address, location);
        return ofFile(location.file(), location.address());
      }
    }
    if (span == null) {
      return STACK;
    }
    return span.file ? ofFile(span.name, address - span.bias) : span.name;
  }

  private static @Nullable Span at(NavigableMap<Long, Span> spans, long address) {
    Map.Entry<Long, Span> entry = spans.floorEntry(address);
    return entry == null || Long.compareUnsigned(address, entry.getValue().end) >= 0
        ? null
        : entry.getValue();
  }

  private String ofFile(String file, long address) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    TreeMap<Long, ElfSymbol> all = symbols.get(file);
    Map.Entry<Long, ElfSymbol> before = all == null ? null : all.floorEntry(address);
    return before != null && address - before.getKey() < before.getValue().bytes()
        ? before.getValue().name() + " (" + name + ")"
        : name;
  }

  /// Learns where a file lies, from an address in it.
  public void learn(long pc, @Nullable CodeLocation location) {
    if (location == null || !learned.add(location.file() + (pc - location.address()))) {
      return;
    }
    TreeMap<Long, ElfSymbol> objects = new TreeMap<>();
    symbols.put(location.file(), objects);
    try {
      ElfImage image = ElfImage.open(Path.of(location.file()));
      long bias = pc - location.address();
      for (ElfSegment segment : image.segments()) {
        if (segment.isLoaded()) {
          long begin = segment.virtualAddress() + bias;
          put(
              segments,
              begin,
              new Span(begin + segment.memoryBytes(), location.file(), true, bias));
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
    switch (CALLS.name(call.number())) {
      case "brk" -> {
        heapFrom = heapFrom == NONE ? address : heapFrom;
        heapUntil = Math.max(heapUntil, address);
        forget();
      }
      case "mmap" -> {
        map(address, call.arguments()[1], call.arguments()[3], call.arguments()[4]);
        if ((call.arguments()[2] & PROT_EXEC) != 0) {
          code.add(address);
        }
      }
      case "mremap" -> map(address, call.arguments()[2], MAP_ANONYMOUS, NONE);
      case "openat" -> opened(address, call);
      case "close" -> descriptors.remove(call.arguments()[0]);
      default -> {}
    }
  }

  /// Learns what a guest begins with that goes on from a checkpoint.
  public void place(Mapping mapping) {
    switch (mapping.kind()) {
      case HEAP -> {
        heapFrom = heapFrom == NONE ? mapping.start() : Math.min(heapFrom, mapping.start());
        heapUntil = Math.max(heapUntil, mapping.end());
      }
      case ANONYMOUS -> map(mapping.start(), mapping.bytes(), MAP_ANONYMOUS, NONE);
      case FILE, STACK, VDSO -> {} // a file's name is known, and the rest is the stack
    }
  }

  private void opened(long descriptor, SystemCall call) {
    descriptors.remove(descriptor);
    for (GuestBytes memory : call.memory()) {
      byte[] bytes = memory.bytes();
      if (memory.argument() == 1 && bytes != null) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
          end--;
        }
        descriptors.put(descriptor, new String(bytes, 0, end, StandardCharsets.UTF_8));
      }
    }
  }

  private void map(long address, long bytes, long flags, long descriptor) {
    String file = descriptors.get(descriptor);
    if ((flags & MAP_ANONYMOUS) != 0) {
      String name = (flags & MAP_STACK) != 0 ? THREAD_STACK : ANONYMOUS;
      put(mapped, address, new Span(address + bytes, name, false, 0));
    } else {
      String name = file == null ? OTHER_FILES : file;
      put(mapped, address, new Span(address + bytes, name, file != null, 0));
    }
    forget();
  }

  /// Lays something over what was there.
  private static void put(NavigableMap<Long, Span> spans, long address, Span span) {
    Map.Entry<Long, Span> last = spans.lowerEntry(span.end);
    if (last != null && Long.compareUnsigned(last.getValue().end, span.end) > 0) {
      spans.put(span.end, last.getValue());
    }
    spans.subMap(address, span.end).clear();
    spans.put(address, span);
  }

  private void forget() {
    Arrays.fill(known, NONE);
  }
}
