package dev.cairn.study.directory;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.cairn.event.FormatException;
import dev.cairn.profile.AtomicFile;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A stage's result as JSON: the record's components in their order, two spaces deep.
public final class StageFile {
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectMapper WITH_NULLS =
      MAPPER.copy().disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  private StageFile() {}

  /// {@return the text of a record}
  public static byte[] bytes(Object value) throws IOException {
    return (WRITER.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// Writes a record, whole or not at all.
  public static void write(Path path, Object value) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      file.stream().write(bytes(value));
      file.commit();
    }
  }

  /// Reads a record whose components are all there.
  ///
  /// @throws FormatException if the file does not hold such a record
  public static <T> T read(Path path, Class<T> type) throws IOException {
    return read(path, type, MAPPER);
  }

  /// Reads a record of which components may be null.
  ///
  /// @throws FormatException if the file does not hold such a record
  public static <T> T readWithNulls(Path path, Class<T> type) throws IOException {
    return read(path, type, WITH_NULLS);
  }

  /// {@return the members of an object as the file has them}
  public static JsonNode members(Object value) {
    return MAPPER.valueToTree(value);
  }

  private static <T> T read(Path path, Class<T> type, ObjectMapper mapper) throws IOException {
    try {
      T value = mapper.readValue(Files.readAllBytes(path), type);
      if (value == null) {
        throw new FormatException(path.toString(), "is empty");
      }
      return value;
    } catch (CharConversionException e) {
      throw new FormatException(path.toString(), "is not UTF-8", e);
    } catch (JacksonException e) {
      String line = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
      throw new FormatException(path + line, e.getOriginalMessage(), e);
    }
  }
}
