package dev.cairn.report.flow;

import dev.cairn.program.CodeLocation;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How reports name code.
final class Place {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Place() {}

  static String hex(long address) {
    return "0x" + Long.toHexString(address);
  }

  /// {@return a name for a file that has a line a name: a symbol, or a path, may have line breaks}
  static String oneLine(String name) {
    return CONTROL.matcher(name).replaceAll(" ");
  }

  /// {@return "main+0x10", or the address in its file where no symbol tells; empty if there is no
  /// file}
  static String function(@Nullable CodeLocation location) {
    if (location == null) {
      return "";
    }
    String function = location.function();
    if (function == null) {
      return hex(location.address());
    }
    long offset = location.functionOffset();
    return offset == 0 ? function : function + "+" + hex(offset);
  }

  /// {@return the file without its folders; empty if there is none}
  static String file(@Nullable CodeLocation location) {
    return location == null ? "" : location.file().substring(location.file().lastIndexOf('/') + 1);
  }

  /// {@return "main.c:17", without folders; empty if no debug information tells}
  static String source(@Nullable CodeLocation location) {
    if (location == null || location.source() == null) {
      return "";
    }
    String file = location.source().file();
    return file.substring(file.lastIndexOf('/') + 1) + ":" + location.source().line();
  }
}
