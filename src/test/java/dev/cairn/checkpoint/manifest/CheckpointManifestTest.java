package dev.cairn.checkpoint.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.MappedFile;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.Uncarried;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jackson's databind, which finds the fields of records by itself, is the witness for what is read
/// and written by hand.
final class CheckpointManifestTest {
  private static final long START = 0x400000;
  private static final int PAGE = Mapping.PAGE_BYTES;

  @TempDir private Path folder;

  /// The file as databind sees it.
  private record Whole(String format, int version, int pages, ProcessState process) {}

  /// Says what is no hexadecimal number.
  interface Decimal {
    @JsonSerialize(using = ToStringSerializer.class)
    long instructions();
  }

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
      return number(json.getText());
    }

    static long number(String text) {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseLong(text);
    }
  }

  private static final class Number64Array extends StdDeserializer<long[]> {
    private static final long serialVersionUID = 1;

    Number64Array() {
      super(long[].class);
    }

    @Override
    public long[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
      String[] texts = context.readValue(json, String[].class);
      return Arrays.stream(texts).mapToLong(Number64::number).toArray();
    }
  }

  private static ObjectMapper databind() {
    SimpleModule numbers = new SimpleModule();
    numbers.addSerializer(Long.TYPE, new Hexadecimal());
    numbers.addSerializer(long[].class, new HexadecimalArray());
    numbers.addDeserializer(Long.TYPE, new Number64());
    numbers.addDeserializer(long[].class, new Number64Array());
    return new ObjectMapper().registerModule(numbers).addMixIn(ProcessState.class, Decimal.class);
  }

  private static ProcessState process(@Nullable String text, @Nullable Rseq rseq) {
    long[] x = new long[31];
    long[] v = new long[64];
    Arrays.setAll(x, i -> -1L - i);
    Arrays.setAll(v, i -> 1L << i);
    return new ProcessState(
        (1L << 60) + 7,
        "neoverse-n1",
        text,
        List.of("prog", "a \"b\"\n\u0001", ""),
        new A64Registers(x, 0x7fff0, START + 4, 0x60000000L, -1, 2, -8, v),
        List.of(
            new Mapping(START, START + 8 * PAGE, 5, Mapping.Kind.FILE, "/pr\\og", 0),
            new Mapping(
                START + 16 * PAGE, START + 64 * PAGE, 3, Mapping.Kind.ANONYMOUS, text, 1, true)),
        List.of(new MappedFile("/prog", 1L << 40, "cd")),
        START + 64 * PAGE,
        START + 65 * PAGE,
        List.of(
            new OpenFile(1, 1, OpenFile.Kind.STREAM, null, 1, 0, false, -1, null),
            new OpenFile(3, 3, OpenFile.Kind.FILE, "/in", 0, 9, true, 4, "ab"),
            new OpenFile(
                5, 5, OpenFile.Kind.FILE, "/k", 2, 9, true, 4, "ab", null, OpenFile.CONTENTS),
            new OpenFile(4, 4, OpenFile.Kind.PIPE, "a", 0, 0, false, -1, null)
                .holding(new byte[] {1, 2, 3})),
        text,
        022,
        text,
        new SignalState(List.of(new SignalState.Action(10, START, 4, 0, -1L)), 512, 0, 2, 0),
        START,
        0,
        24,
        rseq,
        List.of(new ResourceLimit(3, 1 << 23, ResourceLimit.INFINITE, true)),
        new ProcessStart(
            "/prog",
            text,
            List.of("/dev/null", "pipe:[1]", ""),
            List.of("A=1", "B=\u00e4\ud83d\ude00"),
            START + 64 * PAGE - 512,
            List.of(new ProcessStart.Auxiliary(33, -4096))),
        List.of(Uncarried.SOCKETS, Uncarried.PAC_KEYS));
  }

  private static final List<ProcessState> ALL =
      List.of(process(null, null), process("/a b", new Rseq(START + 32, 32, 0xd428bc00)));

  @Test
  void writesWhatDatabindWrites() throws Exception {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    for (ProcessState process : ALL) {
      byte[] expected =
          databind()
              .writer(new DefaultPrettyPrinter().withObjectIndenter(indenter))
              .writeValueAsBytes(new Whole("cairn checkpoint", 1, 77, process));
      byte[] written = new CheckpointManifest(77, process).bytes();
      assertThat(new String(written, StandardCharsets.UTF_8))
          .isEqualTo(new String(expected, StandardCharsets.UTF_8) + "\n");
    }
  }

  @Test
  void readsWhatDatabindReads() throws Exception {
    Path file = folder.resolve("manifest.json");
    for (ProcessState process : ALL) {
      Files.write(file, new CheckpointManifest(77, process).bytes());
      Whole seen = databind().readValue(file.toFile(), Whole.class);
      CheckpointManifest read = CheckpointManifest.read(file);
      assertThat(read.process()).isEqualTo(seen.process()).isEqualTo(process);
      assertThat(read.pages()).isEqualTo(seen.pages()).isEqualTo(77);
    }
  }

  private void complains(String text, int line, String what) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), text);
    assertThatThrownBy(() -> CheckpointManifest.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ", line " + line + ": " + what);
  }

  /// {@return the line on which a text stands}
  private static int line(String whole, String text) {
    return (int) whole.substring(0, whole.indexOf(text)).chars().filter(c -> c == '\n').count() + 1;
  }

  @Test
  void namesTheLineAndTheFieldOfWhatIsWrong() throws Exception {
    String good =
        new String(new CheckpointManifest(77, ALL.getLast()).bytes(), StandardCharsets.UTF_8);
    Map<String, String> wrong = new TreeMap<>();
    wrong.put("\"pages\" : 77|\"pages\" : \"77\"", "pages: is no number");
    wrong.put(
        "\"pages\" : 77|\"pages\" : 4294967297", "pages: 4294967297 does not fit into 32 bits");
    wrong.put(
        "\"end\" : \"0x440000\"|\"end\" : \"440x\"",
        "process.mappings[1].end: '440x' is no number");
    wrong.put("\"end\" : \"0x440000\"|\"end\" : null", "process.mappings[1].end: is no number");
    wrong.put(
        "\"kind\" : \"PIPE\"|\"kind\" : \"PIP\"", "process.files[3].kind: 'PIP' is not known");
    wrong.put("\"shared\" : true|\"shared\" : 1", "process.mappings[1].shared: is no truth value");
    wrong.put("\"cpu\" : \"neoverse-n1\"|\"cpu\" : [ ]", "process.cpu: is no text");
    wrong.put(
        "\"ignored\" : [ \"SOCKETS\"|\"ignored\" : [ \"SOCK\"",
        "process.ignored[0]: 'SOCK' is not known");
    wrong.put("\"umask\" : 18|\"umask\" : 18, \"unmask\" : 1", "process.unmask: is no known field");
    wrong.put("\"umask\" : 18|\"umask\" : 18, \"umask\" : 1", "process.umask: stands here twice");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      String[] change = each.getKey().split("\\|", 2);
      assertThat(good).contains(change[0]);
      complains(good.replace(change[0], change[1]), line(good, change[0]), each.getValue());
    }
  }

  @Test
  void namesWhatIsMissingAndWhatDoesNotFit() throws Exception {
    String good =
        new String(new CheckpointManifest(77, ALL.getLast()).bytes(), StandardCharsets.UTF_8);
    complains(
        good.replace("      \"pstate\" : \"0x60000000\",\n", ""),
        line(good, "\"registers\""),
        "process.registers.pstate: is missing");
    complains(
        good.replace("\"end\" : \"0x440000\"", "\"end\" : \"0x440001\""),
        line(good, "\"start\" : \"0x410000\"") - 1,
        "process.mappings[1]: not a range of pages: 0x410000 to 0x440001");
    complains("{\"format\": \"x\"}", 1, "format: is 'x', not 'cairn checkpoint'");
    assertThatThrownBy(() ->
            CheckpointManifest.read(
                Files.writeString(
                    folder.resolve("new"), good.replace("\"version\" : 1", "\"version\" : 2"))))
        .isInstanceOf(FormatException.class)
        .hasMessage(folder.resolve("new") + ": version 2, and 1 can be read");
  }

  /// Cut short anywhere, and with each byte changed, it is refused or says the same; nothing else
  /// is thrown.
  @Test
  void readsNoDamagedOneAsSomethingElseThanAFormatProblem() throws Exception {
    byte[] good = new CheckpointManifest(77, ALL.getLast()).bytes();
    Path file = folder.resolve("damaged.json");
    int refused = 0;
    for (int i = 0; i < good.length - 2; i++) {
      Files.write(file, Arrays.copyOf(good, i));
      assertThatThrownBy(() -> CheckpointManifest.read(file)).isInstanceOf(FormatException.class);
      byte[] flipped = good.clone();
      flipped[i] ^= 0x20;
      Files.write(file, flipped);
      refused += isRefused(file) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(good.length / 3);
  }

  private static boolean isRefused(Path file) throws IOException {
    try {
      JsonNode same = databind().readTree(file.toFile());
      return CheckpointManifest.read(file).pages() != same.path("pages").asInt();
    } catch (FormatException | com.fasterxml.jackson.core.JacksonException e) {
      return true;
    }
  }
}
