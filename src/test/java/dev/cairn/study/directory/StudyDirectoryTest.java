package dev.cairn.study.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.cairn.study.scope.AskedScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StudyDirectoryTest {
  @TempDir Path parent;

  private Path root() {
    return parent.resolve("study");
  }

  private static Manifest manifest(long seed) {
    return manifest(seed, null);
  }

  private static Manifest manifest(long seed, @Nullable AskedScope scope) {
    return new Manifest(
        Manifest.FORMAT,
        Manifest.VERSION,
        "test",
        "q",
        "program",
        "p",
        List.of("argument"),
        List.of(),
        null,
        "cpu",
        null,
        Map.of("LANG", "C"),
        Map.of(),
        "/",
        "core",
        "c",
        0,
        30,
        1000,
        seed,
        scope);
  }

  private void open(long seed, boolean afresh) throws IOException, StudyException {
    StudyDirectory.open(root(), manifest(seed), afresh).close();
  }

  @Test
  void refusesAStudyOfAnotherPartOfTheRun() throws Exception {
    AskedScope all = new AskedScope(0, null, null, "solve");
    StudyDirectory.open(root(), manifest(1, all), false).close();
    StudyDirectory.open(root(), manifest(1, all), false).close();
    AskedScope second = new AskedScope(0, null, null, "solve:2");
    for (Manifest other : List.of(manifest(1), manifest(1, second))) {
      assertThatThrownBy(() -> StudyDirectory.open(root(), other, false))
          .isInstanceOf(StudyException.class)
          .hasMessageContaining("(it differs in scope)");
    }
  }

  @Test
  void keepsWhatIsThereWhenItIsOpenedAgain() throws Exception {
    try (StudyDirectory directory = StudyDirectory.open(root(), manifest(1), false)) {
      Files.writeString(directory.profileSummary(), "kept");
    }
    try (StudyDirectory directory = StudyDirectory.open(root(), manifest(1), false)) {
      assertThat(directory.profileSummary()).hasContent("kept");
    }
  }

  @Test
  void refusesAnotherStudyAndSaysWhatDiffers() throws Exception {
    open(1, false);
    assertThatThrownBy(() -> open(2, false))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("it differs in seed")
        .hasMessageContaining("--force");
    open(1, false);
  }

  @Test
  void goesOnWithTheEnvironmentThatItBeganWith() throws Exception {
    open(1, false);
    byte[] written = Files.readAllBytes(root().resolve("manifest.json"));
    Manifest elsewhere = manifest(1).inheriting(Map.of("LANG", "de_DE.UTF-8", "TZ", "UTC"));
    try (StudyDirectory directory = StudyDirectory.open(root(), elsewhere, false)) {
      assertThat(directory.manifest().inheritedEnvironment()).containsExactly(entry("LANG", "C"));
    }
    assertThat(root().resolve("manifest.json")).hasBinaryContent(written);
    try (StudyDirectory directory = StudyDirectory.open(root(), elsewhere, true)) {
      assertThat(directory.manifest()).isEqualTo(elsewhere);
    }
    assertThat(root().resolve("manifest.json")).content().contains("de_DE.UTF-8");
  }

  @Test
  void refusesAManifestThatIsDamaged() throws Exception {
    open(1, false);
    String text = Files.readString(root().resolve("manifest.json"));
    for (int length = 0; length < text.length() - 1; length += 7) {
      Files.writeString(root().resolve("manifest.json"), text.substring(0, length));
      assertThatThrownBy(() -> open(1, false))
          .isInstanceOf(StudyException.class)
          .hasMessageContaining("it differs in the manifest");
    }
  }

  @Test
  void clearsAllOfAnotherStudyWhenForced() throws Exception {
    try (StudyDirectory directory = StudyDirectory.open(root(), manifest(1), false)) {
      Files.writeString(directory.profileSummary(), "old");
      Files.writeString(directory.cutProfile().resolve("profile.bb"), "old");
      Files.writeString(directory.result(), "old");
      Files.writeString(root().resolve("mine.txt"), "mine");
    }
    try (StudyDirectory directory = StudyDirectory.open(root(), manifest(2), true)) {
      assertThat(directory.profileSummary()).doesNotExist();
      assertThat(directory.result()).doesNotExist();
      assertThat(root().resolve("profile-of-cut-run")).doesNotExist();
      assertThat(root().resolve("mine.txt")).hasContent("mine");
    }
  }

  @Test
  void refusesAFolderOfSomethingElse() throws IOException {
    Files.createDirectories(root());
    Files.writeString(root().resolve("thesis.tex"), "precious");
    assertThatThrownBy(() -> open(1, true))
        .isInstanceOf(StudyException.class)
        .hasMessageContaining("something else");
    assertThat(root().resolve("thesis.tex")).hasContent("precious");
    assertThat(root().resolve(".lock")).doesNotExist();
  }

  @Test
  void refusesAFile() throws IOException {
    Files.writeString(root(), "a file");
    assertThatThrownBy(() -> open(1, false)).isInstanceOf(IOException.class);
    assertThat(root()).hasContent("a file");
  }

  @Test
  void goesOnWhereAProcessWasKilledWhileItWroteTheManifest() throws Exception {
    Files.createDirectories(root());
    Files.writeString(root().resolve(".lock"), "");
    Files.writeString(root().resolve("manifest.json.partial"), "{");
    open(1, false);
    assertThat(root().resolve("manifest.json")).isNotEmptyFile();
    assertThat(root().resolve("manifest.json.partial")).doesNotExist();
  }

  @Test
  void isOneProcessesAtATime() throws Exception {
    try (StudyDirectory _ = StudyDirectory.open(root(), manifest(1), false)) {
      assertThatThrownBy(() -> open(1, false))
          .isInstanceOf(StudyException.class)
          .hasMessageContaining("in use");
    }
    open(1, false);
  }

  @Test
  void takesTimesForNothingMoreThanInformation() throws Exception {
    try (StudyDirectory directory = StudyDirectory.open(root(), manifest(1), false)) {
      directory.writeTimes(StageTimes.NONE.with("profile", 1.5));
      assertThat(directory.times().seconds()).containsEntry("profile", 1.5);
      Files.writeString(root().resolve("times.json"), "{ broken");
      assertThat(directory.times()).isEqualTo(StageTimes.NONE);
    }
  }
}
