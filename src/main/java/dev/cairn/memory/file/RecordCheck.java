package dev.cairn.memory.file;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.event.FormatException;
import dev.cairn.program.NearMiss;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds the fields of a file against the records they become: none unknown, none missing, words
/// among those allowed.
final class RecordCheck {
  private final String where;
  private final Map<String, Integer> lines;

  /// @param lines where each field stands, by path
  RecordCheck(String where, Map<String, Integer> lines) {
    this.where = where;
    this.lines = lines;
  }

  /// Checks that a node has the fields of a record, and those theirs.
  void record(String path, Class<?> type, JsonNode node) throws FormatException {
    if (!node.isObject()) {
      throw wrong(path, path + " must be a mapping: " + node);
    }
    RecordComponent[] components = type.getRecordComponents();
    List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!names.contains(field.getKey())) {
        throw unknown("field", path, field.getKey(), names);
      }
    }
    for (RecordComponent component : components) {
      String field = YamlLines.join(path, component.getName());
      JsonNode value = node.get(component.getName());
      if (value != null && !value.isNull()) {
        value(field, component.getGenericType(), value);
      } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        throw wrong(field, "missing field '" + component.getName() + "'" + in(path));
      }
    }
  }

  private void value(String path, Type type, JsonNode node) throws FormatException {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        list(path, arguments[0], node);
      } else {
        map(path, arguments[0], arguments[1], node);
      }
    } else if (type instanceof Class<?> plain && plain.isRecord()) {
      record(path, plain, node);
    } else if (type instanceof Class<?> plain && plain.isEnum()) {
      word(path, plain, node.asText());
    } else if (type == String.class) {
      holds(node.isTextual(), path, "text", node);
    } else if (type == boolean.class || type == Boolean.class) {
      holds(node.isBoolean(), path, "true or false", node);
    } else {
      boolean wide = type == long.class || type == Long.class;
      holds(node.isIntegralNumber(), path, "an integer", node);
      holds(wide || node.canConvertToInt(), path, "an integer of 32 bits", node);
    }
  }

  private void holds(boolean right, String path, String rule, JsonNode node)
      throws FormatException {
    if (!right) {
      throw wrong(path, path + " must be " + rule + ": " + node.asText());
    }
  }

  private void list(String path, Type element, JsonNode node) throws FormatException {
    if (!node.isArray()) {
      throw wrong(path, path + " must be a list: " + node);
    }
    for (JsonNode item : node) {
      value(path, element, item);
    }
  }

  private void map(String path, Type key, Type element, JsonNode node) throws FormatException {
    if (!node.isObject()) {
      throw wrong(path, path + " must be a mapping: " + node);
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String field = YamlLines.join(path, entry.getKey());
      if (key instanceof Class<?> plain && plain.isEnum()) {
        List<String> words = words(plain);
        if (!words.contains(entry.getKey().toLowerCase(Locale.ROOT))) {
          throw unknown("field", path, entry.getKey(), words);
        }
      }
      value(field, element, entry.getValue());
    }
  }

  private void word(String path, Class<?> type, String word) throws FormatException {
    List<String> words = words(type);
    if (!words.contains(word.toLowerCase(Locale.ROOT))) {
      throw wrong(
          path,
          path
              + " must be one of "
              + String.join(", ", words)
              + ": "
              + word
              + NearMiss.hint(word, words));
    }
  }

  private static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private FormatException unknown(String what, String path, String name, List<String> known) {
    return wrong(
        YamlLines.join(path, name),
        "unknown " + what + " '" + name + "'" + in(path) + NearMiss.hint(name, known));
  }

  private static String in(String path) {
    return path.isEmpty() ? "" : " in " + path;
  }

  private FormatException wrong(String path, String what) {
    return new FormatException(YamlLines.at(where, lines, path), what);
  }
}
