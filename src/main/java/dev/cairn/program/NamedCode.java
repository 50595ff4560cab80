package dev.cairn.program;

import dev.cairn.program.elf.ElfImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The code that a guest is started with, by the names that were given to it: functions and marks
/// of the program, of the libraries that it is loaded with, and of its interpreter.
///
/// A function is called what [SymbolTable] calls it. Files are read when first needed.
public final class NamedCode {
  private static final Set<String> LOADERS = Set.of("dlopen", "dlmopen");

  /// What a file is to the guest, as names are looked up: the program's first, its interpreter's
  /// last.
  public enum Role {
    PROGRAM,
    LIBRARY,
    INTERPRETER
  }

  /// An instruction of a file.
  ///
  /// @param image the file
  /// @param address before the load bias is added
  public record Place(Role role, ElfImage image, long address) {
    /// {@return where it stands in the file; -1 if no segment loads it}
    public long fileOffset() {
      return image.fileOffsetOf(address);
    }
  }

  /// A mark and where it stands.
  public record PlacedMark(Marker marker, Place place) {}

  private record File(Role role, ElfImage image) {}

  private final GuestProgram program;
  private final List<File> files = new ArrayList<>();
  private @Nullable List<SymbolTable> tables;

  private NamedCode(GuestProgram program) {
    this.program = program;
  }

  /// Looks at the files of a guest.
  ///
  /// @throws dev.cairn.event.FormatException if one is damaged
  public static NamedCode of(GuestProgram program) throws IOException {
    NamedCode code = new NamedCode(program);
    code.files.add(new File(Role.PROGRAM, program.image()));
    for (Path library : program.libraries()) {
      code.files.add(new File(Role.LIBRARY, ElfImage.open(library)));
    }
    Path interpreter = program.interpreter();
    if (interpreter != null) {
      code.files.add(new File(Role.INTERPRETER, ElfImage.open(interpreter)));
    }
    return code;
  }

  private List<SymbolTable> tables() throws IOException {
    List<SymbolTable> known = tables;
    if (known == null) {
      known = new ArrayList<>();
      for (File file : files) {
        known.add(CodeImage.read(file.image.path(), program.sysroot()).symbols());
      }
      tables = known;
    }
    return known;
  }

  /// {@return where the functions of a name begin, all in files of one role: the first that has
  /// any}
  public List<Place> functions(String name) throws IOException {
    List<Place> places = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      File file = files.get(i);
      if (!places.isEmpty() && places.getFirst().role != file.role) {
        break;
      }
      for (SymbolTable.Piece piece : tables().get(i).pieces()) {
        if (piece.start() == piece.functionStart() && piece.function().equals(name)) {
          places.add(new Place(file.role, file.image, piece.start()));
        }
      }
    }
    return places;
  }

  /// {@return the names of all functions}
  public Collection<String> functionNames() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    for (SymbolTable table : tables()) {
      table.pieces().forEach(piece -> names.add(piece.function()));
    }
    return names;
  }

  /// {@return the marks of a library; none if it can't be read}
  public static List<PlacedMark> marksOf(Path library) {
    List<PlacedMark> marks = new ArrayList<>();
    try {
      ElfImage image = ElfImage.open(library);
      for (Marker marker : Marker.of(image)) {
        marks.add(new PlacedMark(marker, new Place(Role.LIBRARY, image, marker.address())));
      }
    } catch (IOException e) {
      marks.clear();
    }
    return marks;
  }

  /// {@return the marks of all files}
  public List<PlacedMark> marks() throws IOException {
    List<PlacedMark> marks = new ArrayList<>();
    for (File file : files) {
      for (Marker marker : Marker.of(file.image)) {
        marks.add(new PlacedMark(marker, new Place(file.role, file.image, marker.address())));
      }
    }
    return marks;
  }

  /// {@return whether the guest may load further files as it runs: it, or a library that it is
  /// loaded with, asks for `dlopen`}
  ///
  /// A static program that does is not recognized: each has `dlopen` in it, for its C library.
  public boolean mayLoadLater() throws IOException {
    for (File file : files) {
      if (file.role != Role.INTERPRETER && asksForLoader(file.image)) {
        return true;
      }
    }
    return false;
  }

  private static boolean asksForLoader(ElfImage image) throws IOException {
    for (String name : image.readUndefined()) {
      int version = name.indexOf('@');
      if (LOADERS.contains(version < 0 ? name : name.substring(0, version))) {
        return true;
      }
    }
    return false;
  }
}
