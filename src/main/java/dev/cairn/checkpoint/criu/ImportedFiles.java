package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.FileHash;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.criu.image.Entry;
import dev.cairn.checkpoint.criu.image.GhostImage;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageReader;
import dev.cairn.event.FormatException;
import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The files of a process that CRIU has dumped, as they are found on this machine.
final class ImportedFiles {
  private static final int STREAMS = 3;
  private static final int CLOSES_ON_EXEC = 1;
  private static final int PATH_ONLY = 010000000;
  private static final int MOST_DESCRIPTORS = 1 << 20;
  private static final int NOT_FOR_OPEN = 02000000 | 0100 | 0200 | 01000;

  private final @Nullable Path sysroot;

  /// By number.
  private final TreeMap<Long, Entry> files = new TreeMap<>();

  private final TreeSet<Long> deleted = new TreeSet<>();

  /// The number of the image that has a deleted file's contents, by the file's.
  private final TreeMap<Long, Long> ghosts = new TreeMap<>();

  /// Where contents of such files are to lie, by the number of the image; and they themselves.
  private final TreeMap<Long, Long> places = new TreeMap<>();

  private final TreeMap<Long, GhostImage> contents = new TreeMap<>();
  private final Path folder;

  /// What is in pipes, by number.
  private final Map<Long, byte[]> held;

  /// Reads what files there are.
  ///
  /// @param sysroot where they are looked up first
  ImportedFiles(Path folder, @Nullable Path sysroot) throws IOException {
    this.folder = folder;
    this.sysroot = sysroot;
    for (Entry file : ImageReader.all(folder, ImageKind.FILES, 0)) {
      files.put(file.number("id"), file);
    }
    for (Entry remap : ImageReader.allIfAny(folder, ImageKind.REMAPS)) {
      deleted.add(remap.number("orig_id"));
      long number = remap.number("remap_id");
      boolean isGhost =
          remap.has("remap_type")
              ? remap.number("remap_type") == FileTypes.GHOST
              : (number & FileTypes.GHOST_NUMBER) != 0;
      if (isGhost) {
        ghosts.put(remap.number("orig_id"), number & ~FileTypes.GHOST_NUMBER);
      }
    }
    if (!ImageReader.allIfAny(folder, ImageKind.FILE_LOCKS).isEmpty()) {
      throw new CheckpointException("it holds a lock on a file");
    }
    held = ImageReader.heldByPipes(folder);
  }

  /// {@return the name of a regular file or folder, as the process saw it}
  ///
  /// @param from what names it, with its place in words
  String name(long id, String from) throws IOException {
    return regular(id, from).text("name");
  }

  private Entry regular(long id, String from) throws IOException {
    Entry file = files.get(id);
    Entry regular = file == null ? null : file.entry("reg");
    if (regular == null) {
      throw new FormatException(from, "there is no file " + id + " in the images");
    }
    String name = regular.text("name");
    boolean isStream = regular.number("ext") != 0;
    if (!isStream && (!name.startsWith("/") || name.indexOf('\0') >= 0)) {
      throw new FormatException(
          regular.where("name"), "no path: '" + name.replaceAll("\\p{Cntrl}", "?") + "'");
    }
    return regular;
  }

  /// {@return where a path is on this machine}
  Path here(String name) throws CheckpointException {
    try {
      Path inside = sysroot == null ? null : sysroot.resolve(name.substring(1));
      return inside != null && Files.exists(inside) ? inside : Path.of(name);
    } catch (InvalidPathException e) {
      throw new CheckpointException(name + ": no name of a file here: " + e.getReason());
    }
  }

  /// {@return a file that is there and what it was, by the length and the build id that CRIU keeps}
  ///
  /// @param from what names it, with its place in words
  Path unchanged(long id, String from) throws IOException {
    Entry regular = regular(id, from);
    String name = regular.text("name");
    if (deleted.contains(id)) {
      throw new CheckpointException("it uses a file that was deleted: " + name);
    }
    Path here = here(name);
    if (!Files.exists(here)) {
      throw new CheckpointException(
          name + " is missing here; name a folder that holds it by --sysroot");
    }
    if (regular.has("size") && Files.size(here) != regular.number("size")) {
      throw new CheckpointException(
          "%s has %d bytes, and had %d when the process was dumped"
              .formatted(here, Files.size(here), regular.number("size")));
    }
    String buildId = buildId(regular);
    if (!buildId.isEmpty() && !buildId.startsWith(String.valueOf(foundBuildId(here)))) {
      throw new CheckpointException(
          here + " is another than when the process was dumped: its build id was " + buildId);
    }
    try {
      return here.toRealPath();
    } catch (NoSuchFileException e) { // as /dev/stdin, if that is a pipe
      throw new CheckpointException(name + " is no file here: " + here);
    }
  }

  private static String buildId(Entry regular) {
    StringBuilder text = new StringBuilder();
    for (long word : regular.numbers("build_id")) {
      text.append("%08x".formatted(Integer.reverseBytes((int) word)));
    }
    return text.toString();
  }

  private static @Nullable String foundBuildId(Path file) throws IOException {
    try {
      return ElfImage.open(file).buildId();
    } catch (FormatException e) {
      return null;
    }
  }

  /// {@return what descriptors the process has}
  ///
  /// @param table the number of the table of descriptors
  List<OpenFile> open(Path folder, long table) throws IOException {
    List<Entry> descriptors = ImageReader.all(folder, ImageKind.FDINFO, table);
    Map<Long, Integer> streams = streams(descriptors);
    TreeMap<Integer, OpenFile> all = new TreeMap<>();
    TreeMap<Long, Integer> descriptions = new TreeMap<>();
    for (Entry descriptor : descriptors) {
      if (descriptor.number("fd") >= MOST_DESCRIPTORS) {
        throw new FormatException(
            descriptor.where("fd"), "no descriptor: " + descriptor.number("fd"));
      }
      int number = (int) descriptor.number("fd");
      long id = descriptor.number("id");
      boolean closes = (descriptor.number("flags") & CLOSES_ON_EXEC) != 0;
      Integer stream = streams.get(id);
      OpenFile file =
          stream != null
              ? new OpenFile(number, stream, OpenFile.Kind.STREAM, null, 0, 0, closes, -1, null)
              : file(
                  descriptor,
                  number,
                  descriptions.computeIfAbsent(id, _ -> STREAMS + descriptions.size()),
                  closes);
      all.put(number, file);
    }
    return new ArrayList<>(all.values());
  }

  /// {@return which files are standard streams that are not carried: terminals, and pipes to
  /// others}
  private Map<Long, Integer> streams(List<Entry> descriptors) throws IOException {
    Map<Long, Integer> streams = new TreeMap<>();
    for (Entry descriptor : descriptors) {
      long number = descriptor.number("fd");
      long id = descriptor.number("id");
      if (number < STREAMS && isStream(descriptor, id)) {
        streams.putIfAbsent(id, (int) number);
      }
    }
    return streams;
  }

  private boolean isStream(Entry descriptor, long id) throws IOException {
    return switch ((int) descriptor.number("type")) {
      case FileTypes.TTY -> true;
      case FileTypes.PIPE -> !hasBothEnds(pipe(descriptor, id).number("pipe_id"));
      case FileTypes.REGULAR ->
          FileImages.STREAMS.contains(name(id, descriptor.where("id")))
              || regular(id, descriptor.where("id")).number("ext") != 0;
      default -> false;
    };
  }

  private Entry pipe(Entry descriptor, long id) throws FormatException {
    Entry file = files.get(id);
    Entry pipe = file == null ? null : file.entry("pipe");
    if (pipe == null) {
      throw new FormatException(
          descriptor.where("id"), "there is no pipe " + id + " in the images");
    }
    return pipe;
  }

  private boolean hasBothEnds(long pipe) {
    int ends = 0;
    for (Entry file : files.values()) {
      Entry each = file.entry("pipe");
      if (each != null && each.number("pipe_id") == pipe) {
        ends |= (each.number("flags") & 3) == 0 ? 1 : 2;
      }
    }
    return ends == 3;
  }

  private OpenFile file(Entry descriptor, int number, int description, boolean closes)
      throws IOException {
    int type = (int) descriptor.number("type");
    long id = descriptor.number("id");
    if (type == FileTypes.PIPE) {
      Entry pipe = pipe(descriptor, id);
      if (!hasBothEnds(pipe.number("pipe_id"))) {
        throw new CheckpointException("descriptor " + number + " is a pipe to another process");
      }
      long name = pipe.number("pipe_id");
      OpenFile end =
          new OpenFile(
              number,
              description,
              OpenFile.Kind.PIPE,
              "pipe:[" + name + "]",
              (int) pipe.number("flags") & ~NOT_FOR_OPEN,
              0,
              closes,
              -1,
              null);
      byte[] inside = held.get(name);
      return inside == null || !end.readsOnly() ? end : end.holding(inside);
    }
    if (type != FileTypes.REGULAR) {
      String what = type == FileTypes.TTY ? "a terminal" : FileTypes.name(type);
      throw new CheckpointException("descriptor " + number + " is " + what);
    }
    return regular(descriptor, number, description, closes);
  }

  private OpenFile regular(Entry descriptor, int number, int description, boolean closes)
      throws IOException {
    long id = descriptor.number("id");
    Entry regular = regular(id, descriptor.where("id"));
    int flags = (int) regular.number("flags");
    String name = regular.text("name");
    if ((flags & PATH_ONLY) != 0 || regular.number("ext") != 0) {
      throw new CheckpointException(
          "descriptor %d is %s: %s"
              .formatted(
                  number,
                  (flags & PATH_ONLY) != 0 ? "only a path" : "a file of someone else's",
                  name));
    }
    Long ghost = ghosts.get(id);
    if (ghost != null && (flags & 3) == 0) {
      return ghost(regular, ghost, number, description, closes);
    }
    Path here = unchanged(id, descriptor.where("id"));
    boolean reads = (flags & 3) == 0 && Files.isRegularFile(here);
    return new OpenFile(
        number,
        description,
        OpenFile.Kind.FILE,
        here.toString(),
        flags & ~NOT_FOR_OPEN,
        Math.max(0, regular.number("pos")),
        closes,
        reads ? Files.size(here) : -1,
        reads ? FileHash.of(here) : null);
  }

  /// {@return a file that was deleted, with its contents}
  private OpenFile ghost(Entry regular, long ghost, int number, int description, boolean closes)
      throws IOException {
    Long known = places.get(ghost);
    long place = known == null ? OpenFile.CONTENTS + places.size() * OpenFile.APART : known;
    if (known == null) {
      places.put(ghost, place);
      contents.put(place, GhostImage.read(folder, ghost));
    }
    GhostImage file = contents.get(place);
    if (file == null) {
      throw new IllegalStateException("no contents at " + place);
    }
    return new OpenFile(
        number,
        description,
        OpenFile.Kind.FILE,
        here(regular.text("name")).toAbsolutePath().toString(),
        (int) regular.number("flags") & ~NOT_FOR_OPEN,
        Math.max(0, regular.number("pos")),
        closes,
        file.bytes(),
        file.sha256(),
        null,
        place);
  }

  /// {@return memory with the contents of files that were deleted, which lie above it}
  MemoryContents with(MemoryContents memory) {
    return (mapping, consumer) -> {
      GhostImage file = contents.get(mapping.start());
      if (file == null) {
        memory.forEachPage(mapping, consumer);
      } else {
        file.forEachPage(mapping.start(), consumer);
      }
    };
  }
}
