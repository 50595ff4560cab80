package dev.cairn.memory.hierarchy;

import dev.cairn.memory.file.ConfigurationFile;
import java.io.IOException;
import java.util.List;

/// The reader of hierarchy files (YAML; `docs/cache.md` has every field) and of the presets that
/// come with Cairn.
public final class HierarchyFile {
  private static final ConfigurationFile<Hierarchy> FILES =
      new ConfigurationFile<>(
          "hierarchy",
          Hierarchy.class,
          List.of("cortex-a55", "three-levels", "qemu"),
          HierarchyFile.class,
          List.of("caches", "tlbs"));

  private HierarchyFile() {}

  /// {@return the names of the presets}
  public static List<String> presets() {
    return FILES.presets();
  }

  /// Reads a preset by its name, or else a file.
  ///
  /// @throws dev.cairn.event.FormatException if the file is not a hierarchy file
  public static Hierarchy open(String nameOrFile) throws IOException {
    return FILES.open(nameOrFile);
  }

  /// Reads the text of a hierarchy file.
  ///
  /// @param where what messages call it
  static Hierarchy read(String where, String text) throws IOException {
    return FILES.read(where, text);
  }
}
