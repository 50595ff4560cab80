package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.GuestPaths;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.criu.image.GhostImage;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageWriter;
import dev.cairn.checkpoint.criu.image.NewEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The images of what files a process has: open ones, its program's, the folder it is in.
///
/// A standard stream that was not a file is written as the file `/dev/stdin`, `/dev/stdout` or
/// `/dev/stderr`; `criu restore --inherit-fd fd[1]:dev/stdout` puts another in its place.
final class FileImages {
  static final List<String> STREAMS = List.of("/dev/stdin", "/dev/stdout", "/dev/stderr");

  /// A position that CRIU does not set: a device has none.
  static final long NO_POSITION = -1;

  private static final int CLOSES_ON_EXEC = 1;
  private static final int[] STREAM_FLAGS = {0, 1, 1};

  private final Path folder;

  /// The room that a pipe has at first.
  private static final int PIPE_BYTES = 1 << 16;

  private static final int AT_EUID = 12;
  private static final int AT_EGID = 14;

  /// `O_RDWR`
  private static final int READ_AND_WRITE = 2;

  private final ProcessState process;
  private final ImageWriter files;
  private final GuestPaths paths;
  private final MemoryContents memory;
  private int next = 1;

  /// The files whose contents have an image of their own, by where these are, and who they are.
  private final TreeMap<Long, Integer> ghosts = new TreeMap<>();

  private final TreeMap<Integer, Integer> remaps = new TreeMap<>();

  /// @param memory where contents of files are, if they are kept
  FileImages(Path folder, ProcessState process, MemoryContents memory, ImageWriter files)
      throws IOException {
    this.memory = memory;
    this.folder = folder;
    this.process = process;
    this.files = files;
    paths = GuestPaths.of(process);
  }

  /// Writes the program's file.
  ///
  /// @return its number
  int writeExecutable() throws IOException {
    return regular(paths.seen(process.start().executable()), 0, 0, -1);
  }

  /// Writes a file that memory is shared with.
  ///
  /// @return its number
  int writeShared(String path) throws IOException {
    return regular(paths.seen(path), READ_AND_WRITE, 0, -1);
  }

  /// Writes the folder that the process is in, and its root.
  ///
  /// @param number of the process
  void writeFolders(long number) throws IOException {
    String working = process.workingDirectory();
    int root = regular("/", 0, 0, -1);
    int current = working == null ? root : regular(paths.seen(working), 0, 0, -1);
    ImageWriter.write(
        folder,
        ImageKind.FS,
        number,
        NewEntry.of("fs_entry")
            .put("cwd_id", current)
            .put("root_id", root)
            .put("umask", process.umask()));
  }

  /// Writes the descriptors and what they stand for.
  ///
  /// @param number of the table of descriptors
  void writeDescriptors(long number) throws IOException {
    TreeMap<Integer, Integer> described = new TreeMap<>();
    TreeMap<String, Integer> pipes = new TreeMap<>();
    try (ImageWriter table = new ImageWriter(folder, ImageKind.FDINFO, number)) {
      for (OpenFile file : process.files()) {
        Integer id = described.get(file.description());
        if (id == null) {
          id = write(file, pipes);
          described.put(file.description(), id);
        }
        table.put(
            NewEntry.of("fdinfo_entry")
                .put("id", id)
                .put("flags", file.closesOnExec() ? CLOSES_ON_EXEC : 0)
                .put("type", file.kind() == OpenFile.Kind.PIPE ? FileTypes.PIPE : FileTypes.REGULAR)
                .put("fd", file.descriptor()));
      }
    }
    writeHeld(pipes);
    writeRemaps();
  }

  /// Writes which files have an image of their own, if any has.
  private void writeRemaps() throws IOException {
    if (remaps.isEmpty()) {
      return;
    }
    try (ImageWriter image = new ImageWriter(folder, ImageKind.REMAPS, 0)) {
      for (Map.Entry<Integer, Integer> each : remaps.entrySet()) {
        image.put(
            NewEntry.of("remap_file_path_entry")
                .put("orig_id", each.getKey())
                .put("remap_id", each.getValue())
                .put("remap_type", FileTypes.GHOST));
      }
    }
  }

  /// Writes a file with its contents, which CRIU makes anew without a name.
  private int ghost(OpenFile file, String path) throws IOException {
    Integer ghost = ghosts.get(file.contents());
    if (ghost == null) {
      ghost = ghosts.size() + 1;
      ghosts.put(file.contents(), ghost);
      NewEntry owner =
          NewEntry.of("ghost_file_entry")
              .put("uid", process.start().auxiliary(AT_EUID))
              .put("gid", process.start().auxiliary(AT_EGID));
      GhostImage.write(folder, ghost, owner, file.bytes(), file.pages(), memory);
    }
    int id = regular(paths.seen(path), file.flags(), file.offset(), file.bytes());
    remaps.put(id, ghost);
    return id;
  }

  /// Writes what is in the pipes, if there is something.
  private void writeHeld(Map<String, Integer> pipes) throws IOException {
    TreeMap<Integer, byte[]> held = new TreeMap<>();
    for (OpenFile file : process.files()) {
      Integer pipe = pipes.get(String.valueOf(file.path()));
      if (pipe != null && file.held() != null) {
        held.put(pipe, file.heldBytes());
      }
    }
    if (held.isEmpty()) {
      return;
    }
    try (ImageWriter data = new ImageWriter(folder, ImageKind.PIPES_DATA, 0)) {
      for (Map.Entry<Integer, byte[]> each : held.entrySet()) {
        int bytes = each.getValue().length;
        int room = Math.max(PIPE_BYTES, Integer.highestOneBit(2 * bytes - 1));
        data.put(
            NewEntry.of("pipe_data_entry")
                .put("pipe_id", each.getKey())
                .put("bytes", bytes)
                .put("size", room));
        data.put(each.getValue());
      }
    }
  }

  private int write(OpenFile file, Map<String, Integer> pipes) throws IOException {
    String path = String.valueOf(file.path());
    return switch (file.kind()) {
      case STREAM ->
          regular(
              STREAMS.get(file.description()), STREAM_FLAGS[file.description()], NO_POSITION, -1);
      case FILE -> {
        if (file.kept() && file.readsOnly()) {
          yield ghost(file, path);
        }
        Path there = Path.of(path);
        boolean isDevice = Files.exists(there) && !Files.isRegularFile(there);
        boolean isFolder = Files.isDirectory(there);
        yield regular(
            paths.seen(path),
            file.flags(),
            isDevice && !isFolder ? NO_POSITION : file.offset(),
            isDevice || !file.readsOnly() ? -1 : file.bytes());
      }
      case PIPE -> {
        int pipe = pipes.computeIfAbsent(path, _ -> pipes.size() + 1);
        int id = next++;
        files.put(
            NewEntry.of("file_entry")
                .put("type", FileTypes.PIPE)
                .put("id", id)
                .put(
                    "pipe",
                    NewEntry.of("pipe_entry")
                        .put("id", id)
                        .put("pipe_id", pipe)
                        .put("flags", file.flags())
                        .put("fown", nobody())));
        yield id;
      }
    };
  }

  /// @param bytes of the file, which CRIU compares at a restore; -1 if it may have others
  private int regular(String path, int flags, long position, long bytes) throws IOException {
    int id = next++;
    NewEntry file =
        NewEntry.of("reg_file_entry")
            .put("id", id)
            .put("flags", flags)
            .put("pos", position)
            .put("fown", nobody())
            .put("name", path);
    if (bytes >= 0) {
      file.put("size", bytes);
    }
    files.put(
        NewEntry.of("file_entry").put("type", FileTypes.REGULAR).put("id", id).put("reg", file));
    return id;
  }

  /// {@return that nobody is told of what happens to a file}
  private static NewEntry nobody() {
    return NewEntry.of("fown_entry")
        .put("uid", 0)
        .put("euid", 0)
        .put("signum", 0)
        .put("pid_type", 0)
        .put("pid", 0);
  }
}
