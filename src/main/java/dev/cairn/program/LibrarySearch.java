package dev.cairn.program;

import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the libraries that a program needs, and those that they need, as the guest's loader will.
///
/// In order: `DT_RPATH` of the file and of what needs it (unless it has a `DT_RUNPATH`),
/// `LD_LIBRARY_PATH`, `DT_RUNPATH`, the usual folders; a file of another architecture is passed
/// over. The loader's cache and `ld.so.conf` are not read: they describe the machine they are on.
///
/// Source: ld.so(8).
final class LibrarySearch {
  private static final List<String> USUAL_FOLDERS =
      List.of(
          "/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib64",
          "/usr/lib64",
          "/lib",
          "/usr/lib",
          "/usr/local/lib/aarch64-linux-gnu",
          "/usr/local/lib");

  private final Sysroot sysroot;
  private final List<String> environmentFolders;
  private final Map<String, String> missing = new LinkedHashMap<>();
  private final Set<String> found = new HashSet<>();
  private final List<Path> libraries = new ArrayList<>();

  /// A file whose libraries are to be found, with the folders that it inherits.
  private record Open(ElfImage image, List<String> inherited) {}

  LibrarySearch(Sysroot sysroot, @Nullable String libraryPath) {
    this.sysroot = sysroot;
    this.environmentFolders = libraryPath == null ? List.of() : folders(libraryPath, Path.of("."));
  }

  /// {@return the names of the libraries that are nowhere, each with the file that needs it}
  ///
  /// @param interpreter is loaded already, under its own name; null if it is missing, too
  Map<String, String> missing(ElfImage program, @Nullable ElfImage interpreter) {
    if (interpreter != null && interpreter.name() != null) {
      found.add(interpreter.name());
    }
    Deque<Open> open = new ArrayDeque<>();
    open.add(new Open(program, List.of()));
    while (!open.isEmpty()) {
      Open next = open.remove();
      List<String> inherited = inherited(next);
      for (String name : next.image.needed()) {
        if (found.contains(name) || missing.containsKey(name)) {
          continue;
        }
        ElfImage library = find(name, next.image, inherited);
        if (library == null) {
          missing.put(name, next.image.path().toString());
        } else {
          found.add(name);
          libraries.add(library.path());
          open.add(new Open(library, inherited));
        }
      }
    }
    return missing;
  }

  /// {@return the files that [#missing] found, in the order in which they are loaded}
  List<Path> libraries() {
    return libraries;
  }

  private static List<String> inherited(Open file) {
    List<String> result = new ArrayList<>();
    String own = file.image.legacyRunPath();
    if (own != null && file.image.runPath() == null) {
      result.addAll(folders(own, file.image.path()));
    }
    result.addAll(file.inherited);
    return result;
  }

  private @Nullable ElfImage find(String name, ElfImage by, List<String> inherited) {
    if (name.contains("/")) {
      return openLibrary(name.replace("$ORIGIN", origin(by.path())));
    }
    List<String> order = new ArrayList<>();
    if (by.runPath() == null) {
      order.addAll(inherited);
    }
    order.addAll(environmentFolders);
    if (by.runPath() != null) {
      order.addAll(folders(by.runPath(), by.path()));
    }
    order.addAll(USUAL_FOLDERS);
    for (String folder : order) {
      ElfImage library = openLibrary(folder + "/" + name);
      if (library != null) {
        return library;
      }
    }
    return null;
  }

  private @Nullable ElfImage openLibrary(String guestPath) {
    Path path = sysroot.find(guestPath);
    if (path == null) {
      return null;
    }
    try {
      ElfImage image = ElfImage.open(path);
      return image.isAArch64() ? image : null;
    } catch (IOException e) {
      return null; // the loader goes on to the next folder, too
    }
  }

  private static List<String> folders(String path, Path file) {
    List<String> result = new ArrayList<>();
    for (String folder : path.split("[:;]", -1)) {
      String expanded = folder.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", origin(file));
      result.add(expanded.isEmpty() ? "." : expanded);
    }
    return result;
  }

  private static String origin(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return folder == null ? "/" : folder.toString();
  }
}
