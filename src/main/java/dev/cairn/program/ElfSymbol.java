package dev.cairn.program;

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

  /// {@return whether it is one of the marks (`$x`, `$d`) that tell code from data}
  boolean isMapping() {
    return name.length() >= 2
        && name.charAt(0) == '$'
        && (name.length() == 2 || name.charAt(2) == '.');
  }

  ElfSymbol withName(String other) {
    return new ElfSymbol(other, address, bytes, type, binding, section);
  }

  boolean isFunction() {
    return type == FUNCTION || type == INDIRECT_FUNCTION;
  }
}
