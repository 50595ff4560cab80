package dev.cairn.timing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cairn.event.FormatException;
import dev.cairn.program.NearMiss;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The reader of core files (YAML; `docs/core-file.md` has every field) and of the presets that
/// come with Cairn.
///
/// A file may begin with `base: PRESET`; then it need only say what differs. Anything the format
/// does not know is refused, with the file and line and, if something is spelt nearly so, the hint.
public final class CoreFile {
  private static final List<String> PRESETS = List.of("cortex-a55");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper BINDER =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private CoreFile() {}

  /// {@return the names of the presets}
  public static List<String> presets() {
    return PRESETS;
  }

  /// Reads a preset by its name, or else a file.
  ///
  /// @throws FormatException if the file is not a core file
  public static CoreConfiguration open(String nameOrFile) throws IOException {
    if (PRESETS.contains(nameOrFile)) {
      return bind(nameOrFile, preset(nameOrFile), Map.of());
    }
    Path file = Path.of(nameOrFile);
    if (!Files.exists(file) && !nameOrFile.contains("/") && !nameOrFile.contains(".")) {
      throw new FormatException(
          nameOrFile,
          "no such core; there are "
              + String.join(", ", PRESETS)
              + "; or name a file"
              + NearMiss.hint(nameOrFile, PRESETS));
    }
    return read(nameOrFile, Files.readString(file, StandardCharsets.UTF_8));
  }

  /// Reads the text of a core file.
  ///
  /// @param where what messages call it
  static CoreConfiguration read(String where, String text) throws IOException {
    JsonNode tree;
    Map<String, Integer> lines;
    try {
      tree = YAML.readTree(text);
      lines = YamlLines.of(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new FormatException(where + ":" + line, "not YAML: " + e.getOriginalMessage(), e);
    }
    if (!(tree instanceof ObjectNode file)) {
      throw new FormatException(where + ":1", "a core file must be a YAML mapping");
    }
    JsonNode base = file.remove("base");
    if (base == null) {
      return bind(where, file, lines);
    }
    if (!PRESETS.contains(base.asText())) {
      throw new FormatException(
          where + ":" + lines.getOrDefault("base", 1),
          "base must be one of "
              + String.join(", ", PRESETS)
              + ": "
              + base.asText()
              + NearMiss.hint(base.asText(), PRESETS));
    }
    ObjectNode merged = preset(base.asText());
    merge(merged, file);
    return bind(where, merged, lines);
  }

  private static ObjectNode preset(String name) throws IOException {
    String resource = name + ".yaml";
    try (InputStream in = CoreFile.class.getResourceAsStream(resource)) {
      if (in == null || !(YAML.readTree(in) instanceof ObjectNode tree)) {
        throw new FormatException(resource, "the preset is missing from this build");
      }
      return tree;
    }
  }

  /// Puts what `changes` says over `tree`: mappings are merged, all else is replaced.
  private static void merge(ObjectNode tree, ObjectNode changes) {
    for (Map.Entry<String, JsonNode> change : changes.properties()) {
      if (tree.get(change.getKey()) instanceof ObjectNode there
          && change.getValue() instanceof ObjectNode with) {
        merge(there, with);
      } else {
        tree.set(change.getKey(), change.getValue());
      }
    }
  }

  private static CoreConfiguration bind(String where, ObjectNode tree, Map<String, Integer> lines)
      throws FormatException {
    new CoreFileCheck(where, lines).record("", CoreConfiguration.class, tree);
    try {
      return BINDER.treeToValue(tree, CoreConfiguration.class);
    } catch (JsonMappingException e) {
      String path =
          e.getPath().stream()
              .map(step -> step.getFieldName() == null ? "" : step.getFieldName())
              .filter(name -> !name.isEmpty())
              .collect(Collectors.joining("."));
      String what =
          e.getCause() instanceof IllegalArgumentException rule
              ? String.valueOf(rule.getMessage())
              : e.getOriginalMessage();
      throw new FormatException(
          YamlLines.at(where, lines, path), path.isEmpty() ? what : path + ": " + what, e);
    } catch (JsonProcessingException e) {
      throw new FormatException(where, e.getOriginalMessage(), e);
    }
  }
}
