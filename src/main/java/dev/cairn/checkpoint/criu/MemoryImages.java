package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageWriter;
import dev.cairn.checkpoint.criu.image.NewEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The images of a process's memory. All of it is private memory without a file, with all contents,
/// so that a restore needs neither the program's libraries nor the same ones; but for what is
/// shared with a file, of which there are no contents.
final class MemoryImages {
  private static final int PAGES = 1;
  private static final int AT_ENTRY = 9;
  private static final long NO_FILE = -1;

  /// Words of an auxiliary vector that CRIU 3.17 takes, with the two of its end. It is only what
  /// `/proc/PID/auxv` shows; the program has its own on the stack.
  private static final int AUXILIARY_WORDS = 40;

  private final Path folder;
  private final ProcessState process;
  private final long number;

  /// @param number of the process
  MemoryImages(Path folder, ProcessState process, long number) {
    this.folder = folder;
    this.process = process;
    this.number = number;
  }

  /// Writes what is mapped.
  ///
  /// @param files that the program's own, and those that memory is shared with, are added to
  void writeMappings(FileImages files, MemoryContents memory) throws IOException {
    NewEntry mm = NewEntry.of("mm_entry");
    places(mm);
    texts(mm, new MemoryBytes(process.mappings(), memory));
    mm.put("exe_file_id", files.writeExecutable());
    List<ProcessStart.Auxiliary> auxiliary = process.start().auxiliary();
    int shown = Math.min(auxiliary.size(), AUXILIARY_WORDS / 2 - 1);
    auxiliary
        .subList(0, shown)
        .forEach(each -> mm.put("mm_saved_auxv", each.kind()).put("mm_saved_auxv", each.value()));
    mm.put("mm_saved_auxv", 0).put("mm_saved_auxv", 0);
    for (Mapping each : process.mappings()) {
      String shared = each.shared() ? each.file() : null;
      mm.put("vmas", shared == null ? entry(each) : entry(each, files.writeShared(shared)));
    }
    mm.put("dumpable", 1);
    ImageWriter.write(folder, ImageKind.MM, number, mm);
  }

  /// Puts where code, data, heap and stack lie, which the kernel shows and wants to ascend.
  private void places(NewEntry mm) {
    List<Mapping> mappings = process.mappings();
    Mapping code =
        MemoryBytes.at(mappings, process.start().auxiliary(AT_ENTRY))
            .or(() -> MemoryBytes.at(mappings, process.registers().pc()))
            .orElse(mappings.getFirst());
    long dataStart = code.end();
    long dataEnd = code.end();
    for (Mapping each : mappings) {
      boolean isData = (each.protection() & Mapping.WRITE) != 0 && each.start() >= code.end();
      if (isData && each.end() < process.heapStart() && dataStart == code.end()) {
        dataStart = each.start();
        dataEnd = each.end();
      }
    }
    mm.put("mm_start_code", code.start()).put("mm_end_code", code.end());
    mm.put("mm_start_data", dataStart).put("mm_end_data", dataEnd);
    mm.put("mm_start_stack", process.start().stackPointer());
    mm.put("mm_start_brk", process.heapStart()).put("mm_brk", process.heapEnd());
  }

  /// Puts where the texts of the arguments and of the environment lie: from what the first of their
  /// addresses on the stack says, one behind the other.
  private void texts(NewEntry mm, MemoryBytes memory) throws IOException {
    long stack = process.start().stackPointer();
    int arguments = memory.word(stack);
    int variables = process.start().environment().size();
    long from = arguments == 0 ? 0 : memory.doubleword(stack + 8);
    long to = arguments == 0 ? 0 : memory.doubleword(stack + 8L * arguments);
    to += arguments == 0 ? 0 : memory.textBytes(to) + 1;
    mm.put("mm_arg_start", from).put("mm_arg_end", to);
    long first = stack + 8L * (arguments + 2);
    long begin = variables == 0 ? to : memory.doubleword(first);
    long last = variables == 0 ? to : memory.doubleword(first + 8L * (variables - 1));
    long end =
        variables == 0
            ? to
            : last
                + process.start().environment().getLast().getBytes(StandardCharsets.UTF_8).length
                + 1;
    mm.put("mm_env_start", begin).put("mm_env_end", Math.max(begin, end));
  }

  private static NewEntry entry(Mapping mapping) {
    int status = VmaStatus.REGULAR | VmaStatus.ANONYMOUS_PRIVATE;
    status |=
        switch (mapping.kind()) {
          case VDSO -> VmaStatus.VDSO;
          case HEAP -> VmaStatus.HEAP;
          case FILE, ANONYMOUS, STACK -> 0;
        };
    return NewEntry.of("vma_entry")
        .put("start", mapping.start())
        .put("end", mapping.end())
        .put("pgoff", 0)
        .put("shmid", 0)
        .put("prot", mapping.protection())
        .put("flags", VmaStatus.MAP_PRIVATE | VmaStatus.MAP_ANONYMOUS)
        .put("status", status)
        .put("fd", NO_FILE);
  }

  private static NewEntry entry(Mapping mapping, int file) {
    return NewEntry.of("vma_entry")
        .put("start", mapping.start())
        .put("end", mapping.end())
        .put("pgoff", mapping.fileOffset())
        .put("shmid", file)
        .put("prot", mapping.protection())
        .put("flags", VmaStatus.MAP_SHARED)
        .put("status", VmaStatus.REGULAR | VmaStatus.FILE_SHARED)
        .put("fd", NO_FILE);
  }

  /// A run of pages that lie one behind the other.
  private static final class Run {
    private long address;
    private int pages;
  }

  /// Writes the contents of memory.
  void writePages(MemoryContents memory) throws IOException {
    try (ImageWriter map = new ImageWriter(folder, ImageKind.PAGEMAP, number);
        OutputStream pages = Files.newOutputStream(folder.resolve(ImageKind.pages(PAGES)))) {
      map.put(NewEntry.of(ImageKind.PAGEMAP_HEAD).put("pages_id", PAGES));
      for (Mapping mapping : process.mappings()) {
        if (mapping.shared() && mapping.file() != null) {
          SharedFile.requireUnchanged(mapping, memory);
          continue;
        }
        int flags =
            PagemapFlags.PRESENT | (mapping.kind() == Mapping.Kind.VDSO ? 0 : PagemapFlags.LAZY);
        Run run = new Run();
        memory.forEachPage(
            mapping,
            (address, page) -> {
              if (address != run.address + (long) run.pages * Mapping.PAGE_BYTES) {
                end(run, flags, map);
                run.address = address;
              }
              run.pages++;
              pages.write(page);
            });
        end(run, flags, map);
      }
    }
  }

  private static void end(Run run, int flags, ImageWriter map) throws IOException {
    if (run.pages > 0) {
      map.put(
          NewEntry.of("pagemap_entry")
              .put("vaddr", run.address)
              .put("nr_pages", run.pages)
              .put("flags", flags));
      run.pages = 0;
    }
  }
}
