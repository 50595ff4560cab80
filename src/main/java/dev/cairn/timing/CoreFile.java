package dev.cairn.timing;

import dev.cairn.memory.file.ConfigurationFile;
import java.io.IOException;
import java.util.List;

/// The reader of core files (YAML; `docs/core-file.md` has every field) and of the presets that
/// come with Cairn.
public final class CoreFile {
  private static final ConfigurationFile<CoreConfiguration> FILES =
      new ConfigurationFile<>(
          "core", CoreConfiguration.class, List.of("cortex-a55"), CoreFile.class, List.of());

  private CoreFile() {}

  /// {@return the names of the presets}
  public static List<String> presets() {
    return FILES.presets();
  }

  /// Reads a preset by its name, or else a file.
  ///
  /// @throws dev.cairn.event.FormatException if the file is not a core file
  public static CoreConfiguration open(String nameOrFile) throws IOException {
    return FILES.open(nameOrFile);
  }

  /// Reads the text of a core file.
  ///
  /// @param where what messages call it
  static CoreConfiguration read(String where, String text) throws IOException {
    return FILES.read(where, text);
  }
}
