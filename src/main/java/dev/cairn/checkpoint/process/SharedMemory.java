package dev.cairn.checkpoint.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What of a process's shared memory can be carried: what lies once in it, and without a file or of
/// one that still has its name.
final class SharedMemory {
  /// What is mapped to the address that its first byte would have.
  private final TreeMap<Long, Long> places = new TreeMap<>();

  /// {@return why memory that is shared can't be carried, in words; null if it can}
  @Nullable String hindrance(HostMapping mapping) {
    String file = mapping.file();
    if (file == null) {
      long place = mapping.start() - mapping.fileOffset();
      Long known = places.putIfAbsent(mapping.inode(), place);
      return known == null || known == place
          ? null
          : "it has the same memory at two addresses: 0x%x and 0x%x"
              .formatted(known + mapping.fileOffset(), mapping.start());
    }
    return Files.isRegularFile(Path.of(file))
        ? null
        : "it shares memory that has no file with a name: 0x%x, %s"
            .formatted(mapping.start(), file);
  }
}
