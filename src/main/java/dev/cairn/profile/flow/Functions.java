package dev.cairn.profile.flow;

import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The functions that a run's code belongs to, numbered from 0 in the order of appearance.
///
/// A function is a symbol of a file. Code without a symbol belongs to a function that is named by
/// the address that was called.
public final class Functions {
  /// A function.
  ///
  /// @param name its symbol, not demangled, or `0x` and its address
  /// @param file the path of its file on the host; null for code that no file was mapped for
  /// @param address as the file's own symbols have it, without the load bias; the virtual address
  ///   if there is no file
  public record Function(String name, @Nullable String file, long address) {}

  private record Key(@Nullable String file, @Nullable String name, long address) {}

  private static final String NO_FILE = "";

  private final List<Function> functions = new ArrayList<>();
  private final Map<Key, Integer> numbers = new HashMap<>();

  /// Those without a symbol, by file and address.
  private final Map<String, TreeMap<Long, Integer>> unnamed = new HashMap<>();

  /// {@return the number of the function at a location that a symbol tells}
  public int of(CodeLocation location) {
    String name = location.function();
    if (name == null) {
      return of(location.file(), location.address());
    }
    long address = location.address() - location.functionOffset();
    return number(
        new Key(location.file(), name, address), new Function(name, location.file(), address));
  }

  /// {@return the number of a function without a symbol}
  ///
  /// @param file null for code that no file was mapped for
  /// @param address where it begins
  public int of(@Nullable String file, long address) {
    int number =
        number(
            new Key(file, null, address),
            new Function("0x" + Long.toHexString(address), file, address));
    unnamed.computeIfAbsent(key(file), _ -> new TreeMap<>()).put(address, number);
    return number;
  }

  /// {@return the function without a symbol that begins at an address, or -1 if none is known yet}
  int at(@Nullable String file, long address) {
    Integer known = numbers.get(new Key(file, null, address));
    return known == null ? -1 : known;
  }

  /// {@return the function without a symbol that begins at an address or nearest before it, as far
  /// as is known yet; -1 if none does}
  int before(@Nullable String file, long address) {
    TreeMap<Long, Integer> known = unnamed.get(key(file));
    Map.Entry<Long, Integer> nearest = known == null ? null : known.floorEntry(address);
    return nearest == null ? -1 : nearest.getValue();
  }

  private static String key(@Nullable String file) {
    return file == null ? NO_FILE : file;
  }

  private int number(Key key, Function function) {
    Integer known = numbers.putIfAbsent(key, functions.size());
    if (known != null) {
      return known;
    }
    functions.add(function);
    return functions.size() - 1;
  }

  public Function get(int number) {
    return functions.get(number);
  }

  /// {@return how many there are}
  public int size() {
    return functions.size();
  }
}
