package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/// Which of a process's files are made of their kept contents when it is restored. The others are
/// opened where they are.
final class MadeFiles {
  private MadeFiles() {}

  /// {@return their descriptions}
  ///
  /// @param elsewhere whether no file is relied upon whose contents are kept; else only those are
  ///   made that are not here as they were
  /// @throws CheckpointException if a file whose contents are not kept is missing or was changed
  static Set<Integer> of(ProcessState process, boolean elsewhere) throws IOException {
    Set<Integer> made = new TreeSet<>();
    for (OpenFile file : process.files()) {
      if (file.kind() == OpenFile.Kind.FILE && !file.kept()) {
        String change = file.change();
        if (change != null) {
          throw new CheckpointException(
              file.path()
                  + ": "
                  + change
                  + ", and the process has it open; a checkpoint that was taken with --embed-files"
                  + " has its contents");
        }
      } else if (file.kept() && (elsewhere || file.change() != null)) {
        made.add(file.description());
      }
    }
    return made;
  }
}
