package dev.cairn.memory.file;

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
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// The reader of one kind of YAML files, whose fields are a record's components, and of the presets
/// of that kind.
///
/// A file may begin with `base: PRESET`; then it need only say what differs. Anything the format
/// does not know is refused, with the file and line and, if something is spelt nearly so, the hint.
///
/// @param <C> the record
public final class ConfigurationFile<C extends Record> {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper BINDER =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private final String kind;
  private final Class<C> type;
  private final List<String> presets;
  private final Class<?> home;
  private final List<String> optional;

  /// @param kind what messages call what a file describes, as "core"
  /// @param presets their names; `NAME.yaml` is a resource of `home`
  /// @param home a class of the presets' package
  /// @param optional the fields that are mappings of which null takes a preset's entry away
  public ConfigurationFile(
      String kind, Class<C> type, List<String> presets, Class<?> home, List<String> optional) {
    this.kind = kind;
    this.type = type;
    this.presets = List.copyOf(presets);
    this.home = home;
    this.optional = List.copyOf(optional);
  }

  /// {@return the names of the presets}
  public List<String> presets() {
    return presets;
  }

  /// Reads a preset by its name, or else a file.
  ///
  /// @throws FormatException if the file is not of this kind
  public C open(String nameOrFile) throws IOException {
    if (presets.contains(nameOrFile)) {
      return bind(nameOrFile, preset(nameOrFile), Map.of());
    }
    Path file = Path.of(nameOrFile);
    if (!Files.exists(file) && !nameOrFile.contains("/") && !nameOrFile.contains(".")) {
      throw new FormatException(
          nameOrFile,
          "no such "
              + kind
              + "; there are "
              + String.join(", ", presets)
              + "; or name a file"
              + NearMiss.hint(nameOrFile, presets));
    }
    return read(nameOrFile, Files.readString(file, StandardCharsets.UTF_8));
  }

  /// Reads the text of a file.
  ///
  /// @param where what messages call it
  public C read(String where, String text) throws IOException {
    JsonNode tree;
    Map<String, Integer> lines;
    try {
      tree = YAML.readTree(text);
      lines = YamlLines.of(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new FormatException(where + ":" + line, "not YAML: " + problem(e), e);
    }
    if (!(tree instanceof ObjectNode file)) {
      throw new FormatException(where + ":1", "a " + kind + " file must be a YAML mapping");
    }
    JsonNode base = file.remove("base");
    if (base == null) {
      return bind(where, file, lines);
    }
    if (!presets.contains(base.asText())) {
      throw new FormatException(
          where + ":" + lines.getOrDefault("base", 1),
          "base must be one of "
              + String.join(", ", presets)
              + ": "
              + base.asText()
              + NearMiss.hint(base.asText(), presets));
    }
    ObjectNode merged = preset(base.asText());
    merge(merged, file);
    for (String list : optional) {
      if (merged.get(list) instanceof ObjectNode entries) {
        entries.properties().removeIf(entry -> entry.getValue().isNull());
      }
    }
    return bind(where, merged, lines);
  }

  private ObjectNode preset(String name) throws IOException {
    String resource = name + ".yaml";
    try (InputStream in = home.getResourceAsStream(resource)) {
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

  /// {@return what is wrong, in one line: the parser's own message quotes the text}
  private static String problem(JsonProcessingException e) {
    return e.getCause() instanceof MarkedYAMLException marked
        ? marked.getProblem()
        : e.getOriginalMessage();
  }

  private C bind(String where, ObjectNode tree, Map<String, Integer> lines) throws FormatException {
    new RecordCheck(where, lines).record("", type, tree);
    try {
      return BINDER.treeToValue(tree, type);
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
