package dev.cairn.memory.file;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// On which line of a YAML text each field stands.
final class YamlLines {
  private YamlLines() {}

  /// {@return the line, from 1, of each field by its path, as "memory.l1d.ways"}
  static Map<String, Integer> of(String text) throws IOException {
    Map<String, Integer> lines = new HashMap<>();
    Deque<String> path = new ArrayDeque<>();
    String field = "";
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case FIELD_NAME -> {
            field = join(path.isEmpty() ? "" : path.getLast(), parser.currentName());
            lines.put(field, parser.currentTokenLocation().getLineNr());
          }
          case START_OBJECT, START_ARRAY -> path.addLast(field);
          case END_OBJECT, END_ARRAY -> field = path.removeLast();
          default -> {}
        }
      }
    }
    return lines;
  }

  /// {@return `where` with the line of a field, or of what it would stand in, if that is known}
  static String at(String where, Map<String, Integer> lines, String path) {
    String known = path;
    while (!known.isEmpty() && !lines.containsKey(known)) {
      known = known.contains(".") ? known.substring(0, known.lastIndexOf('.')) : "";
    }
    Integer line = lines.get(known);
    return line == null ? where : where + ":" + line;
  }

  static String join(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
