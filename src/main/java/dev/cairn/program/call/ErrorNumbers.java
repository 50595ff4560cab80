package dev.cairn.program.call;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The errors of Linux by number, as most architectures and AArch64 number them.
public final class ErrorNumbers {
  private record Entry(String name, String text) {}

  private static final Map<Integer, Entry> ERRORS = new HashMap<>();

  static {
    for (String line : DataFile.entries(ErrorNumbers.class, "linux.errors")) {
      String[] words = line.split(" +", 3);
      ERRORS.put(Integer.valueOf(words[0]), new Entry(words[1], words[2]));
    }
  }

  private ErrorNumbers() {}

  /// {@return an error's name, as ENOENT, or null}
  public static @Nullable String name(int number) {
    Entry error = ERRORS.get(number);
    return error == null ? null : error.name;
  }

  /// {@return what the C library says of an error; "Unknown error 600" if it knows none}
  public static String text(int number) {
    Entry error = ERRORS.get(number);
    return error == null ? "Unknown error " + number : error.text;
  }
}
