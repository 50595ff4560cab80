package dev.cairn.program;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which function an address of a file belongs to. Immutable.
///
/// Of several functions that begin at one address the choice is by rule: functions before labels,
/// global before weak before local, the longest, the name with the fewest underscores in front, the
/// shortest, the first by alphabet. A function without a size reaches up to the next one or to the
/// end of its section; labels inside a sized function are no functions. Where one lies inside
/// another, the inner one is named.
public final class SymbolTable {
  static final Comparator<String> NAME_ORDER =
      Comparator.comparingInt(SymbolTable::leadingUnderscores)
          .thenComparingInt(String::length)
          .thenComparing(Comparator.naturalOrder());

  private static final Comparator<Function> PREFERENCE =
      Comparator.<Function>comparingLong(f -> f.start)
          .thenComparing(f -> !f.symbol.isFunction())
          .thenComparingInt(f -> bindingRank(f.symbol.binding()))
          .thenComparingLong(f -> -f.symbol.bytes())
          .thenComparing(f -> f.symbol.name(), NAME_ORDER);

  /// A piece of code that belongs to one function: up to the start of the next piece.
  private record Piece(long start, @Nullable Function function) {}

  private record Function(ElfSymbol symbol, long start, long end) {}

  /// A place in a function.
  ///
  /// @param function its name
  /// @param offset bytes from its start
  public record Place(String function, long offset) {}

  private final List<Piece> pieces;

  private SymbolTable(List<Piece> pieces) {
    this.pieces = pieces;
  }

  /// Reads the table of a file, of the addresses that its own symbols have.
  public static SymbolTable read(ElfImage image) throws IOException {
    return of(image, image.readSymbols());
  }

  /// Builds the table of some symbols of a file.
  static SymbolTable of(ElfImage image, List<ElfSymbol> symbols) {
    List<Function> candidates = new ArrayList<>();
    for (ElfSymbol symbol : symbols) {
      if (isCode(symbol, image)) {
        long end = symbol.address() + Math.max(0, symbol.bytes());
        candidates.add(new Function(symbol, symbol.address(), Math.max(symbol.address(), end)));
      }
    }
    candidates.sort(PREFERENCE);
    return new SymbolTable(flatten(withSizes(distinct(candidates), image)));
  }

  private static boolean isCode(ElfSymbol symbol, ElfImage image) {
    if (symbol.name().isEmpty() || symbol.isMapping() || symbol.address() < 0) {
      return false;
    }
    boolean label =
        symbol.type() == ElfSymbol.UNTYPED
            && symbol.section() < image.sections().size()
            && image.sections().get(symbol.section()).isExecutable();
    return symbol.isFunction() || label;
  }

  private static List<Function> distinct(List<Function> sorted) {
    List<Function> result = new ArrayList<>();
    long sizedEnd = Long.MIN_VALUE;
    long last = Long.MIN_VALUE;
    for (Function function : sorted) {
      boolean innerLabel = !function.symbol.isFunction() && function.start < sizedEnd;
      if (function.start == last || innerLabel) {
        continue;
      }
      result.add(function);
      last = function.start;
      sizedEnd = Math.max(sizedEnd, function.end);
    }
    return result;
  }

  private static List<Function> withSizes(List<Function> functions, ElfImage image) {
    List<Function> result = new ArrayList<>(functions.size());
    for (int i = 0; i < functions.size(); i++) {
      Function function = functions.get(i);
      if (function.end > function.start) {
        result.add(function);
      } else {
        long next = i + 1 < functions.size() ? functions.get(i + 1).start : Long.MAX_VALUE;
        long end = Math.min(next, endOfCode(function, image));
        result.add(new Function(function.symbol, function.start, Math.max(end, function.start)));
      }
    }
    return result;
  }

  private static long endOfCode(Function function, ElfImage image) {
    int index = function.symbol.section();
    if (index < image.sections().size()) {
      ElfSection section = image.sections().get(index);
      return section.address() + section.bytes();
    }
    return function.start;
  }

  /// Cuts nested functions into pieces that do not overlap.
  private static List<Piece> flatten(List<Function> functions) {
    List<Piece> pieces = new ArrayList<>();
    Deque<Function> open = new ArrayDeque<>();
    for (Function function : functions) {
      close(open, function.start, pieces);
      pieces.add(new Piece(function.start, function));
      open.push(function);
    }
    close(open, Long.MAX_VALUE, pieces);
    return pieces;
  }

  /// Ends the functions that end up to an address; what encloses them goes on.
  private static void close(Deque<Function> open, long upTo, List<Piece> pieces) {
    while (!open.isEmpty() && open.peek().end <= upTo) {
      Function ended = open.pop();
      while (!open.isEmpty() && open.peek().end <= ended.end) {
        open.pop();
      }
      pieces.add(new Piece(ended.end, open.peek()));
    }
  }

  /// {@return the function that an address belongs to, or null if it belongs to none}
  ///
  /// @param address before the load bias is added
  public @Nullable Place find(long address) {
    int low = 0;
    int high = pieces.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (pieces.get(middle).start <= address) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    Function function = high < 0 ? null : pieces.get(high).function;
    return function == null ? null : new Place(function.symbol.name(), address - function.start);
  }

  private static int bindingRank(int binding) {
    return switch (binding) {
      case ElfSymbol.GLOBAL -> 0;
      case ElfSymbol.WEAK -> 1;
      default -> 2;
    };
  }

  private static int leadingUnderscores(String name) {
    int count = 0;
    while (count < name.length() && name.charAt(count) == '_') {
      count++;
    }
    return count;
  }
}
