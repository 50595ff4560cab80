package dev.cairn.program.elf;

import java.util.Map;

/// What the stubs are called by which a file calls other libraries.
public final class StubName {
  /// What the name of a stub ends with, as `puts@plt`.
  public static final String SUFFIX = "@plt";

  /// The name that stands for a function, which only a symbol at this address could tell.
  private static final String UNNAMED = "*ABS*+0x";

  private StubName() {}

  /// {@return what to call a function that a stub's slot holds: what the one at an address chooses}
  ///
  /// @param names of functions, by address
  static String chosenBy(long address, Map<Long, String> names) {
    String name = names.get(address);
    return name == null ? UNNAMED + Long.toHexString(address) : name;
  }

  /// {@return a symbol, by the name that others tell for it}
  ///
  /// @param names of functions, by address
  public static ElfSymbol completed(ElfSymbol symbol, Map<Long, String> names) {
    String name = symbol.name();
    if (!name.startsWith(UNNAMED) || !name.endsWith(SUFFIX)) {
      return symbol;
    }
    String address = name.substring(UNNAMED.length(), name.length() - SUFFIX.length());
    String found = names.get(Long.parseUnsignedLong(address, 16));
    return found == null ? symbol : symbol.withName(found + SUFFIX);
  }
}
