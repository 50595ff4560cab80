package dev.cairn.checkpoint.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A range of the guest's memory as the host's kernel lists it for QEMU, at the guest's addresses.
///
/// The host does not show what the guest may execute, and takes away writing where QEMU has
/// translated code.
///
/// @param shared whether writing changes the file, or is seen by other processes
/// @param inode of what is mapped; 0 for memory without a file that is not shared
/// @param file null for memory without one
record HostMapping(
    long start,
    long end,
    boolean readable,
    boolean writable,
    boolean shared,
    long inode,
    @Nullable String file,
    long fileOffset) {
  /// What the host calls memory without a file that is shared.
  private static final String SHARED_ZEROS = "/dev/zero (deleted)";

  /// Reads what is mapped in the guest's part of a QEMU.
  ///
  /// @param process QEMU's number
  /// @param base the host's address of the guest's address 0
  /// @param bytes of the guest's part
  static List<HostMapping> read(int process, long base, long bytes) throws IOException {
    List<HostMapping> mappings = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/" + process + "/maps"))) {
      int dash = line.indexOf('-');
      int rights = line.indexOf(' ') + 1;
      long start = Long.parseUnsignedLong(line, 0, dash, 16) - base;
      long end = Long.parseUnsignedLong(line, dash + 1, rights - 1, 16) - base;
      if (start >= 0 && start < bytes) {
        mappings.add(of(start, end, line, rights));
      }
    }
    return mappings;
  }

  /// @param line as `7f5c00000000-7f5c00021000 rw-p 00000000 fe:00 1234 /path`
  /// @param rights where these begin in it
  private static HostMapping of(long start, long end, String line, int rights) {
    int offset = line.indexOf(' ', rights) + 1;
    int device = line.indexOf(' ', offset) + 1;
    int inode = line.indexOf(' ', device) + 1;
    int behind = line.indexOf(' ', inode);
    int last = behind < 0 ? line.length() : behind;
    String name = line.substring(last).stripLeading();
    return new HostMapping(
        start,
        end,
        line.charAt(rights) == 'r',
        line.charAt(rights + 1) == 'w',
        line.charAt(rights + 3) == 's',
        Long.parseLong(line, inode, last, 10),
        name.startsWith("/") && !name.equals(SHARED_ZEROS) ? name : null,
        Long.parseLong(line, offset, device - 1, 16));
  }
}
