package dev.cairn.checkpoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.MappedFile;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import dev.cairn.checkpoint.StoredPart;
import dev.cairn.checkpoint.Uncarried;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointStoreTest {
  private static final int PAGE = Mapping.PAGE_BYTES;
  private static final long START = 0x400000;

  @TempDir private Path folder;

  /// Memory as a map of pages.
  private static final class Pages implements MemoryContents {
    private final TreeMap<Long, byte[]> pages = new TreeMap<>();

    Pages put(int page, int seed) {
      byte[] bytes = new byte[PAGE];
      SplittableRandom random = new SplittableRandom(seed);
      random.nextBytes(bytes);
      pages.put(START + (long) page * PAGE, bytes);
      return this;
    }

    /// Changes some words of a page.
    Pages change(int page, int words, long seed) {
      long address = START + (long) page * PAGE;
      byte[] bytes = pages.getOrDefault(address, new byte[PAGE]).clone();
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = 0; i < words; i++) {
        bytes[random.nextInt(PAGE)]++;
      }
      pages.put(address, bytes);
      return this;
    }

    Pages copy() {
      Pages copy = new Pages();
      copy.pages.putAll(pages);
      return copy;
    }

    @Override
    public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
      for (var page : pages.subMap(mapping.start(), mapping.end()).entrySet()) {
        consumer.accept(page.getKey(), page.getValue().clone());
      }
    }

    Map<Long, List<Byte>> contents(ProcessState process) throws IOException {
      return read(process, this);
    }
  }

  private static Map<Long, List<Byte>> read(ProcessState process, MemoryContents memory)
      throws IOException {
    TreeMap<Long, List<Byte>> all = new TreeMap<>();
    for (Mapping mapping : process.mappings()) {
      memory.forEachPage(
          mapping,
          (address, bytes) -> {
            Byte[] boxed = new Byte[bytes.length];
            Arrays.setAll(boxed, i -> bytes[i]);
            all.put(address, List.of(boxed));
          });
    }
    return all;
  }

  private static ProcessState process(long instructions) {
    long[] x = new long[31];
    long[] v = new long[64];
    Arrays.setAll(x, i -> -1L - i);
    Arrays.setAll(v, i -> 1L << i);
    return new ProcessState(
        instructions,
        "neoverse-n1",
        null,
        List.of("prog", "a b"),
        new A64Registers(x, 0x7fff0, START + 4, 0x60000000L, 1, 2, -8, v),
        List.of(
            new Mapping(START, START + 8 * PAGE, 5, Mapping.Kind.FILE, "/prog", 0),
            new Mapping(START + 16 * PAGE, START + 64 * PAGE, 3, Mapping.Kind.ANONYMOUS, null, 0)),
        List.of(new MappedFile("/prog", 99, "cd")),
        START + 64 * PAGE,
        START + 64 * PAGE,
        List.of(
            new OpenFile(1, 1, OpenFile.Kind.STREAM, null, 1, 0, false, -1, null),
            new OpenFile(3, 3, OpenFile.Kind.FILE, "/in", 0, 9, true, 4, "ab")),
        "/",
        022,
        "called",
        new SignalState(List.of(new SignalState.Action(10, START, 4, 0, -1L)), 512, 0, 2, 0),
        START,
        0,
        0,
        new Rseq(START + 32, 32, 0xd428bc00),
        List.of(new ResourceLimit(3, 1 << 23, ResourceLimit.INFINITE, true)),
        new ProcessStart(
            "/prog",
            "/",
            List.of("/dev/null", "pipe:[1]", ""),
            List.of("A=1", "B=\u00e4"),
            START + 64 * PAGE - 512,
            List.of(new ProcessStart.Auxiliary(33, -4096))),
        List.of(Uncarried.SOCKETS));
  }

  private static long bytesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  /// What can't be written here has a folder in its place, as a test can't fill the disk.
  @Test
  void keepsNothingOfACheckpointThatCannotBeWritten() throws Exception {
    Pages memory = new Pages().put(0, 1).put(1, 2);
    Pages more = new Pages().put(0, 1).put(1, 3);
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-5", process(5), memory);
      Path inTheWay = folder.resolve("at-6.partial/manifest.json");
      Files.createDirectories(inTheWay);
      assertThatThrownBy(() -> store.add("at-6", process(6), more)).isInstanceOf(IOException.class);
      assertThat(folder.resolve("at-6.partial")).doesNotExist();
      assertThat(folder.resolve("packs/000001.pack")).doesNotExist();
      assertThat(CheckpointStore.names(folder)).containsExactly("at-5");
      store.add("at-6", process(6), more);
      assertThat(store.collect()).isEqualTo(new CheckpointStore.Collected(0, 0));
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-6"))) {
      assertThat(read(checkpoint.process(), checkpoint)).isEqualTo(more.contents(process(6)));
    }
  }

  @Test
  void givesBackWhatWasKept() throws Exception {
    Pages memory = new Pages().put(0, 1).put(1, 2).put(7, 1).put(20, 3).put(63, 4);
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-5", process(5), memory);
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-5"))) {
      assertThat(checkpoint.process()).isEqualTo(process(5));
      assertThat(checkpoint.pages()).isEqualTo(5);
      assertThat(read(checkpoint.process(), checkpoint)).isEqualTo(memory.contents(process(5)));
    }
  }

  @Test
  void keepsEqualPagesOnce() throws Exception {
    Pages memory = new Pages();
    for (int i = 0; i < 40; i++) {
      memory.put(16 + i, i);
    }
    long first;
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      first = store.add("at-1", process(1), memory);
    }
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      long second = store.add("at-2", process(2), memory.put(16, 77));
      assertThat(first).isGreaterThan(40 * PAGE);
      assertThat(second).isLessThan(3L * PAGE);
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-2"))) {
      assertThat(read(checkpoint.process(), checkpoint)).isEqualTo(memory.contents(process(2)));
    }
    assertThat(CheckpointStore.names(folder)).containsExactly("at-1", "at-2");
  }

  /// Each page changes a little from one checkpoint to the next, more often than changes are told
  /// by changes.
  @Test
  void tellsAChangedPageByItsChanges() throws Exception {
    Pages memory = new Pages();
    for (int i = 0; i < 40; i++) {
      memory.put(16 + i, i);
    }
    TreeMap<Integer, Pages> all = new TreeMap<>();
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      for (int n = 0; n < 30; n++) {
        for (int i = 0; i < 40; i++) {
          memory.change(16 + i, 5, n * 100L + i);
        }
        all.put(n, memory.copy());
        long bytes = store.add("at-" + n, process(n), memory);
        assertThat(bytes).as("checkpoint " + n).isLessThan(n == 0 ? 45L * PAGE : 8L * PAGE);
      }
    }
    requireAll(all);
    delete("at-20");
    delete("at-0");
    all.remove(20);
    all.remove(0);
    try (CheckpointStore store = CheckpointStore.open(folder)) {
      store.collect();
    }
    requireAll(all);
  }

  private void delete(String name) throws IOException {
    for (String file : List.of("manifest.json", "pages", "SHA256SUMS")) {
      Files.delete(folder.resolve(name).resolve(file));
    }
    Files.delete(folder.resolve(name));
  }

  private void requireAll(Map<Integer, Pages> all) throws IOException {
    for (Map.Entry<Integer, Pages> each : all.entrySet()) {
      ProcessState process = process(each.getKey());
      try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-" + each.getKey()))) {
        assertThat(read(process, checkpoint)).isEqualTo(each.getValue().contents(process));
        StoredMemory inPlace = checkpoint.inPlace();
        inPlace.check().run();
        assertThat(readInPlace(process, inPlace)).isEqualTo(each.getValue().contents(process));
      }
    }
  }

  /// Reads what is given page by page, and what is named from its file.
  private static Map<Long, List<Byte>> readInPlace(ProcessState process, StoredMemory memory)
      throws IOException {
    Map<Long, List<Byte>> all = read(process, memory);
    for (Mapping mapping : process.mappings()) {
      for (StoredPart part : memory.stored(mapping)) {
        byte[] file = Files.readAllBytes(part.file());
        for (long at = 0; at < part.bytes(); at += PAGE) {
          Byte[] boxed = new Byte[PAGE];
          int from = (int) (part.offset() + at);
          Arrays.setAll(boxed, i -> file[from + i]);
          assertThat(all.put(part.address() + at, List.of(boxed))).isNull();
        }
      }
    }
    return all;
  }

  @Test
  void namesDamageOfWhatIsMappedFromAPack() throws Exception {
    Pages memory = new Pages();
    for (int i = 0; i < 40; i++) {
      memory.put(16 + i, i);
    }
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-1", process(1), memory);
    }
    Path pack = folder.resolve("packs/000000.pack");
    byte[] whole = Files.readAllBytes(pack);
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-1"))) {
      StoredMemory inPlace = checkpoint.inPlace();
      assertThat(inPlace.check().bytes()).isEqualTo(40L * PAGE);
      assertThat(read(checkpoint.process(), inPlace)).isEmpty();
      inPlace.check().run();
      for (int page = 0; page < 40; page += 13) {
        byte[] flipped = whole.clone();
        flipped[(1 + page) * PAGE + 77 * page] ^= 1;
        Files.write(pack, flipped);
        assertThatThrownBy(() -> inPlace.check().run())
            .isInstanceOf(FormatException.class)
            .hasMessageContaining(pack + ", byte " + (1 + page) * PAGE)
            .hasMessageContaining("page " + page + " is damaged");
      }
    }
  }

  @Test
  void refusesAnOlderVersionWithOneLine() throws Exception {
    Files.writeString(
        folder.resolve("store.json"), "{\"format\": \"cairn checkpoint store\", \"version\": 1}\n");
    for (ThrowingCallable opens :
        List.<ThrowingCallable>of(
            () -> CheckpointStore.create(folder),
            () -> CheckpointStore.open(folder),
            () -> CheckpointStore.names(folder))) {
      assertThatThrownBy(opens)
          .isInstanceOf(FormatException.class)
          .hasMessage(
              folder.resolve("store.json")
                  + ": version 1, and 2 can be read; take the checkpoints anew, into another"
                  + " folder");
    }
  }

  @Test
  void collectsWhatNoCheckpointNeeds() throws Exception {
    Pages one = new Pages().put(0, 1).put(1, 2).put(2, 3);
    Pages two = new Pages().put(0, 1).put(1, 9);
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-1", process(1), one);
      store.add("at-2", process(2), two);
    }
    delete("at-1");
    Files.createDirectory(folder.resolve("at-3.partial"));
    Files.writeString(folder.resolve("packs/000007.pack.partial"), "half");
    long before = bytesOf(folder);
    try (CheckpointStore store = CheckpointStore.open(folder)) {
      CheckpointStore.Collected collected = store.collect();
      assertThat(collected.bytes()).isEqualTo(before - bytesOf(folder)).isGreaterThan(2 * PAGE);
      assertThat(collected.files()).isEqualTo(2);
      assertThat(store.collect()).isEqualTo(new CheckpointStore.Collected(0, 0));
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-2"))) {
      assertThat(read(checkpoint.process(), checkpoint)).isEqualTo(two.contents(process(2)));
    }
  }

  /// A writer may be killed between any two changes of the folder: each is tried by leaving what it
  /// would leave.
  @Test
  void isWholeAfterAKilledWriter() throws Exception {
    Pages memory = new Pages().put(0, 1).put(1, 2);
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-1", process(1), memory);
      store.add("at-2", process(2), memory.put(2, 3));
    }
    Files.move(folder.resolve("at-2"), folder.resolve("at-2.partial"));
    Files.delete(folder.resolve("at-2.partial/manifest.json"));
    assertThat(CheckpointStore.names(folder)).containsExactly("at-1");
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-2", process(2), memory);
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-2"))) {
      assertThat(read(checkpoint.process(), checkpoint)).isEqualTo(memory.contents(process(2)));
    }
  }

  @Test
  void letsOneWriteAtATime() throws Exception {
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      assertThat(store.has("at-1")).isFalse();
      assertThatThrownBy(() -> CheckpointStore.open(folder))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("writing to it");
    }
  }

  @Test
  void refusesAFolderThatIsSomethingElse() throws Exception {
    Files.writeString(folder.resolve("thesis.txt"), "");
    assertThatThrownBy(() -> CheckpointStore.create(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("neither empty nor a store");
    assertThatThrownBy(() -> CheckpointStore.names(folder)).isInstanceOf(FormatException.class);
  }

  /// Every file of a store, cut short anywhere and with each byte flipped, gives a complaint or the
  /// right answer.
  @Test
  void seesDamage() throws Exception {
    Pages memory = new Pages().put(0, 1).put(20, 3);
    try (CheckpointStore store = CheckpointStore.create(folder)) {
      store.add("at-5", process(5), memory);
    }
    for (String name :
        List.of("at-5/manifest.json", "at-5/pages", "at-5/SHA256SUMS", "packs/000000.pack")) {
      Path file = folder.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      int step = Math.max(1, whole.length / 300);
      for (int i = 0; i < whole.length; i += step) {
        Files.write(file, Arrays.copyOf(whole, i));
        requireComplaintOrRight(name + " cut at " + i, memory);
        byte[] flipped = whole.clone();
        flipped[i] ^= 0x20;
        Files.write(file, flipped);
        requireComplaintOrRight(name + " flipped at " + i, memory);
      }
      Files.write(file, whole);
    }
  }

  private void requireComplaintOrRight(String what, Pages memory) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("at-5"))) {
      Map<Long, List<Byte>> found = read(checkpoint.process(), checkpoint);
      assertThat(found).as(what).isEqualTo(memory.contents(process(5)));
      assertThat(checkpoint.process()).as(what).isEqualTo(process(5));
    } catch (FormatException e) {
      assertThat(e).as(what).hasMessageContaining(folder.toString());
    } catch (FileSystemException e) {
      throw new AssertionError(what, e);
    }
  }
}
