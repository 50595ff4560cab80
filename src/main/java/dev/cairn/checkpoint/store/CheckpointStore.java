package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.FileHash;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.WholeFile;
import dev.cairn.checkpoint.manifest.CheckpointManifest;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A folder of checkpoints that share their equal pages.
///
/// ```text
/// store.json          says that it is one
/// packs/000000.pack   pages, see PagePack
/// NAME/manifest.json  a checkpoint
/// NAME/pages          where its pages are
/// NAME/SHA256SUMS     of these two
/// ```
///
/// Pages come first and a checkpoint's folder gets its name last, each by a rename of what is on
/// the disk already; so a store is whole whenever its writer is killed, and what a killed one left
/// is in nobody's way. One writer at a time, which a lock of the system sees to.
public final class CheckpointStore implements AutoCloseable {
  static final String MANIFEST = "manifest.json";
  static final String PAGES = "pages";
  static final String SUMS = "SHA256SUMS";
  private static final String STORE = "store.json";
  private static final String PACKS = "packs";
  private static final String SUFFIX = ".pack";
  static final int VERSION = 2;
  private static final String HEAD =
      "{\"format\": \"cairn checkpoint store\", \"version\": " + VERSION + "}\n";

  private final Path folder;
  private final FileChannel lock;
  private final PlaceTable known = new PlaceTable();
  private final Packs packs;

  /// The pages of the checkpoint that was added last.
  private List<PageRun> before = List.of();

  private int nextPack;

  private CheckpointStore(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
    packs = new Packs(folder);
  }

  /// What gc has done.
  ///
  /// @param files removed
  /// @param bytes that are free again
  public record Collected(int files, long bytes) {}

  /// Opens a store to write to, making it if there is none.
  ///
  /// @throws CheckpointException if the folder is something else, or another writer has it
  public static CheckpointStore create(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path head = folder.resolve(STORE);
    if (!Files.exists(head)) {
      try (Stream<Path> there = Files.list(folder)) {
        if (there.anyMatch(each -> !each.getFileName().toString().startsWith(STORE))) {
          throw new CheckpointException(folder + ": neither empty nor a store of checkpoints");
        }
      }
      Path partial = WholeFile.partial(head);
      StoreFile.write(partial, HEAD.getBytes(StandardCharsets.UTF_8));
      StoreFile.name(partial, head);
    }
    return open(folder);
  }

  /// Opens a store to write to.
  ///
  /// @throws FormatException if there is none
  @SuppressWarnings("MustBeClosedChecker") // closed with the store
  public static CheckpointStore open(Path folder) throws IOException {
    requireStore(folder);
    FileChannel channel = FileChannel.open(folder.resolve(STORE), StandardOpenOption.WRITE);
    CheckpointStore store = new CheckpointStore(folder, channel);
    try {
      FileLock taken = channel.tryLock();
      if (taken == null) {
        throw new CheckpointException(folder + ": another cairn is writing to it");
      }
      Files.createDirectories(folder.resolve(PACKS));
      store.learn();
      return store;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new CheckpointException(folder + ": this cairn is writing to it already");
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void requireStore(Path folder) throws IOException {
    Path head = folder.resolve(STORE);
    try {
      String text = Files.readString(head);
      if (!text.equals(HEAD)) {
        boolean old = text.equals(HEAD.replace("\"version\": " + VERSION, "\"version\": 1"));
        throw new FormatException(
            head.toString(), old ? otherVersion(1) : "not a store of checkpoints: " + text.strip());
      }
    } catch (NoSuchFileException e) {
      throw new FormatException(folder.toString(), "no store of checkpoints");
    }
  }

  /// {@return what to say of a store of another version}
  static String otherVersion(int version) {
    return "version %d, and %d can be read; take the checkpoints anew, into another folder"
        .formatted(version, VERSION);
  }

  static Path pack(Path folder, int number) {
    return folder.resolve(PACKS).resolve("%06d%s".formatted(number, SUFFIX));
  }

  private static NavigableSet<Integer> packs(Path folder) throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder.resolve(PACKS))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]{6}\\" + SUFFIX))
          .forEach(name -> numbers.add(Integer.parseInt(name.substring(0, 6))));
    }
    return numbers;
  }

  /// Learns which pages are here.
  private void learn() throws IOException {
    known.clear();
    for (int number : packs(folder)) {
      nextPack = number + 1;
      try (PagePack pack = PagePack.open(pack(folder, number))) {
        for (int i = 0; i < pack.pages(); i++) {
          PageEntry entry = pack.entry(i);
          if (entry.form() != PageEntry.Form.GONE) {
            known.putIfAbsent(entry.hash(), PlaceTable.place(number, i));
          }
        }
      }
    }
  }

  /// {@return the names of a store's checkpoints, ascending by their instructions}
  public static List<String> names(Path folder) throws IOException {
    requireStore(folder);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> Files.exists(entry.resolve(MANIFEST)))
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.endsWith(WholeFile.PARTIAL))
          .sorted((a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length())
          .toList();
    }
  }

  /// {@return whether there is a checkpoint of a name}
  public boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  /// Keeps a checkpoint.
  ///
  /// @param name that no other one has
  /// @return the bytes that it has added to the store
  public long add(String name, ProcessState process, MemoryContents memory) throws IOException {
    if (has(name)) {
      throw new CheckpointException(folder.resolve(name) + ": exists already");
    }
    List<PageRun> runs;
    int pages;
    long bytes;
    boolean kept = false;
    int own = nextPack;
    try (PageAdder adder = new PageAdder(pack(folder, nextPack), nextPack, known, packs, before)) {
      for (Mapping mapping : process.mappings()) {
        memory.forEachPage(mapping, adder::add);
      }
      pages = adder.pages();
      for (Mapping file : process.keptFiles()) {
        memory.forEachPage(file, adder::add);
      }
      bytes = adder.bytes();
      nextPack += adder.commit() ? 1 : 0;
      runs = adder.runs();
      kept = true;
    } finally {
      if (!kept) {
        learn();
      }
    }
    byte[] where = PageRuns.bytes(runs);
    byte[] text = new CheckpointManifest(pages, process).bytes();
    try {
      write(name, where, text);
    } catch (IOException e) {
      if (nextPack > own) {
        nextPack = own;
        Files.deleteIfExists(pack(folder, own));
        learn();
      }
      throw e;
    }
    before = runs;
    return bytes + where.length + text.length;
  }

  /// Writes a checkpoint's folder, of which nothing stays if that fails.
  private void write(String name, byte[] where, byte[] text) throws IOException {
    Path partial = folder.resolve(name + WholeFile.PARTIAL);
    try {
      Files.createDirectories(partial);
      StoreFile.write(partial.resolve(PAGES), where);
      StoreFile.write(partial.resolve(MANIFEST), text);
      StoreFile.write(
          partial.resolve(SUMS),
          (sum(text, MANIFEST) + sum(where, PAGES)).getBytes(StandardCharsets.US_ASCII));
      StoreFile.force(partial);
      StoreFile.name(partial, folder.resolve(name));
    } catch (IOException e) {
      if (Files.exists(partial)) {
        remove(partial);
      }
      throw e;
    }
  }

  /// {@return a line as `sha256sum` writes it}
  static String sum(byte[] bytes, String name) {
    return HexFormat.of().formatHex(FileHash.sha256().digest(bytes)) + "  " + name + "\n";
  }

  /// Removes pages that no checkpoint has, and what killed writers left.
  ///
  /// @throws FormatException if a checkpoint or a pack is damaged; nothing is removed then
  public Collected collect() throws IOException {
    Map<Integer, BitSet> used = new TreeMap<>();
    for (String name : names(folder)) {
      try (Checkpoint checkpoint = Checkpoint.open(folder.resolve(name))) {
        for (PageRun run : checkpoint.runs()) {
          used.computeIfAbsent(run.pack(), _ -> new BitSet())
              .set(run.index(), run.index() + run.count());
        }
      }
    }
    useReferences(used);
    packs.close();
    before = List.of();
    int files = 0;
    long bytes = 0;
    for (Path left : partials()) {
      bytes += remove(left);
      files++;
    }
    for (int number : packs(folder)) { // first, as that makes room for the others
      if (!used.containsKey(number)) {
        Path path = pack(folder, number);
        bytes += Files.size(path);
        Files.delete(path);
        files++;
      }
    }
    for (int number : packs(folder)) {
      Path path = pack(folder, number);
      long before = Files.size(path);
      rewrite(path, used.getOrDefault(number, new BitSet()));
      bytes += before - Files.size(path);
    }
    learn();
    return new Collected(files, bytes);
  }

  /// Adds the pages by which others are told. They lie in earlier packs.
  private void useReferences(Map<Integer, BitSet> used) throws IOException {
    for (int number : packs(folder).descendingSet()) {
      BitSet pages = used.getOrDefault(number, new BitSet());
      for (int i = pages.nextSetBit(0); i >= 0; i = pages.nextSetBit(i + 1)) {
        PageEntry entry = packs.pack(number).entry(i);
        if (entry.form() == PageEntry.Form.CHANGES) {
          long place = entry.reference();
          used.computeIfAbsent(PlaceTable.pack(place), _ -> new BitSet())
              .set(PlaceTable.index(place));
        }
      }
    }
  }

  private List<Path> partials() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path where : List.of(folder, folder.resolve(PACKS))) {
      try (Stream<Path> entries = Files.list(where)) {
        all.addAll(
            entries.filter(each -> each.toString().endsWith(WholeFile.PARTIAL)).sorted().toList());
      }
    }
    return all;
  }

  private static long remove(Path path) throws IOException {
    long bytes = 0;
    if (Files.isDirectory(path)) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          bytes += remove(entry);
        }
      }
    } else {
      bytes = Files.size(path);
    }
    Files.delete(path);
    return bytes;
  }

  /// Writes a pack anew without the pages that are not used, if there are such; the others keep
  /// their index.
  private static void rewrite(Path path, BitSet kept) throws IOException {
    try (PagePack old = PagePack.open(path)) {
      boolean any = false;
      for (int i = 0; i < old.pages(); i++) {
        PageEntry entry = old.entry(i);
        any |= entry.form() != PageEntry.Form.GONE && !kept.get(i);
      }
      if (!any) {
        return;
      }
      try (PagePackWriter pack = PagePackWriter.create(path)) {
        for (int i = 0; i < old.pages(); i++) {
          PageEntry entry = old.entry(i);
          boolean keeps = entry.form() != PageEntry.Form.GONE && kept.get(i);
          pack.add(keeps ? entry : entry.gone(), keeps ? ByteBuffer.wrap(old.stored(entry)) : null);
        }
        pack.commit();
      }
    }
  }

  @Override
  public void close() throws IOException {
    packs.close();
    lock.close();
  }
}
