package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// A process's memory with the contents of its open files, as pages that lie above it.
public final class KeptFiles implements MemoryContents {
  private static final int PAGE = Mapping.PAGE_BYTES;

  private final MemoryContents memory;

  /// Where the contents of a file lie, and the file that has them.
  private final TreeMap<Long, Path> places = new TreeMap<>();

  private final List<OpenFile> files = new ArrayList<>();

  /// Looks at all regular files.
  ///
  /// @param memory of the process
  /// @param open its files; those that are kept already stay as they are
  /// @param here where a file's contents can be read
  public KeptFiles(MemoryContents memory, List<OpenFile> open, Function<OpenFile, Path> here)
      throws IOException {
    this.memory = memory;
    long next = OpenFile.CONTENTS;
    Map<String, OpenFile> known = new TreeMap<>();
    for (OpenFile file : open) {
      if (file.kept()) {
        next = Math.max(next, file.contents() + OpenFile.APART);
      }
    }
    for (OpenFile file : open) {
      String path = file.path();
      if (path == null || file.kept() || file.kind() != OpenFile.Kind.FILE) {
        files.add(file);
        continue;
      }
      Path there = here.apply(file);
      if (!Files.isRegularFile(there)) {
        files.add(file);
        continue;
      }
      OpenFile first = known.get(path);
      if (first == null) {
        places.put(next, there);
        String hash = file.sha256() == null ? FileHash.of(there) : file.sha256();
        first = file.withContents(Files.size(there), hash, next);
        known.put(path, first);
        next += OpenFile.APART;
      }
      files.add(file.withContents(first.bytes(), first.sha256(), first.contents()));
    }
  }

  /// {@return the files, with where their contents lie}
  public List<OpenFile> files() {
    return List.copyOf(files);
  }

  @Override
  public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
    Path file = places.get(mapping.start());
    if (file == null) {
      memory.forEachPage(mapping, consumer);
      return;
    }
    byte[] page = new byte[PAGE];
    try (FileChannel contents = FileChannel.open(file)) {
      long bytes = contents.size();
      if (bytes > mapping.bytes()) {
        throw new CheckpointException(mapping.file() + ": grows while its contents are read");
      }
      for (long at = 0; at < bytes; at += PAGE) {
        Arrays.fill(page, (byte) 0);
        read(contents, at, ByteBuffer.wrap(page));
        if (!MemoryContents.isZeros(page)) {
          consumer.accept(mapping.start() + at, page);
        }
      }
    }
  }

  /// Reads as much as there is.
  private static void read(FileChannel contents, long from, ByteBuffer into) throws IOException {
    int count = 0;
    while (into.hasRemaining() && count >= 0) {
      count = contents.read(into, from + into.position());
    }
  }
}
