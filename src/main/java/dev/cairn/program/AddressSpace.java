package dev.cairn.program;

import dev.cairn.program.debug.SourceLine;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which file each address of a guest comes from at the present point of its run.
///
/// The capture feeds it in the order of the run: the program and its interpreter as they were
/// loaded, then each mapping and unmapping of the guest; [#locate] answers for the moment. Files
/// are read when first asked for, once each, and their lines of source when [#locateSource] first
/// asks. One thread at a time.
public final class AddressSpace {
  private static final long PAGE_MASK = 0xfff;

  private record Mapping(long start, long end, long fileOffset, String hostPath) {}

  private final TreeMap<Long, Mapping> mappings = new TreeMap<>(Long::compareUnsigned);
  private final Map<String, CodeImage> files = new HashMap<>();
  private final Set<String> unreadable = new HashSet<>();
  private final Set<String> withoutLines = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final @Nullable Path sysroot;

  /// Looks for separate debug information on the host.
  public AddressSpace() {
    this(null);
  }

  /// Looks for separate debug information in a folder before the host's own.
  ///
  /// @param sysroot holds the guest's libraries; null for none
  public AddressSpace(@Nullable Path sysroot) {
    this.sysroot = sysroot;
  }

  /// Makes known what is in a file, which then is not read.
  public void add(CodeImage image) {
    files.put(image.path(), image);
  }

  /// Puts a program or an interpreter where it was loaded.
  ///
  /// @param loadAddress the address of its first `PT_LOAD` in memory, or of the page it begins in
  public void mapImage(ElfImage image, long loadAddress) {
    String hostPath = image.path().toString();
    boolean first = true;
    long bias = 0;
    for (ElfSegment segment : image.segments()) {
      if (segment.isLoaded()) {
        if (first) {
          bias = (loadAddress & ~PAGE_MASK) - (segment.virtualAddress() & ~PAGE_MASK);
          first = false;
        }
        if (segment.fileBytes() > 0) {
          map(segment.virtualAddress() + bias, segment.fileBytes(), segment.offset(), hostPath);
        }
      }
    }
  }

  /// Maps a part of a file, over whatever was there.
  public void map(long address, long bytes, long fileOffset, String hostPath) {
    unmap(address, bytes);
    if (bytes > 0) {
      mappings.put(address, new Mapping(address, address + bytes, fileOffset, hostPath));
    }
  }

  /// Takes away what is mapped in a range: unmapped, or covered by memory without a file.
  public void unmap(long address, long bytes) {
    if (bytes <= 0) {
      return;
    }
    long end = address + bytes;
    Map.Entry<Long, Mapping> before = mappings.lowerEntry(address);
    if (before != null) {
      cut(before.getValue(), address, end);
    }
    Map.Entry<Long, Mapping> inside = mappings.ceilingEntry(address);
    while (inside != null && Long.compareUnsigned(inside.getKey(), end) < 0) {
      cut(inside.getValue(), address, end);
      inside = mappings.ceilingEntry(address);
    }
  }

  private void cut(Mapping mapping, long start, long end) {
    if (Long.compareUnsigned(mapping.end, start) <= 0) {
      return;
    }
    mappings.remove(mapping.start);
    if (Long.compareUnsigned(mapping.start, start) < 0) {
      mappings.put(
          mapping.start, new Mapping(mapping.start, start, mapping.fileOffset, mapping.hostPath));
    }
    if (Long.compareUnsigned(mapping.end, end) > 0) {
      long fileOffset = mapping.fileOffset + (end - mapping.start);
      mappings.put(end, new Mapping(end, mapping.end, fileOffset, mapping.hostPath));
    }
  }

  /// {@return the mark that stands at an address; null if none does}
  public @Nullable Marker mark(long pc) {
    Mapping mapping = mapping(pc);
    CodeImage image = mapping == null ? null : image(mapping.hostPath);
    if (mapping == null || image == null || image.marks().isEmpty()) {
      return null;
    }
    long address = image.addressOf(mapping.fileOffset + (pc - mapping.start));
    for (Marker marker : image.marks()) {
      if (marker.address() == address) {
        return marker;
      }
    }
    return null;
  }

  /// {@return where the code at an address comes from, without its line of source; null if no file
  /// is mapped there}
  public @Nullable CodeLocation locate(long pc) {
    return locate(pc, false);
  }

  /// {@return where the code at an address comes from, with its line of source if debug information
  /// tells; null if no file is mapped there}
  ///
  /// Debug information that cannot be read is one of [#problems()].
  public @Nullable CodeLocation locateSource(long pc) {
    return locate(pc, true);
  }

  private @Nullable Mapping mapping(long pc) {
    Map.Entry<Long, Mapping> entry = mappings.floorEntry(pc);
    return entry == null || Long.compareUnsigned(pc, entry.getValue().end) >= 0
        ? null
        : entry.getValue();
  }

  private @Nullable CodeLocation locate(long pc, boolean withSource) {
    Mapping mapping = mapping(pc);
    if (mapping == null) {
      return null;
    }
    long fileOffset = mapping.fileOffset + (pc - mapping.start);
    CodeImage image = image(mapping.hostPath);
    long address = image == null ? -1 : image.addressOf(fileOffset);
    if (image == null || address < 0) {
      return new CodeLocation(mapping.hostPath, fileOffset, null, 0);
    }
    SymbolTable.Place place = image.symbols().find(address);
    SourceLine source = withSource ? source(image, address) : null;
    return place == null
        ? new CodeLocation(mapping.hostPath, address, null, 0, source)
        : new CodeLocation(mapping.hostPath, address, place.function(), place.offset(), source);
  }

  private @Nullable SourceLine source(CodeImage image, long address) {
    if (withoutLines.contains(image.path())) {
      return null;
    }
    try {
      return image.lines().find(address);
    } catch (IOException e) {
      withoutLines.add(image.path());
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /// {@return what is known of a file's code; null if it cannot be read}
  public @Nullable CodeImage image(String hostPath) {
    CodeImage known = files.get(hostPath);
    if (known == null && !unreadable.contains(hostPath)) {
      try {
        known = CodeImage.read(Path.of(hostPath), sysroot);
        files.put(hostPath, known);
      } catch (IOException e) {
        unreadable.add(hostPath); // then its name has to do
      }
    }
    return known;
  }

  /// {@return a line for each file whose debug information could not be read}
  public List<String> problems() {
    return List.copyOf(problems);
  }
}
