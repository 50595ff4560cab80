package dev.cairn.checkpoint.manifest;

import dev.cairn.checkpoint.ProcessState;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file that says what a checkpoint is, in JSON.
///
/// It is read and written field by field: finding out by reflection what fields records have takes
/// longer than all else that is done before a restored program goes on.
///
/// @param pages that are not all zeros
/// @param process all but its memory
public record CheckpointManifest(int pages, ProcessState process) {
  static final String FORMAT = "cairn checkpoint";
  static final int VERSION = 1;

  /// {@return the file}
  public byte[] bytes() throws IOException {
    return ManifestWriter.bytes(this);
  }

  /// Reads a manifest.
  ///
  /// @throws FormatException if it is none, or of another version; it names the file, the line and
  ///   the field
  public static CheckpointManifest read(Path path) throws IOException {
    JsonFields root = JsonFields.read(path, Files.readAllBytes(path));
    String format = root.text("format");
    if (!format.equals(FORMAT)) {
      throw root.wrong("format", "is '" + format + "', not '" + FORMAT + "'");
    }
    int version = root.integer("version");
    if (version != VERSION) {
      throw new FormatException(
          path.toString(), "version " + version + ", and " + VERSION + " can be read");
    }
    int pages = root.integer("pages");
    ProcessState process = root.object("process", ManifestReader::process);
    root.requireNoOthers();
    return new CheckpointManifest(pages, process);
  }
}
