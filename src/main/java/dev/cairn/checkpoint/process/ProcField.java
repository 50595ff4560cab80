package dev.cairn.checkpoint.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A line `name: value` of what the host's kernel tells in `/proc`.
record ProcField(String name, String value) {
  /// Reads a file of such lines; one without a colon has an empty name.
  static List<ProcField> read(Path file) throws IOException {
    List<ProcField> fields = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(':');
      fields.add(
          new ProcField(line.substring(0, Math.max(colon, 0)), line.substring(colon + 1).strip()));
    }
    return fields;
  }
}
