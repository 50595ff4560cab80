package dev.cairn.checkpoint.manifest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object of a JSON file, of which each field is asked for by its name and its kind. What is
/// wrong is told with the file, the line and the field, as `process.mappings[3].start`.
final class JsonFields {
  /// What makes something of an object.
  interface Maker<T> {
    /// {@return what the fields say}
    ///
    /// @throws IllegalArgumentException if they do not fit together
    T make(JsonFields fields) throws FormatException;
  }

  private static final JsonFactory FACTORY = new JsonFactory();

  /// Something in the file.
  ///
  /// @param what a text, a number as [Long], a truth value, a list of [Value], or [JsonFields];
  ///   null for JSON's null
  private record Value(@Nullable Object what, int line) {}

  private final Path file;

  /// How the object is called; empty for the whole file.
  private final String name;

  private final int line;
  private final Map<String, Value> values = new LinkedHashMap<>();

  private JsonFields(Path file, String name, int line) {
    this.file = file;
    this.name = name;
    this.line = line;
  }

  /// Reads a file that is one object.
  ///
  /// @param file to be named
  /// @throws FormatException if it is no JSON, or something else
  static JsonFields read(Path file, byte[] bytes) throws IOException {
    try (JsonParser json = FACTORY.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException(file.toString(), "no JSON object");
      }
      JsonFields root = object(json, file, "");
      if (json.nextToken() != null) {
        throw new FormatException(
            file + ", line " + json.currentTokenLocation().getLineNr(), "something stands behind");
      }
      return root;
    } catch (JacksonException e) {
      String place = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new FormatException(file + place, e.getOriginalMessage(), e);
    }
  }

  /// Reads the rest of an object that has begun.
  private static JsonFields object(JsonParser json, Path file, String name) throws IOException {
    JsonFields read = new JsonFields(file, name, json.currentTokenLocation().getLineNr());
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      Value value = value(json, file, read.place(field));
      if (read.values.put(field, value) != null) {
        throw read.wrong(field, "stands here twice");
      }
    }
    return read;
  }

  private static Value value(JsonParser json, Path file, String name) throws IOException {
    int line = json.currentTokenLocation().getLineNr();
    return switch (json.currentToken()) {
      case VALUE_STRING -> new Value(json.getText(), line);
      case VALUE_NUMBER_INT -> new Value(json.getLongValue(), line);
      case VALUE_TRUE -> new Value(true, line);
      case VALUE_FALSE -> new Value(false, line);
      case VALUE_NULL -> new Value(null, line);
      case START_OBJECT -> new Value(object(json, file, name), line);
      case START_ARRAY -> {
        List<Value> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          all.add(value(json, file, name + "[" + all.size() + "]"));
        }
        yield new Value(all, line);
      }
      default -> throw new FormatException(file + ", line " + line, name + ": " + json.getText());
    };
  }

  private String place(String field) {
    return name.isEmpty() ? field : name + "." + field;
  }

  /// {@return the complaint about a field}
  FormatException wrong(String field, String what) {
    Value value = values.get(field);
    return wrong(place(field), value == null ? line : value.line(), what);
  }

  private FormatException wrong(String place, int where, String what) {
    return new FormatException(file + ", line " + where, place + ": " + what);
  }

  /// Takes a field out.
  private Value take(String field) throws FormatException {
    Value value = values.remove(field);
    if (value == null) {
      throw wrong(place(field), line, "is missing");
    }
    return value;
  }

  /// {@return a value if it is of a kind}
  private <T> T as(Class<T> kind, String what, Value value, String place) throws FormatException {
    if (!kind.isInstance(value.what())) {
      throw wrong(place, value.line(), "is no " + what);
    }
    return kind.cast(value.what());
  }

  /// {@return a text}
  String text(String field) throws FormatException {
    return as(String.class, "text", take(field), place(field));
  }

  /// {@return a text; null for JSON's null}
  @Nullable String textOrNull(String field) throws FormatException {
    Value value = take(field);
    return value.what() == null ? null : as(String.class, "text", value, place(field));
  }

  /// {@return whether something is so}
  boolean truth(String field) throws FormatException {
    return as(Boolean.class, "truth value", take(field), place(field));
  }

  /// {@return a number of 32 bits with its sign}
  int integer(String field) throws FormatException {
    Value value = take(field);
    long number = as(Long.class, "number", value, place(field));
    if (number != (int) number) {
      throw wrong(place(field), value.line(), number + " does not fit into 32 bits");
    }
    return (int) number;
  }

  /// {@return a number of 64 bits, which a text may be too: decimal, or hexadecimal behind `0x`}
  long number(String field) throws FormatException {
    return number(take(field), place(field));
  }

  private long number(Value value, String place) throws FormatException {
    if (value.what() instanceof Long number) {
      return number;
    }
    String text = as(String.class, "number", value, place);
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text, 2, text.length(), 16)
          : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(place, value.line(), "'" + text + "' is no number");
    }
  }

  private List<?> list(String field) throws FormatException {
    return as(List.class, "list", take(field), place(field));
  }

  /// {@return all numbers of a list}
  long[] numbers(String field) throws FormatException {
    List<?> all = list(field);
    long[] numbers = new long[all.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number((Value) all.get(i), place(field) + "[" + i + "]");
    }
    return numbers;
  }

  /// {@return all texts of a list}
  List<String> texts(String field) throws FormatException {
    List<String> texts = new ArrayList<>();
    for (Object each : list(field)) {
      texts.add(as(String.class, "text", (Value) each, place(field) + "[" + texts.size() + "]"));
    }
    return texts;
  }

  /// {@return something of an enum, by its name there}
  <T extends Enum<T>> T constant(String field, Class<T> kind) throws FormatException {
    Value value = take(field);
    return constant(kind, value, place(field));
  }

  /// {@return all of a list}
  <T extends Enum<T>> List<T> constants(String field, Class<T> kind) throws FormatException {
    List<T> constants = new ArrayList<>();
    for (Object each : list(field)) {
      constants.add(constant(kind, (Value) each, place(field) + "[" + constants.size() + "]"));
    }
    return constants;
  }

  private <T extends Enum<T>> T constant(Class<T> kind, Value value, String place)
      throws FormatException {
    String text = as(String.class, "text", value, place);
    for (T each : kind.getEnumConstants()) {
      if (each.name().equals(text)) {
        return each;
      }
    }
    throw wrong(place, value.line(), "'" + text + "' is not known");
  }

  /// {@return what is made of an object}
  <T> T object(String field, Maker<T> maker) throws FormatException {
    return as(JsonFields.class, "object", take(field), place(field)).make(maker);
  }

  /// {@return what is made of an object; null for JSON's null}
  <T> @Nullable T objectOrNull(String field, Maker<T> maker) throws FormatException {
    Value value = take(field);
    return value.what() == null
        ? null
        : as(JsonFields.class, "object", value, place(field)).make(maker);
  }

  /// {@return what is made of each object of a list}
  <T> List<T> objects(String field, Maker<T> maker) throws FormatException {
    List<T> made = new ArrayList<>();
    for (Object each : list(field)) {
      String place = place(field) + "[" + made.size() + "]";
      made.add(as(JsonFields.class, "object", (Value) each, place).make(maker));
    }
    return made;
  }

  private <T> T make(Maker<T> maker) throws FormatException {
    T made;
    try {
      made = maker.make(this);
    } catch (IllegalArgumentException e) {
      throw new FormatException(file + ", line " + line, name + ": " + e.getMessage(), e);
    }
    requireNoOthers();
    return made;
  }

  /// Refuses fields that nobody has asked for.
  void requireNoOthers() throws FormatException {
    if (!values.isEmpty()) {
      throw wrong(values.keySet().iterator().next(), "is no known field");
    }
  }
}
