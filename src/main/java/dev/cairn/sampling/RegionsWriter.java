package dev.cairn.sampling;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.cairn.profile.AtomicFile;
import dev.cairn.profile.CodePosition;
import dev.cairn.sampling.cluster.BicScore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes `regions.json`; the format is described in `docs/formats/regions.md`.
///
/// The same regions give the same bytes: members have a fixed order, numbers their shortest exact
/// form, lines end with \n.
public final class RegionsWriter {
  static final String FORMAT = "cairn-regions";
  static final int VERSION = 1;

  /// What stands before the checksum's eight hexadecimal digits and after all that it covers.
  static final String CHECKSUM_MEMBER = ",\n  \"crc32c\": \"";

  private final JsonGenerator json;

  private RegionsWriter(JsonGenerator json) {
    this.json = json;
  }

  /// Writes a whole file, which appears under its name when it is complete.
  public static void write(Path path, Regions regions) throws IOException {
    try (AtomicFile file = AtomicFile.create(path)) {
      file.stream().write(bytes(regions));
      file.commit();
    }
  }

  static byte[] bytes(Regions regions) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
      generator.setPrettyPrinter(printer());
      new RegionsWriter(generator).document(regions);
    }
    // The document ends with "\n}": the checksum becomes its last member.
    byte[] document = out.toByteArray();
    int covered = document.length - 2;
    out.reset();
    out.write(document, 0, covered);
    String member = CHECKSUM_MEMBER + checksum(document, covered) + "\"\n}\n";
    out.writeBytes(member.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  /// {@return the CRC-32C of the first bytes, in hexadecimal}
  static String checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  private static DefaultPrettyPrinter printer() {
    Separators separators =
        Separators.createDefaultInstance()
            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
            .withArrayValueSpacing(Separators.Spacing.NONE)
            .withArrayEmptySeparator("");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    return printer;
  }

  private void document(Regions regions) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", FORMAT);
    json.writeNumberField("version", VERSION);
    json.writeNumberField("intervalInstructions", regions.intervalInstructions());
    json.writeNumberField("totalInstructions", regions.totalInstructions());
    Regions.Extent scope = regions.scope();
    if (scope != null) {
      json.writeObjectFieldStart("scope");
      json.writeNumberField("startInstruction", scope.startInstruction());
      json.writeNumberField("endInstruction", scope.endInstruction());
      json.writeEndObject();
    }
    json.writeNumberField("seed", regions.seed());
    scores(regions.scores());
    json.writeArrayFieldStart("simulationPoints");
    for (Region region : regions.simulationPoints()) {
      region(region, null);
    }
    json.writeEndArray();
    strata(regions.sample().strata());
    json.writeArrayFieldStart("measured");
    for (int i = 0; i < regions.measured().size(); i++) {
      region(regions.measured().get(i), regions.sample().draws().get(i).stratum());
    }
    json.writeEndArray();
    json.writeFieldName("labels");
    json.writeArray(regions.labels(), 0, regions.labels().length);
    json.writeEndObject();
  }

  private void scores(List<BicScore> scores) throws IOException {
    json.writeArrayFieldStart("scores");
    for (BicScore score : scores) {
      json.writeStartObject();
      json.writeNumberField("clusters", score.clusters());
      json.writeNumberField("bic", score.bic());
      json.writeNumberField("distortion", score.distortion());
      json.writeNumberField("trial", score.trial());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void strata(List<Stratum> strata) throws IOException {
    json.writeArrayFieldStart("strata");
    for (Stratum stratum : strata) {
      json.writeStartObject();
      json.writeNumberField("label", stratum.label());
      json.writeNumberField("intervals", stratum.intervals());
      json.writeNumberField("draws", stratum.draws());
      json.writeNumberField("weight", stratum.weight());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void region(Region region, @Nullable Integer stratum) throws IOException {
    json.writeStartObject();
    json.writeNumberField("label", region.label());
    if (stratum != null) {
      json.writeNumberField("stratum", stratum);
    }
    json.writeNumberField("interval", region.interval());
    json.writeNumberField("startInstruction", region.startInstruction());
    json.writeNumberField("instructions", region.instructions());
    json.writeNumberField("warmupInstructions", region.warmupInstructions());
    json.writeNumberField("weight", region.weight());
    position("start", region.start());
    position("end", region.end());
    json.writeEndObject();
  }

  private void position(String name, @Nullable CodePosition position) throws IOException {
    if (position == null) {
      json.writeNullField(name);
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeStringField("pc", "0x" + Long.toHexString(position.pc()));
    json.writeNumberField("timesReached", position.timesReached());
    json.writeEndObject();
  }
}
