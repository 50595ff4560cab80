package dev.cairn.program.elf;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/// A symbol of an ELF file.
///
/// @param name as in the file, not demangled
/// @param address before the load bias is added
/// @param bytes its size, 0 if the file does not tell
/// @param type [#FUNCTION], [#OBJECT], … as in the file
/// @param binding [#LOCAL], [#GLOBAL], [#WEAK], … as in the file
/// @param section index of its section; 0 if it is not defined here
public record ElfSymbol(String name, long address, long bytes, int type, int binding, int section) {
  public static final int UNTYPED = 0;
  public static final int OBJECT = 1;
  public static final int FUNCTION = 2;
  public static final int INDIRECT_FUNCTION = 10;
  public static final int LOCAL = 0;
  public static final int GLOBAL = 1;
  public static final int WEAK = 2;

  /// Which of several names of one address is to be shown comes first: that with the fewest
  /// underscores in front, the shortest, the first by alphabet.
  public static final Comparator<String> NAME_ORDER =
      Comparator.comparingInt(ElfSymbol::leadingUnderscores)
          .thenComparingInt(String::length)
          .thenComparing(Comparator.naturalOrder());

  private static int leadingUnderscores(String name) {
    int count = 0;
    while (count < name.length() && name.charAt(count) == '_') {
      count++;
    }
    return count;
  }

  /// {@return the name of the function that starts at each address}
  public static Map<Long, String> functionNames(List<ElfSymbol> symbols) {
    Map<Long, String> names = new HashMap<>();
    for (ElfSymbol symbol : symbols) {
      if (symbol.isFunction() && !symbol.name().isEmpty()) {
        names.merge(symbol.address(), symbol.name(), BinaryOperator.minBy(NAME_ORDER));
      }
    }
    return names;
  }

  /// {@return whether it is one of the marks (`$x`, `$d`) that tell code from data}
  public boolean isMapping() {
    return name.length() >= 2
        && name.charAt(0) == '$'
        && (name.length() == 2 || name.charAt(2) == '.');
  }

  public ElfSymbol withName(String other) {
    return new ElfSymbol(other, address, bytes, type, binding, section);
  }

  public boolean isFunction() {
    return type == FUNCTION || type == INDIRECT_FUNCTION;
  }
}
