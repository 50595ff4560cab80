package dev.cairn.event;

/// Guest memory that is to go along with a kind of system call, or with its return.
///
/// @param number of the system call
/// @param argument that points to the memory, 0 to 7
/// @param atReturn whether it is read when the call has returned, not when it is made
/// @param kind how its length is found
/// @param other the argument that holds a length, where the kind asks for one; else 0
/// @param limit bytes at most, 1 to 65535; for strings, of each
public record MemoryFetch(
    int number, int argument, boolean atReturn, Kind kind, int other, int limit) {
  /// How the length of fetched memory is found.
  public enum Kind {
    /// A string up to its zero byte.
    STRING,
    /// As many bytes as the limit says.
    BYTES,
    /// As many as another argument says.
    BY_ARGUMENT,
    /// As many as the result says; none if that is no positive number.
    BY_RESULT,
    /// Pointers to strings up to a null pointer, 32 at most: a piece of memory each.
    STRINGS,
    /// `struct iovec`s, as many as another argument says: a piece of memory each.
    VECTOR
  }

  public MemoryFetch {
    check("number", number, 0, 0xffff);
    check("argument", argument, 0, SystemCall.ARGUMENTS - 1);
    check("other", other, 0, SystemCall.ARGUMENTS - 1);
    check("limit", limit, 1, 0xffff);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be between %d and %d: %d".formatted(name, least, most, value));
    }
  }
}
