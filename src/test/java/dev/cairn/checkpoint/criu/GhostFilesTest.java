package dev.cairn.checkpoint.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cairn.TestGuests;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.KeptFiles;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.event.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Contents of files that a checkpoint keeps are files without a name in CRIU's images, and such
/// files are read back. The witness is `crit`.
@Tag("qemu")
final class GhostFilesTest {
  private static final CriuImport.Options OPTIONS =
      new CriuImport.Options(null, "cortex-a57", Set.of());
  private static final int PAGE = SomeProcess.PAGE;

  @TempDir private Path folder;
  private Path images;
  private Path open;
  private byte[] content;
  private ProcessState kept;

  @BeforeEach
  void write() throws Exception {
    folder = folder.toRealPath();
    images = folder.resolve("images");
    ProcessState state = SomeProcess.state(folder);
    open = folder.resolve("open");
    content = new byte[5 * PAGE + 77];
    Arrays.fill(content, 2 * PAGE - 3, 3 * PAGE + 9, (byte) 'g');
    content[content.length - 1] = 'e';
    Files.write(open, content);
    List<OpenFile> files =
        state.files().stream()
            .map(file -> open.toString().equals(file.path()) ? anew(file) : file)
            .toList();
    KeptFiles memory =
        new KeptFiles(SomeProcess.memory(), files, file -> Path.of(String.valueOf(file.path())));
    kept = state.withFiles(memory.files());
    assertThat(CriuExport.write(images, kept, memory))
        .as("what is written can't be a file without a name")
        .containsExactly(folder.resolve("shared").toString());
  }

  private static OpenFile anew(OpenFile file) {
    return new OpenFile(
        file.descriptor(),
        file.description(),
        file.kind(),
        file.path(),
        file.flags(),
        file.offset(),
        file.closesOnExec(),
        -1,
        null);
  }

  private static byte[] contents(ProcessState process, MemoryContents memory) throws IOException {
    OpenFile file = process.files().get(3);
    byte[] all = new byte[(int) file.bytes()];
    memory.forEachPage(
        Objects.requireNonNull(file.pages()),
        (address, page) -> {
          int at = (int) (address - file.contents());
          System.arraycopy(page, 0, all, at, Math.min(PAGE, all.length - at));
        });
    return all;
  }

  @Test
  void areReadBackWithoutTheFile() throws Exception {
    Files.delete(open);
    try (CriuImport imported = CriuImport.open(images, OPTIONS)) {
      List<OpenFile> files = imported.process().files();
      assertThat(files.get(3)).isEqualTo(kept.files().get(3));
      assertThat(files.getLast().contents()).as("a copy").isEqualTo(files.get(3).contents());
      assertThat(contents(imported.process(), imported.memory())).isEqualTo(content);
      Path again = folder.resolve("again");
      CriuExport.write(again, imported.process(), imported.memory());
      for (String each : List.of("ghost-file-1.img", "remap-fpath.img", "files.img")) {
        assertThat(again.resolve(each)).hasSameBinaryContentAs(images.resolve(each));
      }
    }
  }

  @Test
  void areReadByCrit() throws Exception {
    JsonNode entries = decoded("ghost-file-1.img").get("entries");
    assertThat(entries.get(0).get("size").asInt()).isEqualTo(content.length);
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    for (JsonNode chunk : entries) {
      if (chunk.has("extra")) {
        found.write(new byte[chunk.get("off").asInt() - found.size()]);
        found.write(Base64.getMimeDecoder().decode(chunk.get("extra").asText()));
      }
    }
    assertThat(found.toByteArray()).isEqualTo(content);
    JsonNode remap = decoded("remap-fpath.img").get("entries").get(0);
    assertThat(remap.get("remap_type").asText()).isEqualTo("GHOST");
    assertThat(remap.get("remap_id").asInt()).isEqualTo(1);
  }

  private JsonNode decoded(String name) throws IOException {
    return new ObjectMapper()
        .readTree(
            TestGuests.run(
                List.of(
                    TestGuests.reader("crit").toString(),
                    "decode",
                    "-i",
                    images.resolve(name).toString())));
  }

  private void encode(String name, String text) throws IOException {
    Path json = Files.writeString(folder.resolve("json"), text.replace('\'', '"'));
    TestGuests.run(
        List.of(
            TestGuests.reader("crit").toString(),
            "encode",
            "-i",
            json.toString(),
            "-o",
            images.resolve(name).toString()));
  }

  /// CRIU writes a small file as a whole, and says so by what it does not say.
  @Test
  void areReadAsCriuDumpsSmallOnes() throws Exception {
    String text =
        Base64.getEncoder().encodeToString("gone but open".getBytes(StandardCharsets.US_ASCII));
    encode(
        "ghost-file-1.img",
        "{'magic': 'GHOST_FILE', 'entries': [{'uid': 0, 'gid': 0, 'mode': 33188, 'dev': 2, 'ino': 9,"
            + " 'extra': '"
            + text
            + "'}]}");
    try (CriuImport imported = CriuImport.open(images, OPTIONS)) {
      assertThat(contents(imported.process(), imported.memory()))
          .asString()
          .isEqualTo("gone but open");
    }
  }

  @Test
  void areRefusedIfTheyAreNoFilesOrCutOff() throws Exception {
    encode(
        "ghost-file-1.img",
        "{'magic': 'GHOST_FILE', 'entries': [{'uid': 0, 'gid': 0, 'mode': 16877, 'extra': ''}]}");
    assertThatThrownBy(() -> CriuImport.open(images, OPTIONS))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("it uses something that was deleted and is no file")
        .hasMessageContaining("ghost-file-1.img");
    Files.delete(images.resolve("ghost-file-1.img"));
    assertThatThrownBy(() -> CriuImport.open(images, OPTIONS))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("there is no ghost-file-1.img");
  }

  @Test
  void areNamedWithTheByteWhereTheyAreDamaged() throws Exception {
    Path image = images.resolve("ghost-file-1.img");
    byte[] whole = Files.readAllBytes(image);
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(image, Arrays.copyOf(whole, length));
      try (CriuImport imported = CriuImport.open(images, OPTIONS)) {
        assertThat(imported.process().files().get(3).bytes()).isEqualTo(content.length);
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining(image.toString());
      }
    }
    Files.write(image, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> CriuImport.open(images, OPTIONS))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(image + ", byte ")
        .hasMessageContaining("cut off");
  }
}
