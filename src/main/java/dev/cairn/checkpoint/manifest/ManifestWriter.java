package dev.cairn.checkpoint.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a manifest. Numbers of 64 bits are hexadecimal texts: JSON's own numbers are exact to 53
/// bits in most readers.
final class ManifestWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator json;

  private ManifestWriter(JsonGenerator json) {
    this.json = json;
  }

  /// What writes the fields of something.
  private interface Fields<T> {
    void write(T value) throws IOException;
  }

  static byte[] bytes(CheckpointManifest manifest) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
      json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(indenter));
      json.writeStartObject();
      json.writeStringField("format", CheckpointManifest.FORMAT);
      json.writeNumberField("version", CheckpointManifest.VERSION);
      json.writeNumberField("pages", manifest.pages());
      ManifestWriter writer = new ManifestWriter(json);
      writer.object("process", manifest.process(), writer::process);
      json.writeEndObject();
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private void process(ProcessState process) throws IOException {
    text("instructions", Long.toString(process.instructions()));
    text("cpu", process.cpu());
    text("sysroot", process.sysroot());
    texts("program", process.program());
    object("registers", process.registers(), this::registers);
    objects("mappings", process.mappings(), this::mapping);
    objects("mappedFiles", process.mappedFiles(), this::mappedFile);
    number("heapStart", process.heapStart());
    number("heapEnd", process.heapEnd());
    objects("files", process.files(), this::file);
    text("workingDirectory", process.workingDirectory());
    json.writeNumberField("umask", process.umask());
    text("name", process.name());
    object("signals", process.signals(), this::signals);
    number("clearChildTid", process.clearChildTid());
    number("robustList", process.robustList());
    number("robustListBytes", process.robustListBytes());
    object("rseq", process.rseq(), this::rseq);
    objects("limits", process.limits(), this::limit);
    object("start", process.start(), this::start);
    texts("ignored", process.ignored().stream().map(Uncarried::name).toList());
  }

  private void registers(A64Registers registers) throws IOException {
    numbers("x", registers.x());
    number("sp", registers.sp());
    number("pc", registers.pc());
    number("pstate", registers.pstate());
    json.writeNumberField("fpsr", registers.fpsr());
    json.writeNumberField("fpcr", registers.fpcr());
    number("tpidr", registers.tpidr());
    numbers("v", registers.v());
  }

  private void mapping(Mapping mapping) throws IOException {
    number("start", mapping.start());
    number("end", mapping.end());
    json.writeNumberField("protection", mapping.protection());
    text("kind", mapping.kind().name());
    text("file", mapping.file());
    number("fileOffset", mapping.fileOffset());
    json.writeBooleanField("shared", mapping.shared());
  }

  private void mappedFile(MappedFile file) throws IOException {
    text("path", file.path());
    number("bytes", file.bytes());
    text("sha256", file.sha256());
  }

  private void file(OpenFile file) throws IOException {
    json.writeNumberField("descriptor", file.descriptor());
    json.writeNumberField("description", file.description());
    text("kind", file.kind().name());
    text("path", file.path());
    json.writeNumberField("flags", file.flags());
    number("offset", file.offset());
    json.writeBooleanField("closesOnExec", file.closesOnExec());
    number("bytes", file.bytes());
    text("sha256", file.sha256());
    text("held", file.held());
    number("contents", file.contents());
  }

  private void signals(SignalState signals) throws IOException {
    objects("actions", signals.actions(), this::action);
    number("mask", signals.mask());
    number("stackAddress", signals.stackAddress());
    json.writeNumberField("stackFlags", signals.stackFlags());
    number("stackBytes", signals.stackBytes());
  }

  private void action(SignalState.Action action) throws IOException {
    json.writeNumberField("signal", action.signal());
    number("handler", action.handler());
    number("flags", action.flags());
    number("restorer", action.restorer());
    number("mask", action.mask());
  }

  private void rseq(Rseq rseq) throws IOException {
    number("address", rseq.address());
    json.writeNumberField("bytes", rseq.bytes());
    json.writeNumberField("signature", rseq.signature());
  }

  private void limit(ResourceLimit limit) throws IOException {
    json.writeNumberField("resource", limit.resource());
    number("soft", limit.soft());
    number("hard", limit.hard());
    json.writeBooleanField("set", limit.set());
  }

  private void start(ProcessStart start) throws IOException {
    text("executable", start.executable());
    text("workingDirectory", start.workingDirectory());
    texts("streams", start.streams());
    texts("environment", start.environment());
    number("stackPointer", start.stackPointer());
    objects("auxiliary", start.auxiliary(), this::auxiliary);
  }

  private void auxiliary(ProcessStart.Auxiliary each) throws IOException {
    number("kind", each.kind());
    number("value", each.value());
  }

  private void text(String field, @Nullable String text) throws IOException {
    json.writeStringField(field, text);
  }

  private void texts(String field, List<String> texts) throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private void number(String field, long number) throws IOException {
    json.writeStringField(field, hexadecimal(number));
  }

  private void numbers(String field, long[] numbers) throws IOException {
    json.writeArrayFieldStart(field);
    for (long number : numbers) {
      json.writeString(hexadecimal(number));
    }
    json.writeEndArray();
  }

  private static String hexadecimal(long number) {
    return "0x" + Long.toHexString(number);
  }

  /// @param value null for JSON's null
  private <T> void object(String field, @Nullable T value, Fields<T> fields) throws IOException {
    if (value == null) {
      json.writeNullField(field);
      return;
    }
    json.writeObjectFieldStart(field);
    fields.write(value);
    json.writeEndObject();
  }

  private <T> void objects(String field, List<T> all, Fields<T> fields) throws IOException {
    json.writeArrayFieldStart(field);
    for (T each : all) {
      json.writeStartObject();
      fields.write(each);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
