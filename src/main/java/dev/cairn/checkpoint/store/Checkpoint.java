package dev.cairn.checkpoint.store;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A checkpoint in a store, open for reading. One thread at a time.
public final class Checkpoint implements MemoryContents, AutoCloseable {
  private final Path folder;
  private final CheckpointManifest manifest;
  private final List<PageRun> runs;
  private final Map<Integer, PagePack> packs = new HashMap<>();

  private Checkpoint(Path folder, CheckpointManifest manifest, List<PageRun> runs) {
    this.folder = folder;
    this.manifest = manifest;
    this.runs = runs;
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
    for (PageRun run : runs) {
      if (run.address() >= mapping.end()) {
        return;
      }
      for (int i = 0; i < run.count(); i++) {
        long address = run.address() + (long) i * Mapping.PAGE_BYTES;
        if (address >= mapping.start() && address < mapping.end()) {
          pack(run.pack()).read(run.index() + i, page);
          consumer.accept(address, page);
        }
      }
    }
  }

  private PagePack pack(int number) throws IOException {
    PagePack pack = packs.get(number);
    if (pack == null) {
      pack =
          PagePack.open(CheckpointStore.pack(folder.toAbsolutePath().resolveSibling(""), number));
      packs.put(number, pack);
    }
    return pack;
  }

  @Override
  public void close() throws IOException {
    for (PagePack pack : packs.values()) {
      pack.close();
    }
  }
}
