package dev.cairn.checkpoint.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageWriter;
import dev.cairn.checkpoint.criu.image.NewEntry;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CriuImagesTest {
  private static final CriuImport.Options OPTIONS =
      new CriuImport.Options(null, "cortex-a57", Set.of());

  @TempDir private Path folder;
  private Path images;
  private ProcessState state;

  @BeforeEach
  void write() throws Exception {
    images = folder.resolve("images");
    state = SomeProcess.state(folder);
    CriuExport.write(images, state, SomeProcess.memory());
  }

  private static CriuImport open(Path images) throws IOException {
    return CriuImport.open(images, OPTIONS);
  }

  @Test
  void readsWhatItHasWritten() throws Exception {
    try (CriuImport imported = open(images)) {
      assertThat(imported.process()).isEqualTo(state);
      assertThat(imported.number()).isEqualTo(SomeProcess.NUMBER);
      assertThat(SomeProcess.contents(state, imported.memory()))
          .isEqualTo(SomeProcess.contents(state, SomeProcess.memory()));
    }
  }

  @Test
  void writesTheSameAgain() throws Exception {
    Path again = folder.resolve("again");
    try (CriuImport imported = open(images)) {
      CriuExport.write(again, imported.process(), imported.memory());
    }
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.toList()) {
        assertThat(again.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void leavesAFolderAloneThatHoldsSomething() throws Exception {
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("mine"), "");
    assertThatThrownBy(() -> CriuExport.write(full, state, SomeProcess.memory()))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(full + ": is not empty");
    assertThat(full.resolve("mine")).exists();
    assertThat(full.resolveSibling("full.partial")).doesNotExist();
  }

  @Test
  void refusesAFileThatMemoryIsSharedWithAndThatWasChanged() throws Exception {
    Path shared = folder.resolve("shared");
    byte[] bytes = Files.readAllBytes(shared);
    bytes[17] ^= 1;
    Files.write(shared, bytes);
    assertThatThrownBy(() -> CriuExport.write(folder.resolve("new"), state, SomeProcess.memory()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(shared + ": was changed since the checkpoint was taken");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void leavesNothingHalfWritten() throws Exception {
    Path half = folder.resolve("half");
    assertThatThrownBy(() ->
            CriuExport.write(
                half,
                state,
                (mapping, _) -> {
                  if (mapping.kind() == dev.cairn.checkpoint.Mapping.Kind.HEAP) {
                    throw new FileSystemException("no room");
                  }
                }))
        .hasMessageContaining("no room");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("images", "open", "shared");
    }
  }

  /// Whatever byte is another or missing, the images are read as something, or one line says what
  /// is wrong; and nothing else happens.
  @Test
  void saysWhatIsWrongWithDamagedImages() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    List<Path> files;
    try (Stream<Path> all = Files.list(images)) {
      files = all.filter(file -> !file.toString().contains("pages-")).sorted().toList();
    }
    int refused = 0;
    for (Path file : files) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < 2 * good.length; i++) {
        byte[] bad;
        if (i < good.length) {
          bad = Arrays.copyOf(good, i);
        } else {
          bad = good.clone();
          bad[i - good.length] ^= (byte) (1 + random.nextInt(255));
        }
        Files.write(file, bad);
        Throwable thrown = catchThrowable(this::readAll);
        if (thrown != null) {
          assertThat(thrown)
              .as(file + ", try " + i)
              .isInstanceOfAny(FormatException.class, CheckpointException.class);
          assertThat(thrown.getMessage()).startsWith(images.toString()).doesNotContain("\n");
          refused++;
        }
      }
      Files.write(file, good);
    }
    assertThat(refused).isGreaterThan(2000);
    readAll();
  }

  private void readAll() throws IOException {
    try (CriuImport imported = open(images)) {
      SomeProcess.contents(imported.process(), imported.memory());
    }
  }

  @Test
  void saysWhereItIsCutOff() throws Exception {
    Path core = images.resolve("core-4321.img");
    Files.write(core, Arrays.copyOf(Files.readAllBytes(core), 100));
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(core + ", byte 8: cut off or damaged: core_entry of ");
  }

  @Test
  void saysWhichFieldIsDamaged() throws Exception {
    Path file = images.resolve("core-4321.img");
    byte[] bytes = Files.readAllBytes(file);
    int name = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("2\6called");
    assertThat(name).isPositive();
    bytes[name] = (byte) (6 << 3 | 7); // there is no wire type 7
    Files.write(file, bytes);
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ", byte " + name + ": task_core_entry.comm is damaged or cut off");
  }

  @Test
  void saysWhichImageIsMissing() throws Exception {
    for (String each :
        List.of(
            "inventory",
            "pstree",
            "core-4321",
            "mm-4321",
            "files",
            "fdinfo-1",
            "fs-4321",
            "ids-4321",
            "pagemap-4321")) {
      Path file = images.resolve(each + ".img");
      Path away = folder.resolve("away");
      Files.move(file, away, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> open(images))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("there is no " + each + ".img");
      Files.move(away, file);
    }
    Files.delete(images.resolve("pages-1.img"));
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            images.resolve("pagemap-4321.img")
                + ": its pages are missing: "
                + images.resolve("pages-1.img"));
  }

  @Test
  void saysThatPagesAreCutOff() throws Exception {
    Path pages = images.resolve("pages-1.img");
    Files.write(pages, Arrays.copyOf(Files.readAllBytes(pages), 5000));
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(FormatException.class)
        .hasMessage(pages + ", byte 5000: cut off: the map speaks of 24576 bytes");
  }

  @Test
  void saysThatAnImageIsOfAnotherKind() throws Exception {
    Files.copy(
        images.resolve("fs-4321.img"),
        images.resolve("core-4321.img"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            images.resolve("core-4321.img")
                + ", byte 4: begins with 0x51403912, and an image 'core' of CRIU with 0x55053847");
  }

  /// Changes one message and writes its image anew.
  private void rewrite(ImageKind kind, long number, NewEntry... entries) throws IOException {
    try (ImageWriter image = new ImageWriter(images, kind, number)) {
      for (NewEntry entry : entries) {
        image.put(entry);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, x86-64", "2, ARM", "8, RISC-V", "77, the unknown machine 77"})
  void refusesOtherMachines(int machine, String name) throws Exception {
    rewrite(ImageKind.CORE, 4321, NewEntry.of("core_entry").put("mtype", machine));
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            images
                + ": the process can't be carried: it is a process of "
                + name
                + ", and AArch64 is what can be carried");
  }

  @Test
  void refusesOtherThreadsAndProcesses() throws Exception {
    NewEntry first =
        NewEntry.of("pstree_entry")
            .put("pid", 4321)
            .put("ppid", 0)
            .put("pgid", 1)
            .put("sid", 1)
            .put("threads", 4321);
    rewrite(ImageKind.PSTREE, 0, first, first);
    assertThatThrownBy(() -> open(images)).hasMessageEndingWith("there is another process (4321)");
    rewrite(ImageKind.PSTREE, 0, first.put("threads", 4322));
    assertThatThrownBy(() -> open(images)).hasMessageEndingWith("it has another thread (4322)");
  }

  @ParameterizedTest
  @CsvSource({
    "4, an internet socket",
    "5, a Unix socket",
    "7, an epoll",
    "11, a terminal",
    "17, a timerfd",
    "99, of the unknown type 99"
  })
  void refusesWhatIsNoFile(int type, String name) throws Exception {
    rewrite(
        ImageKind.FDINFO,
        1,
        NewEntry.of("fdinfo_entry").put("id", 4).put("flags", 0).put("type", type).put("fd", 7));
    assertThatThrownBy(() -> open(images)).hasMessageEndingWith("descriptor 7 is " + name);
  }

  @Test
  void refusesAFileThatIsNotWhatItWas() throws Exception {
    Files.writeString(folder.resolve("open"), "longer than it was\n");
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith("/open has 19 bytes, and had 14 when the process was dumped");
    Files.delete(folder.resolve("open"));
    assertThatThrownBy(() -> open(images))
        .hasMessageEndingWith("/open is missing here; name a folder that holds it by --sysroot");
  }

  /// Of a page that these images do not have, the older ones that they add to are asked; one that
  /// both have is the newer one. CRIU 3.17 says so by flags, older ones by a field, and 4.2 has the
  /// number of pages in another field.
  @Test
  void readsPagesOfParents() throws Exception {
    Path parent = folder.resolve("parent");
    Files.createDirectory(parent);
    for (String each : List.of("pagemap-4321.img", "pages-1.img")) {
      Files.copy(images.resolve(each), parent.resolve(each));
    }
    Files.createSymbolicLink(images.resolve("parent"), Path.of("../parent"));
    byte[] page = new byte[SomeProcess.PAGE];
    Arrays.fill(page, (byte) 7);
    Files.write(images.resolve("pages-1.img"), page);
    rewrite(
        ImageKind.PAGEMAP,
        4321,
        NewEntry.of("pagemap_head").put("pages_id", 1),
        map(SomeProcess.CODE).put("nr_pages", 1).put("in_parent", 1),
        map(SomeProcess.CODE + SomeProcess.PAGE)
            .put("nr_pages", 77)
            .put("nr_pages_64", 1)
            .put("flags", PagemapFlags.PRESENT | PagemapFlags.LAZY),
        map(SomeProcess.HEAP).put("nr_pages", 1).put("flags", PagemapFlags.PARENT),
        map(SomeProcess.HEAP + 3 * SomeProcess.PAGE)
            .put("nr_pages", 1)
            .put("flags", PagemapFlags.PARENT),
        map(SomeProcess.STACK).put("nr_pages", 1).put("flags", PagemapFlags.PARENT),
        map(SomeProcess.STACK + 8 * SomeProcess.PAGE)
            .put("nr_pages", 1)
            .put("flags", PagemapFlags.PARENT));
    SomeProcess.Pages expected = SomeProcess.memory();
    expected.pages.put(SomeProcess.CODE + SomeProcess.PAGE, page);
    try (CriuImport imported = open(images)) {
      assertThat(SomeProcess.contents(state, imported.memory()))
          .isEqualTo(SomeProcess.contents(state, expected));
    }
    Files.delete(parent.resolve("pages-1.img"));
    assertThatThrownBy(() -> open(images)).hasMessageContaining("its pages are missing");
    Files.delete(images.resolve("parent"));
    assertThatThrownBy(this::readAll).hasMessageEndingWith("is to be here and is not");
  }

  private static NewEntry map(long address) {
    return NewEntry.of("pagemap_entry").put("vaddr", address);
  }

  @Test
  void refusesPagesThatStayedWhereTheyWere() throws Exception {
    rewrite(
        ImageKind.PAGEMAP,
        4321,
        NewEntry.of("pagemap_head").put("pages_id", 1),
        map(SomeProcess.CODE).put("nr_pages", 1).put("flags", PagemapFlags.LAZY));
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(FormatException.class)
        .hasMessageEndingWith(
            "pagemap_entry.flags: the pages at 0x400000 are not here: they were to be asked for"
                + " lazily");
  }

  @Test
  void makesSystemCallsInPlaceOfTheKernelsCode() {
    byte[] image = new byte[1024];
    ByteBuffer elf = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    elf.putLong(32, 64).putShort(56, (short) 2);
    elf.putInt(64, 1).putLong(64 + 16, 0x1000); // what lies at 0x1000 is loaded from 0
    elf.putInt(120, 2).putLong(120 + 8, 256);
    long[] tags = {5, 0x1000 + 512, 6, 0x1000 + 400, 0, 0};
    for (int i = 0; i < tags.length; i++) {
      elf.putLong(256 + 8 * i, tags[i]);
    }
    elf.putInt(400 + 24, 1).putLong(400 + 32, 0x1000 + 700);
    byte[] name = "\0__kernel_gettimeofday\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    elf.put(512, name);
    assertThat(KernelCode.calls(image))
        .hasSize(1)
        .hasEntrySatisfying(
            700L,
            code ->
                // mov x8, #169; svc #0; ret
                assertThat(code)
                    .containsExactly(
                        0x28, 0x15, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4, 0xc0, 0x03, 0x5f, 0xd6));
  }
}
