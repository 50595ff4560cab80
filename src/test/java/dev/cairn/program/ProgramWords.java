package dev.cairn.program;

import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The instruction words of the AArch64 programs and libraries in a folder.
public final class ProgramWords {
  /// The character set converters of libc are hundreds of files with the same few instructions.
  private static final String CONVERTERS = "gconv";

  private ProgramWords() {}

  /// {@return each word once, ascending}
  public static int[] distinct(Path root) throws IOException {
    Set<Integer> words = new HashSet<>();
    for (Path file : elfFiles(root)) {
      ElfImage image = ElfImage.open(file);
      byte[] bytes = image.isAArch64() ? Files.readAllBytes(file) : new byte[0];
      for (ElfSection section : bytes.length == 0 ? List.<ElfSection>of() : image.sections()) {
        if (section.isExecutable() && section.type() == 1) {
          int end = Math.toIntExact(section.offset() + section.bytes()) - 3;
          for (int at = Math.toIntExact(section.offset()); at < end; at += 4) {
            words.add(
                (bytes[at] & 0xff)
                    | (bytes[at + 1] & 0xff) << 8
                    | (bytes[at + 2] & 0xff) << 16
                    | (bytes[at + 3] & 0xff) << 24);
          }
        }
      }
    }
    return words.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  /// {@return the ELF files below a folder, in order of their paths}
  public static List<Path> elfFiles(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root.toRealPath())) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.toString().contains(CONVERTERS))
          .filter(ProgramWords::isElf)
          .sorted()
          .toList();
    }
  }

  private static boolean isElf(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] magic = in.readNBytes(4);
      return magic.length == 4
          && magic[0] == 0x7f
          && magic[1] == 'E'
          && magic[2] == 'L'
          && magic[3] == 'F';
    } catch (IOException e) {
      return false;
    }
  }
}
