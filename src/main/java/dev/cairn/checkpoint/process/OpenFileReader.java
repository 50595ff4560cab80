package dev.cairn.checkpoint.process;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.Uncarried;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what a guest's descriptors stand for, which are QEMU's own by the same numbers.
final class OpenFileReader {
  private static final int ACCESS = 3;
  private static final int WRITES = 1;

  /// AArch64's `O_DIRECT`, by which a pipe keeps apart what was written apart.
  private static final int PACKETS = 0200000;

  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int NOT_FOR_OPEN = CLOSE_ON_EXEC | 0100 | 0200 | 01000;

  /// x86-64's `O_DIRECT`, `O_DIRECTORY`, `O_NOFOLLOW` and `O_LARGEFILE`, each with AArch64's.
  private static final int[][] OTHER_ON_X86 = {
    {040000, 0200000}, {0200000, 040000}, {0400000, 0100000}, {0100000, 0400000}
  };

  /// What QEMU keeps the text of `/proc/self/maps` and the like in.
  private static final String MADE_UP = "/memfd:qemu-open";

  /// What the kernel calls a file without a name that an executable has made of one's contents.
  private static final String MADE = "/memfd:cairn:/";

  private static final String NAMELESS = " (deleted)";

  private final Path folder;
  private final Set<Uncarried> ignored;
  private final KnownHashes hashes;
  private final boolean x86 = System.getProperty("os.arch", "").equals("amd64");

  /// @param process QEMU's number
  /// @param ignored what is left out
  /// @param hashes of files that were looked at before
  OpenFileReader(int process, Set<Uncarried> ignored, KnownHashes hashes) {
    folder = Path.of("/proc/" + process);
    this.ignored = ignored;
    this.hashes = hashes;
  }

  /// {@return the numbers of all descriptors, QEMU's own too}
  NavigableSet<Integer> descriptors() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (Stream<Path> links = Files.list(folder.resolve("fd"))) {
      links.forEach(link -> numbers.add(Integer.parseInt(link.getFileName().toString())));
    }
    return numbers;
  }

  private String target(int descriptor) throws IOException {
    return Files.readSymbolicLink(folder.resolve("fd/" + descriptor)).toString();
  }

  /// Reads the guest's descriptors.
  ///
  /// @param guests descriptor to description
  /// @param others descriptors that are not the guest's
  /// @throws CheckpointException if one can't be carried
  List<OpenFile> read(Map<Integer, Integer> guests, Set<Integer> others) throws IOException {
    NavigableSet<Integer> present = descriptors();
    List<OpenFile> files = new ArrayList<>();
    for (Map.Entry<Integer, Integer> each : new TreeMap<>(guests).entrySet()) {
      if (!present.remove(each.getKey())) {
        throw new CheckpointException("descriptor " + each.getKey() + " is not open in QEMU");
      }
      OpenFile file = read(each.getKey(), each.getValue());
      if (file != null) {
        files.add(file);
      }
    }
    List<OpenFile> carried = new ArrayList<>();
    for (OpenFile file : files) {
      OpenFile other = file.kind() == OpenFile.Kind.PIPE ? otherEnd(file, files) : file;
      if (other == null) {
        continue;
      }
      boolean holds = file.kind() == OpenFile.Kind.PIPE && file.readsOnly();
      carried.add(holds ? file.holding(held(file, other)) : file);
    }
    present.removeAll(others);
    if (!present.isEmpty()) {
      int first = present.first();
      throw new CheckpointException(
          "descriptor " + first + " (" + target(first) + ") is open, and no system call opened it");
    }
    return carried;
  }

  /// {@return the other end of a pipe; null if it is not here and that may be let pass}
  private @Nullable OpenFile otherEnd(OpenFile pipe, List<OpenFile> files)
      throws CheckpointException {
    for (OpenFile other : files) {
      if (other.readsOnly() != pipe.readsOnly()
          && String.valueOf(pipe.path()).equals(other.path())) {
        return other;
      }
    }
    String name = name(pipe.descriptor(), String.valueOf(pipe.path()));
    pass(Uncarried.PIPES, "it has a pipe to another process, or one end of it: " + name);
    return null;
  }

  /// {@return what is in a pipe, which is taken out and put back: nobody else is there to read it,
  /// as long as the process has no children}
  private byte[] held(OpenFile pipe, OpenFile other) throws IOException {
    Path reading = folder.resolve("fd/" + pipe.descriptor());
    Path writing = folder.resolve("fd/" + other.descriptor());
    try (InputStream out = new FileInputStream(reading.toFile())) {
      int waiting = out.available();
      if (waiting == 0) {
        return new byte[0];
      }
      boolean packets = ((pipe.flags() | other.flags()) & PACKETS) != 0;
      if (packets || ignored.contains(Uncarried.CHILDREN)) {
        String what = packets ? "packets in it: " : "data in it, which a child may read: ";
        String name = name(pipe.descriptor(), String.valueOf(pipe.path()));
        pass(Uncarried.PIPES, "it has a pipe with " + what + name);
        return new byte[0];
      }
      try (OutputStream in = new FileOutputStream(writing.toFile())) {
        byte[] held = out.readNBytes(waiting);
        in.write(held);
        return held;
      }
    }
  }

  private void pass(Uncarried kind, String what) throws CheckpointException {
    if (!ignored.contains(kind)) {
      throw kind.refused(what);
    }
  }

  /// {@return what a descriptor stands for; null if it is left out}
  private @Nullable OpenFile read(int descriptor, int description) throws IOException {
    int flags = 0;
    long offset = 0;
    for (ProcField field : ProcField.read(folder.resolve("fdinfo/" + descriptor))) {
      String value = field.value();
      switch (field.name()) {
        case "pos" -> offset = Long.parseLong(value);
        case "flags" -> flags = Integer.parseInt(value, 8);
        case "lock" ->
            pass(
                Uncarried.LOCKS,
                "it holds a lock of a file: " + name(descriptor, target(descriptor)));
        default -> {}
      }
    }
    boolean closes = (flags & CLOSE_ON_EXEC) != 0;
    int kept = guestFlags(flags & ~NOT_FOR_OPEN);
    String named = target(descriptor);
    String target = path(named);
    Path there = target.equals(named) ? Path.of(target) : folder.resolve("fd/" + descriptor);
    boolean isFile = Files.isRegularFile(there);
    boolean isInput = description == 0 && isFile && (flags & ACCESS) != WRITES;
    if (description <= 2 && !isInput) {
      return new OpenFile(
          descriptor, description, OpenFile.Kind.STREAM, null, kept, 0, closes, -1, null);
    }
    if (target.startsWith("pipe:")) {
      return new OpenFile(
          descriptor, description, OpenFile.Kind.PIPE, target, kept, 0, closes, -1, null);
    }
    if (target.startsWith("socket:")) {
      pass(Uncarried.SOCKETS, "it has a socket: " + name(descriptor, target));
      return null;
    }
    if (target.startsWith("anon_inode:")) {
      pass(Uncarried.SPECIAL_FILES, "it has a special file: " + name(descriptor, target));
      return null;
    }
    if (target.equals(named)) {
      refuseUnlessCarried(descriptor, target);
    }
    boolean hashed = isFile && (flags & ACCESS) == 0;
    return new OpenFile(
        descriptor,
        description,
        OpenFile.Kind.FILE,
        target,
        kept,
        offset,
        closes,
        hashed ? Files.size(there) : -1,
        hashed ? hashes.of(there) : null);
  }

  /// {@return the path of a file; of one that a restored process was given in its place, the one
  /// that it had}
  private static String path(String target) {
    return target.startsWith(MADE) && target.endsWith(NAMELESS)
        ? target.substring(MADE.length() - 1, target.length() - NAMELESS.length())
        : target;
  }

  private static void refuseUnlessCarried(int descriptor, String target) throws IOException {
    String name = name(descriptor, target);
    if (target.startsWith(MADE_UP)) {
      throw new CheckpointException(
          "it has a file under /proc open that QEMU makes up for it: descriptor " + descriptor);
    }
    if (!target.startsWith("/") || target.startsWith("/memfd:")) {
      throw new CheckpointException("it has a file that has no name: " + name);
    }
    Path path = Path.of(target);
    if (!Files.exists(path)) {
      throw new CheckpointException("it has a file open that was deleted: " + name);
    }
    if (!Files.isRegularFile(path) && !Files.isDirectory(path) && !target.startsWith("/dev/")) {
      throw new CheckpointException("it has something open that is no file or folder: " + name);
    }
  }

  private static String name(int descriptor, String target) {
    return "descriptor " + descriptor + ", " + target;
  }

  private int guestFlags(int flags) {
    if (!x86) {
      return flags;
    }
    int guest = flags;
    for (int[] pair : OTHER_ON_X86) {
      guest &= ~pair[0];
    }
    for (int[] pair : OTHER_ON_X86) {
      guest |= (flags & pair[0]) != 0 ? pair[1] : 0;
    }
    return guest;
  }
}
