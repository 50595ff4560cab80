package dev.cairn.checkpoint.manifest;

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

/// Makes a process of the fields of a manifest, as [ManifestWriter] writes them.
final class ManifestReader {
  private ManifestReader() {}

  static ProcessState process(JsonFields fields) throws FormatException {
    return new ProcessState(
        fields.number("instructions"),
        fields.text("cpu"),
        fields.textOrNull("sysroot"),
        fields.texts("program"),
        fields.object("registers", ManifestReader::registers),
        fields.objects("mappings", ManifestReader::mapping),
        fields.objects("mappedFiles", ManifestReader::mappedFile),
        fields.number("heapStart"),
        fields.number("heapEnd"),
        fields.objects("files", ManifestReader::file),
        fields.textOrNull("workingDirectory"),
        fields.integer("umask"),
        fields.textOrNull("name"),
        fields.object("signals", ManifestReader::signals),
        fields.number("clearChildTid"),
        fields.number("robustList"),
        fields.number("robustListBytes"),
        fields.objectOrNull("rseq", ManifestReader::rseq),
        fields.objects("limits", ManifestReader::limit),
        fields.object("start", ManifestReader::start),
        fields.constants("ignored", Uncarried.class));
  }

  private static A64Registers registers(JsonFields fields) throws FormatException {
    return new A64Registers(
        fields.numbers("x"),
        fields.number("sp"),
        fields.number("pc"),
        fields.number("pstate"),
        fields.integer("fpsr"),
        fields.integer("fpcr"),
        fields.number("tpidr"),
        fields.numbers("v"));
  }

  private static Mapping mapping(JsonFields fields) throws FormatException {
    return new Mapping(
        fields.number("start"),
        fields.number("end"),
        fields.integer("protection"),
        fields.constant("kind", Mapping.Kind.class),
        fields.textOrNull("file"),
        fields.number("fileOffset"),
        fields.truth("shared"));
  }

  private static MappedFile mappedFile(JsonFields fields) throws FormatException {
    return new MappedFile(fields.text("path"), fields.number("bytes"), fields.text("sha256"));
  }

  private static OpenFile file(JsonFields fields) throws FormatException {
    return new OpenFile(
        fields.integer("descriptor"),
        fields.integer("description"),
        fields.constant("kind", OpenFile.Kind.class),
        fields.textOrNull("path"),
        fields.integer("flags"),
        fields.number("offset"),
        fields.truth("closesOnExec"),
        fields.number("bytes"),
        fields.textOrNull("sha256"),
        fields.textOrNull("held"),
        fields.number("contents"));
  }

  private static SignalState signals(JsonFields fields) throws FormatException {
    return new SignalState(
        fields.objects("actions", ManifestReader::action),
        fields.number("mask"),
        fields.number("stackAddress"),
        fields.integer("stackFlags"),
        fields.number("stackBytes"));
  }

  private static SignalState.Action action(JsonFields fields) throws FormatException {
    return new SignalState.Action(
        fields.integer("signal"),
        fields.number("handler"),
        fields.number("flags"),
        fields.number("restorer"),
        fields.number("mask"));
  }

  private static Rseq rseq(JsonFields fields) throws FormatException {
    return new Rseq(fields.number("address"), fields.integer("bytes"), fields.integer("signature"));
  }

  private static ResourceLimit limit(JsonFields fields) throws FormatException {
    return new ResourceLimit(
        fields.integer("resource"),
        fields.number("soft"),
        fields.number("hard"),
        fields.truth("set"));
  }

  private static ProcessStart start(JsonFields fields) throws FormatException {
    return new ProcessStart(
        fields.text("executable"),
        fields.textOrNull("workingDirectory"),
        fields.texts("streams"),
        fields.texts("environment"),
        fields.number("stackPointer"),
        fields.objects(
            "auxiliary",
            each -> new ProcessStart.Auxiliary(each.number("kind"), each.number("value"))));
  }
}
