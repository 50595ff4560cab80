package dev.cairn.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The folder in which a guest's absolute paths are looked up before the host's own.
///
/// @param folder null if there is none, and only the host's files are seen
record Sysroot(@Nullable Path folder) {
  private static final int MOST_LINKS = 40;

  /// {@return the host's path of a guest's absolute path, or null if there is no such file}
  ///
  /// An absolute symbolic link inside the folder leads back into it.
  @Nullable Path find(String guestPath) {
    try {
      if (folder != null) {
        Path inside = follow(folder, Path.of("/").resolve(guestPath));
        if (inside != null) {
          return inside;
        }
      }
      Path outside = Path.of(guestPath);
      return Files.exists(outside) ? outside : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /// {@return what the guest calls a file of the host, of which `realPath` is free of links}
  Path guestPath(Path realPath) throws IOException {
    Path root = folder == null ? null : folder.toRealPath();
    return root != null && realPath.startsWith(root)
        ? Path.of("/").resolve(root.relativize(realPath))
        : realPath;
  }

  private static @Nullable Path follow(Path root, Path guestPath) {
    Path rest = guestPath.normalize();
    for (int links = 0; links < MOST_LINKS; links++) {
      Path target = afterFirstLink(root, rest);
      if (target == null) {
        Path host = root.resolve(Path.of("/").relativize(rest).toString());
        return Files.exists(host) ? host : null;
      }
      rest = target.normalize();
    }
    return null;
  }

  /// {@return the guest path after the first link on the way was followed, or null if there is
  /// none}
  private static @Nullable Path afterFirstLink(Path root, Path guestPath) {
    Path host = root;
    for (int i = 0; i < guestPath.getNameCount(); i++) {
      host = host.resolve(guestPath.getName(i).toString());
      if (Files.isSymbolicLink(host)) {
        Path target = linkTarget(host);
        if (target == null) {
          return null;
        }
        Path from = i == 0 ? Path.of("/") : Path.of("/").resolve(guestPath.subpath(0, i));
        Path resolved = target.isAbsolute() ? target : from.resolve(target);
        Path tail =
            i + 1 < guestPath.getNameCount()
                ? guestPath.subpath(i + 1, guestPath.getNameCount())
                : Path.of("");
        return resolved.resolve(tail);
      }
    }
    return null;
  }

  private static @Nullable Path linkTarget(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return null;
    }
  }
}
