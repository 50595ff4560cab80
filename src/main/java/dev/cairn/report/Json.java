package dev.cairn.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/// JSON as Cairn writes it: fields in the order they were put, two spaces, one newline at the end.
public final class Json {
  private Json() {}

  /// {@return an object without fields}
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /// {@return a record as an object, with its components in their order}
  public static ObjectNode of(Record value) {
    return Records.MAPPER.valueToTree(value);
  }

  /// What finds a record's components; made when there is one, as that takes a while.
  private static final class Records {
    static final ObjectMapper MAPPER = new ObjectMapper();
  }

  /// {@return the text of a value}
  public static String text(JsonNode value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append("\n").toString();
  }

  private static void write(JsonGenerator json, JsonNode value) throws IOException {
    switch (value.getNodeType()) {
      case OBJECT -> {
        json.writeStartObject();
        for (Map.Entry<String, JsonNode> member : value.properties()) {
          json.writeFieldName(member.getKey());
          write(json, member.getValue());
        }
        json.writeEndObject();
      }
      case ARRAY -> {
        json.writeStartArray();
        for (JsonNode element : value) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case STRING -> json.writeString(value.textValue());
      case BOOLEAN -> json.writeBoolean(value.booleanValue());
      case NULL -> json.writeNull();
      case NUMBER -> {
        if (value.isIntegralNumber()) {
          json.writeNumber(value.longValue());
        } else {
          json.writeNumber(value.doubleValue());
        }
      }
      case BINARY, MISSING, POJO ->
          throw new IllegalArgumentException("no value of Cairn's: " + value.getNodeType());
    }
  }
}
