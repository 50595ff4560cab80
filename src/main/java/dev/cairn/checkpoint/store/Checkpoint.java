package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.manifest.CheckpointManifest;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A checkpoint in a store, open for reading. One thread at a time.
public final class Checkpoint implements MemoryContents, AutoCloseable {
  private final Path folder;
  private final CheckpointManifest manifest;
  private final List<PageRun> runs;
  private final Packs packs;

  private Checkpoint(Path folder, CheckpointManifest manifest, List<PageRun> runs) {
    this.folder = folder;
    this.manifest = manifest;
    this.runs = runs;
    packs = new Packs(store());
  }

  /// Opens a checkpoint.
  ///
  /// @param folder a store's folder with the checkpoint's name
  /// @throws FormatException if there is none there, or it is damaged
  public static Checkpoint open(Path folder) throws IOException {
    Path file = folder.resolve(CheckpointStore.MANIFEST);
    if (!Files.exists(file)) {
      throw new FormatException(
          folder.toString(),
          "no checkpoint; its name is STORE/NAME, and 'cairn checkpoint ls STORE'"
              + " lists the names");
    }
    CheckpointManifest manifest = CheckpointManifest.read(file);
    Path pages = folder.resolve(CheckpointStore.PAGES);
    requireUndamaged(folder.resolve(CheckpointStore.SUMS), file, pages);
    return new Checkpoint(folder, manifest, PageRuns.read(pages));
  }

  private static void requireUndamaged(Path sums, Path... files) throws IOException {
    String expected = Files.exists(sums) ? Files.readString(sums, StandardCharsets.ISO_8859_1) : "";
    for (Path file : files) {
      String line =
          Files.exists(file)
              ? CheckpointStore.sum(Files.readAllBytes(file), file.getFileName().toString())
              : "missing";
      if (!expected.contains(line)) {
        throw new FormatException(file.toString(), "damaged: it is not what " + sums + " says");
      }
    }
  }

  /// {@return where it is}
  public Path folder() {
    return folder;
  }

  public ProcessState process() {
    return manifest.process();
  }

  /// {@return how many pages are not all zeros}
  public long pages() {
    return manifest.pages();
  }

  List<PageRun> runs() {
    return runs;
  }

  @Override
  public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
    byte[] page = new byte[Mapping.PAGE_BYTES];
    for (int i = firstRun(mapping.start()); i < runs.size(); i++) {
      PageRun run = runs.get(i);
      if (run.address() >= mapping.end()) {
        return;
      }
      long first = Math.max(run.address(), mapping.start());
      long end = Math.min(run.end(), mapping.end());
      for (long address = first; address < end; address += Mapping.PAGE_BYTES) {
        packs.read(run.place(address), page);
        consumer.accept(address, page);
      }
    }
  }

  /// {@return the first run that ends above an address}
  private int firstRun(long address) {
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).end() <= address) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// {@return its memory, with what the store has as it is to be mapped from there}
  public StoredMemory inPlace() throws IOException {
    return StoredMemory.of(this, packs);
  }

  Path store() {
    return folder.toAbsolutePath().resolveSibling("");
  }

  @Override
  public void close() throws IOException {
    packs.close();
  }
}
