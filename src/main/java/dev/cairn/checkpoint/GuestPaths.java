package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a process calls its files, to which the sysroot is not known that QEMU looks them up in.
///
/// @param sysroot without links; null if there is none
public record GuestPaths(@Nullable Path sysroot) {
  /// Those of a process, if its sysroot is there.
  public static GuestPaths of(ProcessState process) throws IOException {
    String root = process.sysroot();
    return new GuestPaths(
        root == null || !Files.isDirectory(Path.of(root)) ? null : Path.of(root).toRealPath());
  }

  /// {@return a path as the process sees it}
  ///
  /// @param path as the host names it
  public String seen(String path) {
    return sysroot != null && Path.of(path).startsWith(sysroot)
        ? "/" + sysroot.relativize(Path.of(path))
        : path;
  }
}
