package dev.cairn.program.isa;

/// What kind of access an instruction makes of memory.
public enum AccessKind {
  /// A load or a store like others; or none at all.
  PLAIN(""),

  /// A read-modify-write in one instruction: a load and a store of the same bytes.
  ATOMIC("atomic"),

  /// A load that begins an exclusive sequence, or the store that ends it if nobody came between.
  EXCLUSIVE("exclusive"),

  /// A hint that an address will be used; nothing is loaded.
  PREFETCH("prefetch"),

  /// Something done to a line of a cache: clean, invalidate, or zero, which stores the line.
  CACHE_MAINTENANCE("maintenance");

  private final String text;

  AccessKind(String text) {
    this.text = text;
  }

  /// {@return whether an access of this kind moves no data: a prefetch, or the maintenance of a
  /// line that is not written}
  ///
  /// @param store whether it is a store
  public boolean isHint(boolean store) {
    return this == PREFETCH || (this == CACHE_MAINTENANCE && !store);
  }

  /// {@return as people call it; empty for what needs no name}
  public String text() {
    return text;
  }
}
