package dev.cairn.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  @Test
  void appearsWholeOnCommitAndNotBefore() throws IOException {
    Path path = directory.resolve("a.bb");
    try (AtomicFile file = AtomicFile.create(path)) {
      file.stream().write(new byte[100_000]);
      assertThat(path).doesNotExist();
      assertThat(directory.resolve("a.bb.partial")).exists();
      file.commit();
      assertThat(path).hasSize(100_000);
    }
    assertThat(names()).containsExactly("a.bb");
  }

  @Test
  void leavesTheOldFileAndNothingElseWithoutACommit() throws IOException {
    Path path = directory.resolve("a.bb");
    Files.writeString(path, "old");
    try (AtomicFile file = AtomicFile.create(path)) {
      file.stream().write('x');
    }
    assertThat(path).hasContent("old");
    assertThat(names()).containsExactly("a.bb");
  }

  @Test
  void replacesTheOldFileAndAPartialOneThatWasLeftBehind() throws IOException {
    Path path = directory.resolve("a.bb");
    Files.writeString(path, "old");
    Files.writeString(directory.resolve("a.bb.partial"), "something longer than the new content");
    try (AtomicFile file = AtomicFile.create(path)) {
      file.stream().write('x');
      file.commit();
    }
    assertThat(path).hasContent("x");
  }

  @Test
  void refusesASecondCommit() throws IOException {
    try (AtomicFile file = AtomicFile.create(directory.resolve("a"))) {
      file.commit();
      assertThatThrownBy(file::commit).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void failsAtOnceWhereTheDirectoryIsMissing() {
    assertThatThrownBy(() -> AtomicFile.create(directory.resolve("no/a")))
        .isInstanceOf(IOException.class);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
