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
  private static final int FIELDS = 6;

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
      String[] fields = line.split(" +", FIELDS);
      int dash = fields[0].indexOf('-');
      long start = Long.parseUnsignedLong(fields[0], 0, dash, 16) - base;
      long end = Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16) - base;
      if (start >= 0 && start < bytes) {
        String name = fields.length < FIELDS ? "" : fields[FIELDS - 1];
        mappings.add(
            new HostMapping(
                start,
                end,
                fields[1].charAt(0) == 'r',
                fields[1].charAt(1) == 'w',
                fields[1].charAt(3) == 's',
                Long.parseLong(fields[4]),
                name.startsWith("/") && !name.equals(SHARED_ZEROS) ? name : null,
                Long.parseLong(fields[2], 16)));
      }
    }
    return mappings;
  }
}
