package dev.cairn.program;

import dev.cairn.program.elf.ElfBytes;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Finds the files that hold what was stripped from others, symbols and debug information, as
/// Debian's `-dbgsym` packages do.
///
/// They lie below `/usr/lib/debug/.build-id` by the build id, or have the name that
/// `.gnu_debuglink` tells: beside the file, in `.debug` there, or below `/usr/lib/debug` in the
/// file's own folder; each in the sysroot first, then on the host. One that does not belong to the
/// file is passed over, as is one that cannot be read.
///
/// Source: GDB manual, "Debugging Information in Separate Files".
final class DebugFiles {
  private static final String FOLDER = "/usr/lib/debug";
  private static final String LINK = ".gnu_debuglink";
  private static final String SHARED_LINK = ".gnu_debugaltlink";

  private final Sysroot sysroot;

  /// The name of a file, and how to know it.
  private record Link(String name, byte[] check) {}

  DebugFiles(Sysroot sysroot) {
    this.sysroot = sysroot;
  }

  /// {@return the file with what was stripped from another, or null if there is none}
  @Nullable ElfImage find(ElfImage image) throws IOException {
    ElfImage byId = byBuildId(image.buildId());
    if (byId != null) {
      return byId;
    }
    Link link = link(image, LINK);
    if (link == null || link.check.length != Integer.BYTES) {
      return null;
    }
    for (Path candidate : candidates(image.path(), link.name)) {
      ElfImage found = open(candidate);
      if (found != null && belongs(found, image, link)) {
        return found;
      }
    }
    return null;
  }

  /// {@return the file with the names that several share with this one, or null if there is none}
  @Nullable ElfImage findShared(ElfImage image) throws IOException {
    Link link = link(image, SHARED_LINK);
    if (link == null) {
      return null;
    }
    String id = HexFormat.of().formatHex(link.check);
    for (Path candidate : candidates(image.path(), link.name)) {
      ElfImage found = open(candidate);
      if (found != null && id.equals(found.buildId())) {
        return found;
      }
    }
    return byBuildId(id);
  }

  private @Nullable ElfImage byBuildId(@Nullable String id) {
    if (id == null || id.length() < 4) {
      return null;
    }
    String name = "/.build-id/" + id.substring(0, 2) + "/" + id.substring(2) + ".debug";
    Path path = sysroot.find(FOLDER + name);
    ElfImage found = path == null ? null : open(path);
    return found != null && id.equals(found.buildId()) ? found : null;
  }

  private static @Nullable ElfImage open(Path path) {
    try {
      return Files.isRegularFile(path) ? ElfImage.openSeparate(path) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /// Reads a section that holds a name and a check behind it; `.gnu_debuglink`'s begins at the next
  /// multiple of 4 bytes.
  private static @Nullable Link link(ElfImage image, String sectionName) throws IOException {
    ElfSection section = image.section(sectionName);
    if (section == null) {
      return null;
    }
    try (Arena arena = Arena.ofConfined()) {
      ElfBytes bytes = ElfBytes.map(image.path(), arena);
      long end = section.offset() + section.bytes();
      String name = bytes.name(section.offset(), end, "the name in " + sectionName);
      byte[] content = bytes.copy(section.offset(), section.bytes(), sectionName);
      int check = 0;
      while (content[check] != 0) {
        check++;
      }
      check++;
      if (sectionName.equals(LINK)) {
        check = Math.min((check + 3) / 4 * 4, content.length);
      }
      byte[] rest = new byte[content.length - check];
      System.arraycopy(content, check, rest, 0, rest.length);
      return new Link(name, rest);
    }
  }

  private List<Path> candidates(Path file, String name) {
    List<Path> result = new ArrayList<>();
    try {
      Path real = file.toRealPath();
      for (Path path : List.of(file.toAbsolutePath().normalize(), real)) {
        result.add(path.resolveSibling(name));
        result.add(path.resolveSibling(".debug").resolve(name));
      }
      Path asGuest = sysroot.guestPath(real).resolveSibling(name);
      for (String guest : List.of(FOLDER + asGuest, asGuest.toString())) {
        Path path = sysroot.find(guest);
        if (path != null) {
          result.add(path);
        }
      }
      result.removeIf(path -> path.equals(real));
      return result;
    } catch (InvalidPathException | IOException e) {
      return List.of(); // a name that cannot be looked up is passed over, too
    }
  }

  private static boolean belongs(ElfImage found, ElfImage image, Link link) throws IOException {
    if (found.buildId() != null && image.buildId() != null) {
      return found.buildId().equals(image.buildId());
    }
    int expected = 0;
    for (int i = Integer.BYTES - 1; i >= 0; i--) {
      expected = expected << 8 | (link.check[i] & 0xff);
    }
    try (Arena arena = Arena.ofConfined()) {
      CRC32 crc = new CRC32();
      crc.update(ElfBytes.map(found.path(), arena).segment().asByteBuffer());
      return (int) crc.getValue() == expected;
    }
  }
}
