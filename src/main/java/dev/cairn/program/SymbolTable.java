package dev.cairn.program;

import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import dev.cairn.program.elf.ElfSymbol;
import dev.cairn.program.elf.StubName;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which function an address of a file belongs to. Immutable.
///
/// Functions do not overlap here: the table is a list of pieces, each of one function.
///
/// Of several functions that begin at one address the choice is by rule: functions before labels,
/// global before weak before local, the longest, the name with the fewest underscores in front, the
/// shortest, the first by alphabet. A function without a size reaches up to the next one or to the
/// end of its section; labels inside a sized function are no functions. Where one lies inside
/// another, the inner one is named.
public final class SymbolTable {
  private static final Comparator<Function> PREFERENCE =
      Comparator.<Function>comparingLong(f -> f.start)
          .thenComparing(f -> !f.symbol.isFunction())
          .thenComparingInt(f -> bindingRank(f.symbol.binding()))
          .thenComparingLong(f -> -f.symbol.bytes())
          .thenComparing(f -> f.symbol.name(), ElfSymbol.NAME_ORDER);

  /// Code that belongs to one function.
  ///
  /// @param start its address, before the load bias is added
  /// @param end of the first byte behind it
  /// @param function the function's name, not demangled
  /// @param functionStart where the function starts: before `start` if another lies in between
  public record Piece(long start, long end, String function, long functionStart) {
    public Piece {
      if (functionStart < 0 || start < functionStart || end <= start || function.isEmpty()) {
        throw new IllegalArgumentException(
            "no piece of code: 0x%x to 0x%x of function \"%s\" at 0x%x"
                .formatted(start, end, function, functionStart));
      }
    }
  }

  private record Function(ElfSymbol symbol, long start, long end, long sectionEnd) {}

  /// A place in a function.
  ///
  /// @param function its name
  /// @param offset bytes from its start
  public record Place(String function, long offset) {
    /// {@return whether the function is a stub by which one of another library is called}
    public boolean isStub() {
      return function.endsWith(StubName.SUFFIX);
    }
  }

  private final List<Piece> pieces;

  private SymbolTable(List<Piece> pieces) {
    this.pieces = pieces;
  }

  /// Reads the table of a file, of the addresses that its own symbols have.
  ///
  /// @throws dev.cairn.event.FormatException if the symbols are damaged
  public static SymbolTable read(ElfImage image) throws IOException {
    return read(image, null);
  }

  /// Reads the table of a file whose symbols were partly taken out into another file.
  static SymbolTable read(ElfImage image, @Nullable ElfImage separate) throws IOException {
    List<Function> candidates = new ArrayList<>();
    if (separate == null) {
      return of(image, image.readSymbols());
    }
    List<ElfSymbol> symbols = separate.readSymbols();
    addCandidates(image, image.readSymbols(), ElfSymbol.functionNames(symbols), candidates);
    addCandidates(separate, symbols, Map.of(), candidates);
    return ofCandidates(candidates);
  }

  /// Builds the table of some symbols of a file.
  public static SymbolTable of(ElfImage image, List<ElfSymbol> symbols) {
    List<Function> candidates = new ArrayList<>();
    addCandidates(image, symbols, Map.of(), candidates);
    return ofCandidates(candidates);
  }

  private static SymbolTable ofCandidates(List<Function> candidates) {
    candidates.sort(PREFERENCE);
    return new SymbolTable(flatten(withSizes(distinct(candidates))));
  }

  /// Builds a table of what [#pieces()] told.
  public static SymbolTable of(List<Piece> pieces) {
    long last = 0;
    for (Piece piece : pieces) {
      if (piece.start < last) {
        throw new IllegalArgumentException("pieces must ascend and not overlap: " + piece);
      }
      last = piece.end;
    }
    return new SymbolTable(List.copyOf(pieces));
  }

  /// {@return all code that belongs to functions, by ascending address, without overlap}
  public List<Piece> pieces() {
    return pieces;
  }

  private static void addCandidates(
      ElfImage image, List<ElfSymbol> symbols, Map<Long, String> names, List<Function> candidates) {
    for (ElfSymbol symbol : symbols) {
      if (isCode(symbol, image)) {
        long start = symbol.address();
        long end = Math.max(start, start + Math.max(0, symbol.bytes()));
        long sectionEnd = endOfSection(symbol, image);
        candidates.add(new Function(StubName.completed(symbol, names), start, end, sectionEnd));
      }
    }
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

  private static long endOfSection(ElfSymbol symbol, ElfImage image) {
    if (symbol.section() < image.sections().size()) {
      ElfSection section = image.sections().get(symbol.section());
      return section.address() + section.bytes();
    }
    return symbol.address();
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

  private static List<Function> withSizes(List<Function> functions) {
    List<Function> result = new ArrayList<>(functions.size());
    for (int i = 0; i < functions.size(); i++) {
      Function function = functions.get(i);
      if (function.end > function.start) {
        result.add(function);
      } else {
        long next = i + 1 < functions.size() ? functions.get(i + 1).start : Long.MAX_VALUE;
        long end = Math.max(Math.min(next, function.sectionEnd), function.start);
        result.add(new Function(function.symbol, function.start, end, function.sectionEnd));
      }
    }
    return result;
  }

  /// Cuts nested functions into pieces that do not overlap.
  private static List<Piece> flatten(List<Function> functions) {
    List<Piece> pieces = new ArrayList<>();
    Deque<Function> open = new ArrayDeque<>();
    long from = 0;
    for (Function function : functions) {
      from = close(open, from, function.start, pieces);
      addPiece(open.peek(), from, function.start, pieces);
      open.push(function);
      from = function.start;
    }
    close(open, from, Long.MAX_VALUE, pieces);
    return List.copyOf(pieces);
  }

  /// Ends the functions that end up to an address; what encloses them goes on.
  ///
  /// @return the address up to which there are pieces
  private static long close(Deque<Function> open, long from, long upTo, List<Piece> pieces) {
    long reached = from;
    while (!open.isEmpty() && open.peek().end <= upTo) {
      Function ended = open.pop();
      addPiece(ended, reached, ended.end, pieces);
      reached = Math.max(reached, ended.end);
    }
    return reached;
  }

  private static void addPiece(
      @Nullable Function function, long from, long to, List<Piece> pieces) {
    if (function != null && from < to) {
      pieces.add(new Piece(from, to, function.symbol.name(), function.start));
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
    Piece piece = high < 0 ? null : pieces.get(high);
    return piece == null || address >= piece.end
        ? null
        : new Place(piece.function, address - piece.functionStart);
  }

  private static int bindingRank(int binding) {
    return switch (binding) {
      case ElfSymbol.GLOBAL -> 0;
      case ElfSymbol.WEAK -> 1;
      default -> 2;
    };
  }
}
