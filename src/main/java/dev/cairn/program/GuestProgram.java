package dev.cairn.program;

import dev.cairn.event.FormatException;
import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program that was found, is for AArch64, and can be started, with what it lacks to get further.
///
/// @param path the file on the host
/// @param image what is in it
/// @param sysroot the folder in which it and its libraries were looked up first; null for none
/// @param interpreter the host's file of the loader that it names; null if it needs or has none
/// @param libraries the host's files of those that it is loaded with, in order
/// @param problems one line for each missing interpreter or library, with the way out; empty if all
///   is there
public record GuestProgram(
    Path path,
    ElfImage image,
    @Nullable Path sysroot,
    @Nullable Path interpreter,
    List<Path> libraries,
    List<String> problems) {
  private static final List<String> SYSROOT_FOLDERS = List.of("/usr/bin", "/bin", "/usr/local/bin");

  public GuestProgram {
    libraries = List.copyOf(libraries);
    problems = List.copyOf(problems);
  }

  /// Finds a program as it is named on a command line, and checks it.
  ///
  /// A name without a slash is looked up in the sysroot's folders of programs, then along the
  /// host's `PATH`; one with a slash is a path on the host, against `folder`.
  ///
  /// @param program as given
  /// @param sysroot holds the guest's libraries; null for none
  /// @param environment the guest's, for `LD_LIBRARY_PATH`
  /// @param hostPath the host's `PATH`; null for none
  /// @param folder the guest's working directory
  /// @throws GuestProgramException if there is no such program or it cannot run on AArch64
  /// @throws FormatException if it is no program or damaged
  public static GuestProgram find(
      String program,
      @Nullable Path sysroot,
      Map<String, String> environment,
      @Nullable String hostPath,
      Path folder)
      throws IOException {
    if (sysroot != null && !Files.isDirectory(sysroot)) {
      throw new GuestProgramException(
          sysroot + ": no such folder; give the one that holds the guest's lib with --sysroot DIR");
    }
    Path path = locate(program, sysroot, hostPath, folder);
    ElfImage image = ElfImage.open(path);
    checkImage(path, image, program, sysroot);
    if (!Files.isExecutable(path)) {
      throw new GuestProgramException(path + ": is not executable; try chmod +x " + path);
    }
    return withLibraries(path, image, new Sysroot(sysroot), environment);
  }

  /// Fails if anything is missing.
  ///
  /// @throws GuestProgramException with the first problem and how many more there are
  public void requireComplete() throws GuestProgramException {
    if (!problems.isEmpty()) {
      int more = problems.size() - 1;
      String rest = more == 0 ? "" : " (and " + more + " more missing)";
      throw new GuestProgramException(problems.getFirst() + rest);
    }
  }

  private static Path locate(
      String program, @Nullable Path sysroot, @Nullable String hostPath, Path folder)
      throws GuestProgramException {
    if (program.isEmpty()) {
      throw new GuestProgramException("the program's name is empty; give one after --");
    }
    try {
      return program.contains("/")
          ? locatePath(program, sysroot, folder)
          : locateName(program, sysroot, hostPath, folder);
    } catch (InvalidPathException e) {
      throw new GuestProgramException(program + ": not a path: " + e.getReason());
    }
  }

  private static Path locatePath(String program, @Nullable Path sysroot, Path folder)
      throws GuestProgramException {
    Path path = folder.resolve(program);
    if (!Files.exists(path)) {
      throw new GuestProgramException(program + ": no such program" + hint(program, sysroot));
    }
    return path;
  }

  private static Path locateName(
      String program, @Nullable Path sysroot, @Nullable String hostPath, Path folder)
      throws GuestProgramException {
    if (sysroot != null) {
      Sysroot root = new Sysroot(sysroot);
      for (String bin : SYSROOT_FOLDERS) {
        Path path = root.find(bin + "/" + program);
        if (path != null && path.startsWith(sysroot) && Files.isRegularFile(path)) {
          return path;
        }
      }
    }
    for (String bin : hostPath == null ? new String[0] : hostPath.split(":", -1)) {
      Path path = Path.of(bin).resolve(program);
      if (Files.isRegularFile(path) && Files.isExecutable(path)) {
        return path;
      }
    }
    if (Files.isDirectory(folder.resolve(program))) {
      throw new GuestProgramException(program + ": is a directory, not a program");
    }
    String where = sysroot == null ? "PATH" : sysroot + " and PATH";
    throw new GuestProgramException(
        program
            + ": no such program in "
            + where
            + "; give its path, or --sysroot DIR where DIR/usr/bin has it");
  }

  private static void checkImage(Path path, ElfImage image, String program, @Nullable Path sysroot)
      throws GuestProgramException {
    if (!image.isAArch64()) {
      throw new GuestProgramException(
          path + ": is for " + image.machineName() + ", not for AArch64" + hint(program, sysroot));
    }
    String what =
        switch (image.kind()) {
          case STATIC, DYNAMIC, STATIC_PIE, PIE -> "";
          case LIBRARY -> image.entry() == 0 ? "a library" : ""; // a loader can be run
          case OBJECT -> "an object file that is not linked";
          case CORE -> "the memory image of a process";
          case OTHER -> "no program";
        };
    if (!what.isEmpty()) {
      throw new GuestProgramException(path + ": is " + what + ", not a program to run");
    }
  }

  /// {@return where the program might be instead}
  private static String hint(String program, @Nullable Path sysroot) {
    if (sysroot == null) {
      return "; for another machine's programs give --sysroot DIR and the program's name";
    }
    Path inside = sysroot.resolve(program.replaceFirst("^/+", ""));
    return Files.isRegularFile(inside) ? "; did you mean " + inside + "?" : "";
  }

  private static GuestProgram withLibraries(
      Path path, ElfImage image, Sysroot sysroot, Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    Path interpreterPath = null;
    ElfImage interpreter = null;
    String name = image.interpreter();
    if (name != null) {
      interpreterPath = sysroot.find(name);
      if (interpreterPath == null) {
        problems.add(path + ": its interpreter " + name + " is missing" + wayOut(sysroot, name));
      } else {
        try {
          interpreter = ElfImage.open(interpreterPath);
          if (!interpreter.isAArch64()) {
            problems.add(
                path
                    + ": its interpreter "
                    + interpreterPath
                    + " is for "
                    + interpreter.machineName()
                    + wayOut(sysroot, name));
          }
        } catch (IOException e) {
          problems.add(path + ": its interpreter cannot be read: " + e.getMessage());
        }
      }
    }
    LibrarySearch search = new LibrarySearch(sysroot, environment.get("LD_LIBRARY_PATH"));
    search
        .missing(image, interpreter)
        .forEach((library, neededBy) ->
            problems.add(
                neededBy + ": the library " + library + " is missing" + wayOut(sysroot, "")));
    return new GuestProgram(
        path, image, sysroot.folder(), interpreterPath, search.libraries(), problems);
  }

  private static String wayOut(Sysroot sysroot, String interpreter) {
    Path folder = sysroot.folder();
    if (folder == null) {
      return "; give the folder that holds the guest's libraries with --sysroot DIR";
    }
    boolean unlinked =
        interpreter.startsWith("/lib/") && Files.exists(folder.resolve("usr" + interpreter));
    if (unlinked) {
      return " in " + folder + ", but is in usr/lib: try ln -s usr/lib " + folder + "/lib";
    }
    return " in " + folder + "; add it there or give another folder with --sysroot DIR";
  }
}
