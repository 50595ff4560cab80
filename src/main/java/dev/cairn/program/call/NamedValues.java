package dev.cairn.program.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names of numbers: the members of an enumeration, or flags.
///
/// @param table what the set is called
/// @param entries in the order in which they are looked for
public record NamedValues(String table, List<Entry> entries) {
  /// A name of a number, or of some of its bits.
  ///
  /// @param value the bits of the mask that have this name
  /// @param mask not 0; all bits in an enumeration
  public record Entry(String name, long value, long mask) {
    public Entry {
      if (mask == 0 || (value & ~mask) != 0) {
        throw new IllegalArgumentException(
            "the mask of " + name + " must hold its value: " + value + "/" + mask);
      }
    }
  }

  public NamedValues {
    entries = List.copyOf(entries);
  }

  /// Reads all sets of a table in the form of `linux.names`.
  ///
  /// @return by name
  public static Map<String, NamedValues> read(Class<?> beside, String file) {
    Map<String, NamedValues> sets = new HashMap<>();
    for (String line : DataFile.entries(beside, file)) {
      String[] words = line.split(" +", -1);
      boolean flags = words[0].equals("flags");
      List<Entry> entries = new ArrayList<>();
      for (int i = 2; i < words.length; i++) {
        entries.add(entry(words[i], flags));
      }
      if (sets.put(words[1], new NamedValues(words[1], entries)) != null) {
        throw new IllegalStateException(file + " names twice: " + words[1]);
      }
    }
    return Map.copyOf(sets);
  }

  private static Entry entry(String word, boolean flags) {
    int equals = word.indexOf('=');
    int slash = word.indexOf('/');
    long value = Long.decode(word.substring(equals + 1, slash < 0 ? word.length() : slash));
    long mask = slash >= 0 ? Long.decode(word.substring(slash + 1)) : flags ? value : -1;
    return new Entry(word.substring(0, equals), value, mask);
  }

  /// {@return the name of a member, or null}
  public @Nullable String name(long value) {
    for (Entry each : entries) {
      if (each.value == value) {
        return each.name;
      }
    }
    return null;
  }

  /// Names the flags of a number.
  ///
  /// @param names takes the names, in the order of the entries; may be empty and stay so
  /// @return the bits that have no name
  public long flags(long value, List<String> names) {
    long rest = value;
    for (Entry each : entries) {
      if ((rest & each.mask) == each.value) {
        names.add(each.name);
        rest &= ~each.mask;
      }
    }
    return rest;
  }
}
