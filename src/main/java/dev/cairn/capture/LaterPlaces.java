package dev.cairn.capture;

import dev.cairn.event.FormatException;
import dev.cairn.program.CodeImage;
import dev.cairn.program.Marker;
import dev.cairn.program.NamedCode;
import dev.cairn.program.SymbolTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds triggers by their names in files that a guest maps as it runs, as `dlopen` does.
///
/// Addresses of a file are looked up when code of it is mapped first, and remembered: a file that
/// is mapped again is the same. What can't be read has no names.
final class LaterPlaces {
  /// Where a trigger stands.
  ///
  /// @param trigger its index
  /// @param pc the address in the guest
  record Place(int trigger, long pc) {}

  /// The same in a file.
  private record Named(int trigger, long fileOffset) {}

  private final List<Trigger> triggers;
  private final @Nullable Path sysroot;
  private final Map<String, List<Named>> files = new HashMap<>();

  /// In which file each function was found.
  private final Map<Integer, String> functions = new HashMap<>();

  /// @param sysroot where files with symbols are looked for before the host's own; null for none
  LaterPlaces(List<Trigger> triggers, @Nullable Path sysroot) {
    this.triggers = List.copyOf(triggers);
    this.sysroot = sysroot;
  }

  /// {@return the triggers in a part of a file that has been mapped}
  ///
  /// @throws FormatException if a function is there several times
  List<Place> in(long address, long bytes, long fileOffset, String path) throws FormatException {
    List<Named> known = files.get(path);
    if (known == null) {
      known = new ArrayList<>();
      addMarks(path, known);
      addFunctions(path, known);
      files.put(path, known);
    }
    List<Place> places = new ArrayList<>();
    for (Named named : known) {
      long distance = named.fileOffset - fileOffset;
      if (distance >= 0 && distance < bytes) {
        places.add(new Place(named.trigger, address + distance));
      }
    }
    return places;
  }

  private boolean wants(Trigger.Base base) {
    return triggers.stream().anyMatch(trigger -> trigger.base() == base);
  }

  private void addMarks(String path, List<Named> found) {
    if (!wants(Trigger.Base.MARK)) {
      return;
    }
    for (NamedCode.PlacedMark placed : NamedCode.marksOf(Path.of(path))) {
      Marker mark = placed.marker();
      for (int i = 0; i < triggers.size(); i++) {
        if (triggers.get(i).isAtMark(mark.begins(), mark.name())) {
          found.add(new Named(i, placed.place().fileOffset()));
        }
      }
    }
  }

  private void addFunctions(String path, List<Named> found) throws FormatException {
    if (!wants(Trigger.Base.FUNCTION)) {
      return;
    }
    CodeImage image;
    try {
      image = CodeImage.read(Path.of(path), sysroot);
    } catch (IOException e) {
      return; // likewise
    }
    for (int i = 0; i < triggers.size(); i++) {
      Trigger trigger = triggers.get(i);
      if (trigger.base() != Trigger.Base.FUNCTION) {
        continue;
      }
      for (SymbolTable.Piece piece : image.symbols().pieces()) {
        if (piece.start() == piece.functionStart() && piece.function().equals(trigger.name())) {
          String other = functions.put(i, path);
          if (other != null) {
            throw new FormatException(
                path,
                "there are several functions '%s', here and in %s; give an address (0xADDRESS:N)"
                        .formatted(trigger.name(), other)
                    + " instead");
          }
          found.add(new Named(i, image.fileOffsetOf(piece.start())));
        }
      }
    }
  }
}
