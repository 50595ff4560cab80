package dev.cairn.checkpoint.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The file that says what a checkpoint is, in JSON.
///
/// @param format [#FORMAT]
/// @param version [#VERSION]
/// @param pages that are not all zeros
/// @param process all but its memory
record CheckpointManifest(String format, int version, int pages, ProcessState process) {
  static final String FORMAT = "cairn checkpoint";
  static final int VERSION = 1;

  CheckpointManifest {
    if (!format.equals(FORMAT)) {
      throw new IllegalArgumentException("format is '" + format + "', not '" + FORMAT + "'");
    }
  }

  /// Numbers of 64 bits are hexadecimal texts: JSON's own numbers are exact to 53 bits in most
  /// readers.
  private static final class Hexadecimal extends StdSerializer<Long> {
    private static final long serialVersionUID = 1;

    Hexadecimal() {
      super(Long.TYPE, false);
    }

    @Override
    public void serialize(Long value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString("0x" + Long.toHexString(value));
    }
  }

  private static final class HexadecimalArray extends StdSerializer<long[]> {
    private static final long serialVersionUID = 1;

    HexadecimalArray() {
      super(long[].class);
    }

    @Override
    public void serialize(long[] values, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartArray();
      for (long value : values) {
        json.writeString("0x" + Long.toHexString(value));
      }
      json.writeEndArray();
    }
  }

  private static final class Number64 extends StdDeserializer<Long> {
    private static final long serialVersionUID = 1;

    Number64() {
      super(Long.TYPE);
    }

    @Override
    public Long deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return number(json, context);
    }

    static long number(JsonParser json, DeserializationContext context) throws IOException {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        return json.getLongValue();
      }
      String text = json.getText();
      try {
        return text.startsWith("0x")
            ? Long.parseUnsignedLong(text.substring(2), 16)
            : Long.parseLong(text);
      } catch (NumberFormatException e) {
        return (long) context.handleWeirdStringValue(Long.TYPE, text, "not a number");
      }
    }
  }

  private static final class Number64Array extends StdDeserializer<long[]> {
    private static final long serialVersionUID = 1;

    Number64Array() {
      super(long[].class);
    }

    @Override
    public long[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
      List<Long> values = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        values.add(Number64.number(json, context));
      }
      return values.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /// What it has found out of the records stays for the next checkpoint.
  private static final ObjectMapper MAPPER = mapper();

  private static ObjectMapper mapper() {
    SimpleModule numbers = new SimpleModule();
    numbers.addSerializer(Long.TYPE, new Hexadecimal());
    numbers.addSerializer(long[].class, new HexadecimalArray());
    numbers.addDeserializer(Long.TYPE, new Number64());
    numbers.addDeserializer(long[].class, new Number64Array());
    return new ObjectMapper()
        .registerModule(numbers)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
  }

  byte[] bytes() throws IOException {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    byte[] text =
        MAPPER
            .writer(new DefaultPrettyPrinter().withObjectIndenter(indenter))
            .writeValueAsBytes(this);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    return line;
  }

  /// Reads a manifest.
  ///
  /// @throws FormatException if it is none, or of another version
  static CheckpointManifest read(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    try {
      JsonNode root = MAPPER.readTree(bytes);
      int version = root.path("version").asInt(-1);
      if (root.path("format").asText("").equals(FORMAT) && version != VERSION) {
        throw new FormatException(
            path.toString(), "version " + version + ", and " + VERSION + " can be read");
      }
      return MAPPER.readValue(bytes, CheckpointManifest.class);
    } catch (JacksonException e) {
      String place = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new FormatException(path + place, e.getOriginalMessage());
    }
  }
}
