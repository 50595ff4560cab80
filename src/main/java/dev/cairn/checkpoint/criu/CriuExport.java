package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.WholeFile;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageWriter;
import dev.cairn.checkpoint.criu.image.NewEntry;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes a process as a folder of images, as `criu dump` does, which `criu restore` starts.
///
/// The process is in no namespace of its own and in the control groups of the CRIU that restores
/// it, and it is the first of a session of its own. It has the number that it had, as the C library
/// knows it.
public final class CriuExport {
  private static final int LONE_NUMBER = 100_000;
  private static final int HIGHEST_NUMBER = 1 << 22;

  /// The numbers by which the process and CRIU know what they share, and what they do not.
  private static final int ITS_OWN = 1;

  private static final int OF_CRIU = 2;
  static final List<String> NAMESPACES =
      List.of("pid", "net", "ipc", "uts", "mnt", "user", "cgroup", "time");

  private CriuExport() {}

  /// Writes the images; the folder appears whole or not at all. Of files whose contents are kept,
  /// those that are only read are in the images.
  ///
  /// @param folder that is not there yet, or is empty
  /// @return the files of which CRIU has no form for the contents that are kept: it knows files
  ///   without a name, and what is written to these is lost
  /// @throws CheckpointException if the folder holds something, or a file that the process has open
  ///   is missing or was changed
  public static Set<String> write(Path folder, ProcessState process, MemoryContents memory)
      throws IOException {
    requireFiles(process);
    Path partial = WholeFile.partial(folder);
    remove(partial);
    try {
      Files.createDirectories(partial);
      long number = number(process, memory);
      writeTree(partial, number);
      MemoryImages images = new MemoryImages(partial, process, number);
      try (ImageWriter file = new ImageWriter(partial, ImageKind.FILES, 0)) {
        FileImages files = new FileImages(partial, process, memory, file);
        images.writeMappings(files, memory);
        files.writeFolders(number);
        files.writeDescriptors(ITS_OWN);
      }
      images.writePages(memory);
      ImageWriter.write(partial, ImageKind.CORE, number, CoreImage.of(process));
      Files.deleteIfExists(folder);
      Files.move(partial, folder);
      return notInTheImages(process);
    } catch (DirectoryNotEmptyException e) {
      throw new CheckpointException(folder + ": is not empty");
    } catch (CheckpointException | FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(folder + ": could not be written: " + e.getMessage(), e);
    } finally {
      remove(partial);
    }
  }

  /// CRIU opens files where they were.
  private static void requireFiles(ProcessState process) throws IOException {
    for (OpenFile file : process.files()) {
      String path = file.path();
      String change = file.kept() ? missing(path, file.readsOnly()) : file.change();
      if (change != null) {
        throw new CheckpointException(
            path
                + ": "
                + change
                + ", and the process has it open; CRIU needs it there (an executable, --elf, of a"
                + " checkpoint that was taken with --embed-files does not)");
      }
    }
  }

  private static @Nullable String missing(@Nullable String path, boolean inTheImages) {
    return path == null || inTheImages || Files.exists(Path.of(path)) ? null : "is missing";
  }

  private static Set<String> notInTheImages(ProcessState process) {
    Set<String> paths = new TreeSet<>();
    for (OpenFile file : process.files()) {
      if (file.kept() && !file.readsOnly()) {
        paths.add(String.valueOf(file.path()));
      }
    }
    return paths;
  }

  /// {@return the number of the process: the C library keeps what `set_tid_address` gave it at the
  /// address that it gave}
  private static long number(ProcessState process, MemoryContents memory) throws IOException {
    int kept = new MemoryBytes(process.mappings(), memory).word(process.clearChildTid());
    return kept > 1 && kept <= HIGHEST_NUMBER ? kept : LONE_NUMBER;
  }

  private static void writeTree(Path folder, long number) throws IOException {
    ImageWriter.write(
        folder,
        ImageKind.INVENTORY,
        0,
        NewEntry.of("inventory_entry")
            .put("img_version", ImageKind.VERSION)
            .put("fdinfo_per_id", 1)
            .put("root_ids", identities(OF_CRIU))
            .put("ns_per_id", 1)
            .put("root_cg_set", CoreImage.CONTROL_GROUPS)
            .put("lsmtype", 0));
    ImageWriter.write(
        folder,
        ImageKind.PSTREE,
        0,
        NewEntry.of("pstree_entry")
            .put("pid", number)
            .put("ppid", 0)
            .put("pgid", number)
            .put("sid", number)
            .put("threads", number));
    ImageWriter.write(folder, ImageKind.IDS, number, identities(ITS_OWN));
  }

  private static NewEntry identities(int own) {
    NewEntry ids = NewEntry.of("task_kobj_ids_entry");
    ids.put("vm_id", own).put("files_id", own).put("fs_id", own).put("sighand_id", own);
    for (int i = 0; i < NAMESPACES.size(); i++) {
      ids.put(NAMESPACES.get(i) + "_ns_id", i + 1L);
    }
    return ids;
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
