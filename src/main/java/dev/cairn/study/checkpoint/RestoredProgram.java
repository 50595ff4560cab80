package dev.cairn.study.checkpoint;

import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.RestoredGuest;
import dev.cairn.checkpoint.MappedFile;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.StoredCheck;
import dev.cairn.checkpoint.store.StoredMemory;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.GuestProgramException;
import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A checkpoint as a guest that goes on from there.
///
/// @param file the executable that rebuilds it, with the store's packs
/// @param cpu QEMU's name of the CPU that it ran on
/// @param sysroot where QEMU looks its files up first; null for nowhere
/// @param guest what is rebuilt
/// @param program the program that it is of, with what it is loaded with; null if its file is not
///   there any more, so that its functions have no names
/// @param mappings its memory
public record RestoredProgram(
    Path file,
    String cpu,
    @Nullable Path sysroot,
    RestoredGuest guest,
    @Nullable GuestProgram program,
    List<Mapping> mappings) {
  public RestoredProgram {
    mappings = List.copyOf(mappings);
  }

  /// Stored memory up to this size is looked at before the guest begins; that of more takes longer
  /// than a guest should wait, and is looked at while it runs.
  private static final long CHECKED_FIRST_BYTES = 1 << 28;

  /// Of `e_entry` in an ELF file.
  private static final int ENTRY_OFFSET = 24;

  /// Makes a checkpoint ready to go on.
  ///
  /// @param checkpoint its folder
  /// @param folder where the executable is written
  /// @param otherSysroot in place of the one that the program ran with; null for that
  /// @throws dev.cairn.event.FormatException if there is no checkpoint, or it is damaged
  /// @throws dev.cairn.checkpoint.CheckpointException if a file that it has open was changed
  public static RestoredProgram of(Path checkpoint, Path folder, @Nullable Path otherSysroot)
      throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      ProcessState process = opened.process();
      Path file = folder.resolve("restored");
      MemoryCheck check = write(opened, file);
      String known = process.sysroot();
      Path sysroot = otherSysroot == null && known != null ? Path.of(known) : otherSysroot;
      String main = mainFile(process);
      String name = main == null ? null : named(process, main);
      Set<String> changed = changed(process);
      GuestProgram program =
          name == null || changed.contains(main) ? null : find(name, sysroot, process, changed);
      return new RestoredProgram(
          file,
          process.cpu(),
          sysroot,
          guest(process, entry(file), program, changed, check),
          program,
          process.mappings());
    }
  }

  /// Makes a checkpoint ready to go on where nobody looks at it, so that nothing need be known of
  /// the program's files.
  ///
  /// @param checkpoint its folder
  /// @param folder where the executable is written
  /// @throws dev.cairn.event.FormatException if there is no checkpoint, or it is damaged
  /// @throws dev.cairn.checkpoint.CheckpointException if a file that it has open was changed
  public static RestoredProgram unobserved(Path checkpoint, Path folder) throws IOException {
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      ProcessState process = opened.process();
      Path file = folder.resolve("restored");
      MemoryCheck check = write(opened, file);
      String sysroot = process.sysroot();
      return new RestoredProgram(
          file,
          process.cpu(),
          sysroot == null ? null : Path.of(sysroot),
          new RestoredGuest(
              process.instructions(),
              entry(file),
              Mapping.PAGE_BYTES,
              process.program(),
              List.of(),
              check),
          null,
          process.mappings());
    }
  }

  /// Writes the executable.
  ///
  /// @return what looks at the memory, and has looked at all of it unless that takes long
  private static MemoryCheck write(Checkpoint opened, Path file) throws IOException {
    StoredMemory memory = opened.inPlace();
    StoredCheck stored = memory.check();
    MemoryCheck check = MemoryCheck.begin(stored);
    SelfRestoringElf.write(file, opened.process(), memory);
    if (stored.bytes() <= CHECKED_FIRST_BYTES) {
      try {
        check.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while the checkpoint was read");
      }
    }
    return check;
  }

  /// {@return where the executable begins that was just written, which lies at a fixed place in it}
  private static long entry(Path file) throws IOException {
    try (FileChannel bytes = FileChannel.open(file)) {
      ByteBuffer entry = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.read(entry, ENTRY_OFFSET);
      return entry.flip().getLong();
    }
  }

  /// {@return what starts it}
  public GuestCommand command(Path qemu, Path probe) {
    return new GuestCommand(qemu, probe, cpu, sysroot, file, guest);
  }

  /// {@return the program's file: the one that is mapped last before the heap, which the kernel
  /// puts behind the program; null if no file is mapped there}
  private static @Nullable String mainFile(ProcessState process) {
    String file = null;
    for (Mapping mapping : process.mappings()) {
      if (mapping.kind() == Mapping.Kind.FILE && mapping.end() <= process.heapStart()) {
        file = mapping.file();
      }
    }
    return file;
  }

  /// {@return a file as the command line names it, if it does}
  private static String named(ProcessState process, String file) {
    String given = process.program().getFirst();
    return sameFile(given, file) ? given : file;
  }

  private static boolean sameFile(String one, String other) {
    try {
      return Files.exists(Path.of(one)) && Path.of(one).toRealPath().equals(Path.of(other));
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /// {@return files that are mapped and were changed since, which say nothing of what is there}
  private static Set<String> changed(ProcessState process) throws IOException {
    Set<String> changed = new TreeSet<>();
    for (MappedFile each : process.mappedFiles()) {
      if (each.change() != null) {
        changed.add(each.path());
      }
    }
    return changed;
  }

  private static @Nullable GuestProgram find(
      String name, @Nullable Path sysroot, ProcessState process, Set<String> changed) {
    try {
      Path folder = sysroot != null && Files.isDirectory(sysroot) ? sysroot : null;
      Path path = Path.of(name);
      GuestProgram found =
          GuestProgram.find(path.toAbsolutePath().toString(), folder, Map.of(), null, Path.of(""));
      Path interpreter = found.interpreter();
      return new GuestProgram(
          path,
          ElfImage.open(path),
          folder,
          interpreter,
          libraries(process, found, changed),
          List.of());
    } catch (GuestProgramException e) {
      return null;
    } catch (IOException e) {
      return null; // another file has taken its place
    }
  }

  /// {@return the libraries that are mapped, and not those that would be found now}
  private static List<Path> libraries(ProcessState process, GuestProgram found, Set<String> changed)
      throws IOException {
    Set<Path> others = new LinkedHashSet<>();
    others.add(found.path().toRealPath());
    Path interpreter = found.interpreter();
    if (interpreter != null) {
      others.add(interpreter.toRealPath());
    }
    Set<Path> libraries = new LinkedHashSet<>();
    for (Mapping mapping : process.mappings()) {
      String file = mapping.file();
      if (isCode(mapping)
          && file != null
          && !changed.contains(file)
          && Files.isRegularFile(Path.of(file))) {
        Path path = Path.of(file);
        if (!others.contains(path)) {
          libraries.add(path);
        }
      }
    }
    return List.copyOf(libraries);
  }

  private static boolean isCode(Mapping mapping) {
    return mapping.kind() == Mapping.Kind.FILE && (mapping.protection() & Mapping.EXECUTE) != 0;
  }

  private static RestoredGuest guest(
      ProcessState process,
      long restorer,
      @Nullable GuestProgram program,
      Set<String> changed,
      MemoryCheck check)
      throws IOException {
    List<RestoredGuest.MappedFile> files = new ArrayList<>();
    for (Mapping mapping : process.mappings()) {
      String file = mapping.file();
      if (mapping.kind() == Mapping.Kind.FILE && file != null) {
        files.add(
            new RestoredGuest.MappedFile(
                mapping.start(),
                mapping.bytes(),
                mapping.fileOffset(),
                isCode(mapping),
                changed.contains(file) ? file + " (changed)" : shown(file, program)));
      }
    }
    return new RestoredGuest(
        process.instructions(), restorer, Mapping.PAGE_BYTES, process.program(), files, check);
  }

  /// {@return a file as a run of the program from its beginning would name it}
  private static String shown(String file, @Nullable GuestProgram program) {
    if (program != null && sameFile(program.path().toString(), file)) {
      return program.path().toString();
    }
    Path interpreter = program == null ? null : program.interpreter();
    return interpreter != null && sameFile(interpreter.toString(), file)
        ? interpreter.toString()
        : file;
  }
}
