package dev.cairn.timing;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Core files for tests.
public final class CoreFiles {
  private CoreFiles() {}

  /// {@return the Cortex-A55-like preset with the fields of a YAML text in place of its own}
  public static CoreConfiguration with(String changes) {
    try {
      return CoreFile.read("test.yaml", "base: cortex-a55\n" + changes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
