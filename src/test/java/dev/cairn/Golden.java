package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Text that is kept under `src/test/resources` and compared to the letter.
///
/// `mvn test -Dcairn.golden=rewrite` writes what came out instead; what changed is then reviewed.
public final class Golden {
  private static final Path RESOURCES = Path.of("src/test/resources");

  private Golden() {}

  /// Compares with a file, as "cli/stat-help.txt".
  public static void check(String file, String actual) throws IOException {
    Path path = RESOURCES.resolve(file);
    if ("rewrite".equals(System.getProperty("cairn.golden"))) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, actual);
    }
    assertThat(actual).as(file).isEqualTo(Files.readString(path));
  }
}
