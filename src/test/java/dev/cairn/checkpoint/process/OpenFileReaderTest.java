package dev.cairn.checkpoint.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.checkpoint.OpenFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Descriptors of this very process are read as if they were a guest's.
final class OpenFileReaderTest {
  private static final int OWN = Math.toIntExact(ProcessHandle.current().pid());

  @TempDir private Path folder;

  private OpenFile read(RandomAccessFile opened, Path file, int description) throws IOException {
    OpenFileReader reader = new OpenFileReader(OWN, Set.of(), new KnownHashes());
    TreeSet<Integer> others = new TreeSet<>(reader.descriptors());
    int descriptor = -1;
    for (int each : List.copyOf(others)) {
      Path link = Path.of("/proc/self/fd/" + each);
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(file)) {
        descriptor = each;
      }
    }
    assertThat(descriptor).as("the descriptor of %s", opened).isNotNegative();
    others.remove(descriptor);
    return reader.read(Map.of(descriptor, description), others).getFirst();
  }

  /// `program < file` and `program <> file`.
  @ParameterizedTest
  @CsvSource({"r, true", "rw, false"})
  void readsStandardInputOnFromItsFile(String mode, boolean readsOnly) throws Exception {
    Path file = Files.writeString(folder.resolve("input"), "some text").toRealPath();
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), mode)) {
      opened.seek(5);
      OpenFile input = read(opened, file, 0);
      assertThat(input.kind()).isEqualTo(OpenFile.Kind.FILE);
      assertThat(input.path()).isEqualTo(file.toString());
      assertThat(input.offset()).isEqualTo(5);
      assertThat(input.readsOnly()).isEqualTo(readsOnly);
    }
  }

  /// `program > file`, and what is restored gets the standard output of who starts it.
  @Test
  void leavesStandardOutputToWhoRestoresIt() throws Exception {
    Path file = Files.writeString(folder.resolve("output"), "").toRealPath();
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      assertThat(read(opened, file, 1).kind()).isEqualTo(OpenFile.Kind.STREAM);
    }
  }
}
