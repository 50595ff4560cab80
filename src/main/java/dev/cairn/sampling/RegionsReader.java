package dev.cairn.sampling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.cairn.event.FormatException;
import dev.cairn.profile.CodePosition;
import dev.cairn.sampling.cluster.BicScore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `regions.json`; the format is described in `docs/formats/regions.md`.
///
/// Every member is required and no other is allowed, but for the scope, which the regions of a
/// whole run do not have, and the checksum, which is checked if it is there: somebody who edits a
/// file takes its line out. All that the file repeats must agree.
public final class RegionsReader {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Pattern PC = Pattern.compile("0x[0-9a-f]{1,16}");
  private static final Set<String> MEMBERS =
      Set.of(
          "format",
          "version",
          "intervalInstructions",
          "totalInstructions",
          "seed",
          "scores",
          "simulationPoints",
          "strata",
          "measured",
          "labels");
  private static final Set<String> REGION_MEMBERS =
      Set.of(
          "label",
          "interval",
          "startInstruction",
          "instructions",
          "warmupInstructions",
          "weight",
          "start",
          "end");

  private final Path path;

  private RegionsReader(Path path) {
    this.path = path;
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException with the file, the place in it and what is wrong
  public static Regions read(Path path) throws IOException {
    return read(path, Files.readAllBytes(path));
  }

  /// Reads the content of a file; the path is for messages.
  static Regions read(Path path, byte[] bytes) throws IOException {
    JsonNode document;
    try {
      document = MAPPER.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new FormatException(path.toString(), e.getOriginalMessage() + at(e), e);
    } catch (IOException e) {
      // From memory, this can only be bytes that are no UTF-8.
      throw new FormatException(path.toString(), "not a text in UTF-8", e);
    }
    return new RegionsReader(path).regions(document, bytes);
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private Regions regions(JsonNode document, byte[] bytes) throws FormatException {
    if (!document.isObject() || !RegionsWriter.FORMAT.equals(document.path("format").asText())) {
      throw wrong("", "not a regions file: \"format\" must be \"" + RegionsWriter.FORMAT + "\"");
    }
    int version = integer(document, "", "version");
    if (version != RegionsWriter.VERSION) {
      throw wrong(
          "version", "found " + version + ", supported is " + RegionsWriter.VERSION + " only");
    }
    Set<String> members = document.has("scope") ? with(MEMBERS, "scope") : MEMBERS;
    if (document.has("crc32c")) {
      verify(document, bytes);
      members = with(members, "crc32c");
    }
    members(document, "", members);
    JsonNode measured = array(document, "measured");
    try {
      Set<String> measuredMembers = with(REGION_MEMBERS, "stratum");
      List<StratifiedSample.Draw> draws =
          objects(
              measured,
              "measured",
              measuredMembers,
              (node, where) ->
                  new StratifiedSample.Draw(
                      integer(node, where, "interval"), integer(node, where, "stratum")));
      return new Regions(
          number(document, "", "intervalInstructions"),
          number(document, "", "totalInstructions"),
          extent(document.path("scope")),
          number(document, "", "seed"),
          scores(array(document, "scores")),
          labels(array(document, "labels")),
          regionList(array(document, "simulationPoints"), "simulationPoints", REGION_MEMBERS),
          new StratifiedSample(strata(array(document, "strata")), draws),
          regionList(measured, "measured", measuredMembers));
    } catch (IllegalArgumentException e) {
      throw new FormatException(path.toString(), String.valueOf(e.getMessage()), e);
    }
  }

  private void verify(JsonNode document, byte[] bytes) throws FormatException {
    // The writer's text before the digits, then eight of them, a quote, and the object's end.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int covered = text.lastIndexOf(RegionsWriter.CHECKSUM_MEMBER);
    String found = covered < 0 ? "" : RegionsWriter.checksum(bytes, covered);
    if (!found.equals(document.path("crc32c").asText())) {
      throw wrong(
          "crc32c",
          "the checksum does not fit: the file is damaged, or was edited and must lose this line");
    }
  }

  private List<BicScore> scores(JsonNode array) throws FormatException {
    return objects(
        array,
        "scores",
        Set.of("clusters", "bic", "distortion", "trial"),
        (node, where) ->
            new BicScore(
                integer(node, where, "clusters"),
                real(node, where, "bic"),
                real(node, where, "distortion"),
                integer(node, where, "trial")));
  }

  private List<Stratum> strata(JsonNode array) throws FormatException {
    return objects(
        array,
        "strata",
        Set.of("label", "intervals", "draws", "weight"),
        (node, where) ->
            new Stratum(
                integer(node, where, "label"),
                integer(node, where, "intervals"),
                integer(node, where, "draws"),
                real(node, where, "weight")));
  }

  private int[] labels(JsonNode array) throws FormatException {
    int[] labels = new int[array.size()];
    for (int i = 0; i < labels.length; i++) {
      JsonNode node = array.get(i);
      if (!node.isInt()) {
        throw wrong("labels[" + i + "]", "must be a whole number: " + node);
      }
      labels[i] = node.intValue();
    }
    return labels;
  }

  private List<Region> regionList(JsonNode array, String name, Set<String> members)
      throws FormatException {
    return objects(
        array,
        name,
        members,
        (node, where) ->
            new Region(
                integer(node, where, "label"),
                integer(node, where, "interval"),
                number(node, where, "startInstruction"),
                number(node, where, "instructions"),
                number(node, where, "warmupInstructions"),
                real(node, where, "weight"),
                position(node, where, "start"),
                position(node, where, "end")));
  }

  /// What one object of an array becomes.
  private interface ObjectReader<T> {
    /// @param where the object's place, for messages
    T read(JsonNode node, String where) throws FormatException;
  }

  /// Reads an array whose elements are objects with exactly these members.
  private <T> List<T> objects(
      JsonNode array, String name, Set<String> members, ObjectReader<T> reader)
      throws FormatException {
    List<T> read = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode node = array.get(i);
      String where = name + "[" + i + "]";
      members(node, where, members);
      try {
        read.add(reader.read(node, where));
      } catch (IllegalArgumentException e) {
        throw new FormatException(path.toString(), where + ": " + e.getMessage(), e);
      }
    }
    return read;
  }

  private @Nullable CodePosition position(JsonNode parent, String place, String name)
      throws FormatException {
    JsonNode node = parent.path(name);
    String where = place + "." + name;
    if (node.isNull()) {
      return null;
    }
    members(node, where, Set.of("pc", "timesReached"));
    String pc = node.path("pc").asText();
    if (!node.path("pc").isTextual() || !PC.matcher(pc).matches()) {
      throw wrong(
          where + ".pc", "must be \"0x\" and up to 16 digits of 0-9a-f: " + node.path("pc"));
    }
    return new CodePosition(
        Long.parseUnsignedLong(pc.substring(2), 16), number(node, where, "timesReached"));
  }

  /// {@return where the scope lies; null if there is none}
  private Regions.@Nullable Extent extent(JsonNode node) throws FormatException {
    if (node.isMissingNode()) {
      return null;
    }
    members(node, "scope", Set.of("startInstruction", "endInstruction"));
    return new Regions.Extent(
        number(node, "scope", "startInstruction"), number(node, "scope", "endInstruction"));
  }

  private JsonNode array(JsonNode parent, String name) throws FormatException {
    JsonNode node = parent.path(name);
    if (!node.isArray()) {
      throw wrong(name, "must be an array");
    }
    return node;
  }

  private int integer(JsonNode parent, String place, String name) throws FormatException {
    JsonNode node = parent.path(name);
    if (!node.isInt()) {
      throw wrong(member(place, name), "must be a whole number below 2^31: " + node);
    }
    return node.intValue();
  }

  private long number(JsonNode parent, String place, String name) throws FormatException {
    JsonNode node = parent.path(name);
    if (!node.isInt() && !node.isLong()) {
      throw wrong(member(place, name), "must be a whole number below 2^63: " + node);
    }
    return node.longValue();
  }

  private double real(JsonNode parent, String place, String name) throws FormatException {
    JsonNode node = parent.path(name);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong(member(place, name), "must be a number: " + node);
    }
    return node.doubleValue();
  }

  /// Checks that an object has these members and no others.
  private void members(JsonNode node, String place, Set<String> names) throws FormatException {
    if (!node.isObject()) {
      throw wrong(place, "must be an object: " + node.getNodeType());
    }
    for (Iterator<String> found = node.fieldNames(); found.hasNext(); ) {
      String name = found.next();
      if (!names.contains(name)) {
        throw wrong(member(place, name), "unknown member");
      }
    }
    if (node.size() != names.size()) {
      List<String> missing = new ArrayList<>();
      for (String name : names) {
        if (!node.has(name)) {
          missing.add(name);
        }
      }
      missing.sort(null);
      throw wrong(place, "members are missing: " + String.join(", ", missing));
    }
  }

  private static Set<String> with(Set<String> names, String another) {
    Set<String> all = new HashSet<>(names);
    all.add(another);
    return all;
  }

  private static String member(String place, String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  private FormatException wrong(String place, String what) {
    return new FormatException(path.toString(), place.isEmpty() ? what : place + ": " + what);
  }
}
