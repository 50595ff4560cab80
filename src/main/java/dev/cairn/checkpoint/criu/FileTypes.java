package dev.cairn.checkpoint.criu;

import java.util.Map;
import java.util.TreeMap;

/// What a descriptor stands for: `fdinfo_entry.type` and `file_entry.type`.
final class FileTypes {
  static final int REGULAR = 1;
  static final int PIPE = 2;
  static final int TTY = 11;

  /// `remap_file_path_entry.remap_type` of a file whose contents are in an image of its own, and
  /// what older images have in its number instead.
  static final int GHOST = 1;

  static final long GHOST_NUMBER = 1L << 31;

  private static final Map<Integer, String> OTHERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(3, "a named pipe"),
              Map.entry(4, "an internet socket"),
              Map.entry(5, "a Unix socket"),
              Map.entry(6, "an eventfd"),
              Map.entry(7, "an epoll"),
              Map.entry(8, "an inotify"),
              Map.entry(9, "a signalfd"),
              Map.entry(10, "a packet socket"),
              Map.entry(12, "a fanotify"),
              Map.entry(13, "a netlink socket"),
              Map.entry(14, "a namespace"),
              Map.entry(15, "a network tunnel"),
              Map.entry(16, "an external file"),
              Map.entry(17, "a timerfd"),
              Map.entry(18, "a memfd"),
              Map.entry(19, "a BPF map"),
              Map.entry(20, "a pidfd")));

  private FileTypes() {}

  /// {@return what a type is in words}
  static String name(long type) {
    return OTHERS.getOrDefault((int) type, "of the unknown type " + type);
  }
}
