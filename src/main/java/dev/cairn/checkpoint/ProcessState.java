package dev.cairn.checkpoint;

import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that a process is before an instruction, but for the contents of its memory.
///
/// @param instructions that it has executed
/// @param cpu QEMU's name of the CPU that it ran on
/// @param sysroot where QEMU looked its files up first; null for nowhere
/// @param program its command line
/// @param registers of its one thread
/// @param mappings by address, not overlapping
/// @param mappedFiles those that the mappings are of, by path; none if that is not known
/// @param heapStart where the kernel put the program break at first
/// @param heapEnd the program break
/// @param files by descriptor
/// @param workingDirectory as the host names it
/// @param umask the file mode creation mask
/// @param name that it has given itself (`PR_SET_NAME`); null for none
/// @param signals handlers, mask and stack
/// @param clearChildTid the address given to `set_tid_address`, 0 for none
/// @param robustList the address given to `set_robust_list`, 0 for none
/// @param robustListBytes the length given with it
/// @param rseq its area of restartable sequences; null for none
/// @param limits by resource
/// @param start how it began
/// @param ignored what was left out, if there was such
public record ProcessState(
    long instructions,
    String cpu,
    @Nullable String sysroot,
    List<String> program,
    A64Registers registers,
    List<Mapping> mappings,
    List<MappedFile> mappedFiles,
    long heapStart,
    long heapEnd,
    List<OpenFile> files,
    @Nullable String workingDirectory,
    int umask,
    @Nullable String name,
    SignalState signals,
    long clearChildTid,
    long robustList,
    long robustListBytes,
    @Nullable Rseq rseq,
    List<ResourceLimit> limits,
    ProcessStart start,
    List<Uncarried> ignored) {
  public ProcessState {
    program = List.copyOf(program);
    mappings = List.copyOf(mappings);
    mappedFiles = List.copyOf(mappedFiles);
    files = List.copyOf(files);
    limits = List.copyOf(limits);
    ignored = List.copyOf(ignored);
    long end = 0;
    for (Mapping mapping : mappings) {
      if (mapping.start() < end) {
        throw new IllegalArgumentException(
            "mappings overlap or do not ascend at 0x%x".formatted(mapping.start()));
      }
      end = mapping.end();
    }
    if (heapEnd < heapStart) {
      throw new IllegalArgumentException(
          "the heap ends at 0x%x before it begins at 0x%x".formatted(heapEnd, heapStart));
    }
  }

  /// {@return the same with other open files}
  public ProcessState withFiles(List<OpenFile> others) {
    return new ProcessState(
        instructions,
        cpu,
        sysroot,
        program,
        registers,
        mappings,
        mappedFiles,
        heapStart,
        heapEnd,
        others,
        workingDirectory,
        umask,
        name,
        signals,
        clearChildTid,
        robustList,
        robustListBytes,
        rseq,
        limits,
        start,
        ignored);
  }

  /// {@return where the contents of files that are kept lie, each once, ascending}
  public List<Mapping> keptFiles() {
    TreeMap<Long, Mapping> kept = new TreeMap<>();
    for (OpenFile file : files) {
      Mapping pages = file.pages();
      if (pages != null) {
        kept.put(pages.start(), pages);
      }
    }
    return List.copyOf(kept.values());
  }
}
