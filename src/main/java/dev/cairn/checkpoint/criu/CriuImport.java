package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.criu.image.Entry;
import dev.cairn.checkpoint.criu.image.ImageKind;
import dev.cairn.checkpoint.criu.image.ImageReader;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A process that `criu dump` has written, read as a state of Cairn's.
///
/// Two things are made to fit a kernel that is not the one it ran on: the functions of the kernel's
/// own code make system calls, and the area for restartable sequences says that it is not
/// registered, as the C library leaves it where there are none.
public final class CriuImport implements AutoCloseable {
  private static final int AT_PAGESZ = 6;
  private static final int LIMIT_OF_STACK = 3;
  private static final long MOST_TEXT = 1L << 22;
  private static final long NO_ADDRESS = 1L << 52;

  /// `cpu_id_start` and `cpu_id` of an area that could not be registered: 0 and -2.
  private static final byte[] NOT_REGISTERED = {0, 0, 0, 0, -2, -1, -1, -1};

  /// How images are read.
  ///
  /// @param sysroot where files are looked up first; null for nowhere
  /// @param cpu QEMU's name of the CPU that it is to go on with
  /// @param ignored what need not be carried
  public record Options(@Nullable Path sysroot, String cpu, Set<Ignorable> ignored) {
    public Options {
      ignored = Set.copyOf(ignored);
    }
  }

  private final long number;
  private final ImportedMemory memory;
  private final ProcessState process;
  private final MemoryContents contents;

  private CriuImport(
      long number, ImportedMemory memory, MemoryContents contents, ProcessState process) {
    this.number = number;
    this.memory = memory;
    this.contents = contents;
    this.process = process;
  }

  /// {@return the number that the process had}
  public long number() {
    return number;
  }

  public ProcessState process() {
    return process;
  }

  /// {@return what is in its memory, and above it what is in files that were deleted}
  public MemoryContents memory() {
    return contents;
  }

  /// Opens a folder of images.
  ///
  /// @throws FormatException if it is none, or is damaged
  /// @throws CheckpointException if there is something in the process that can't be carried
  public static CriuImport open(Path folder, Options options) throws IOException {
    Entry inventory = ImageReader.one(folder, ImageKind.INVENTORY, 0);
    long version = inventory.number("img_version");
    if (version != ImageKind.VERSION) {
      throw new FormatException(
          inventory.where("img_version"),
          "version " + version + " of images, and " + ImageKind.VERSION + " can be read");
    }
    try {
      return open(folder, inventory, options);
    } catch (CheckpointException e) {
      throw new CheckpointException(
          folder
              + ": the process can't be carried: "
              + String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?"));
    }
  }

  private static CriuImport open(Path folder, Entry inventory, Options options) throws IOException {
    Entry plugins = inventory.entry("plugins_entry");
    if (plugins != null && plugins.has("plugins")) {
      throw new CheckpointException("it needs a plugin of CRIU's");
    }
    long number = number(folder);
    ImportedCore core =
        new ImportedCore(ImageReader.one(folder, ImageKind.CORE, number), options.ignored());
    Entry identities = ImageReader.one(folder, ImageKind.IDS, number);
    ImportedCore.require(
        options.ignored(), Ignorable.NAMESPACES, sharesNamespaces(inventory, identities));
    Entry mm = ImageReader.one(folder, ImageKind.MM, number);
    requirePages(mm);
    ImportedFiles files = new ImportedFiles(folder, options.sysroot());
    List<ResourceLimit> limits = core.limits();
    ImportedMappings mapped = new ImportedMappings(mm, files);
    long heapStart = mapped.heapStart();
    List<Mapping> mappings =
        mapped.read(limits.size() > LIMIT_OF_STACK ? limits.get(LIMIT_OF_STACK).soft() : -1);
    ImportedMemory memory = new ImportedMemory(PageImages.open(folder, number), mappings);
    try {
      memory.requireMapped();
      fit(memory, mappings, mm, core);
      Entry fs = ImageReader.one(folder, ImageKind.FS, number);
      if (!files.name(fs.number("root_id"), fs.where("root_id")).equals("/")) {
        ImportedCore.require(options.ignored(), Ignorable.NAMESPACES, false);
      }
      String working = files.name(fs.number("cwd_id"), fs.where("cwd_id"));
      String executable = files.name(mm.number("exe_file_id"), mm.where("exe_file_id"));
      List<String> program = program(mm, mappings, memory, executable);
      String name = core.name();
      ProcessState process =
          new ProcessState(
              0,
              options.cpu(),
              options.sysroot() == null ? null : options.sysroot().toAbsolutePath().toString(),
              program,
              core.registers(),
              mappings,
              List.of(),
              heapStart,
              mapped.heapEnd(),
              files.open(folder, identities.number("files_id")),
              files.here(working).toAbsolutePath().toString(),
              (int) fs.number("umask"),
              program.isEmpty() || CoreImage.usualName(program).equals(name) ? null : name,
              core.signals(),
              core.clearChildTid(),
              core.robustList(),
              core.robustListBytes(),
              core.rseq(),
              limits,
              start(mm, mappings, memory, files.here(executable).toString()),
              List.of());
      return new CriuImport(number, memory, files.with(memory), process);
    } catch (IOException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /// {@return the number of the only process, which has one thread}
  private static long number(Path folder) throws IOException {
    List<Entry> tree = ImageReader.all(folder, ImageKind.PSTREE, 0);
    if (tree.isEmpty()) {
      throw new FormatException(
          folder.resolve(ImageKind.PSTREE.file(0)).toString(), "there is no process in it");
    }
    if (tree.size() > 1) {
      throw new CheckpointException("there is another process (" + tree.get(1).number("pid") + ")");
    }
    Entry process = tree.getFirst();
    long[] threads = process.numbers("threads");
    if (threads.length > 1) {
      throw new CheckpointException("it has another thread (" + threads[1] + ")");
    }
    return process.number("pid");
  }

  private static boolean sharesNamespaces(Entry inventory, Entry identities) {
    Entry those = inventory.entry("root_ids");
    boolean all = true;
    for (String each : CriuExport.NAMESPACES) {
      String field = each + "_ns_id";
      all &= those == null || identities.number(field) == those.number(field);
    }
    return all;
  }

  private static void requirePages(Entry mm) throws CheckpointException {
    long bytes = 0;
    for (ProcessStart.Auxiliary each : auxiliary(mm)) {
      bytes = each.kind() == AT_PAGESZ ? each.value() : bytes;
    }
    if (bytes != 0 && bytes != Mapping.PAGE_BYTES) {
      throw new CheckpointException(
          "its pages have %d bytes, and %d are what can be carried"
              .formatted(bytes, Mapping.PAGE_BYTES));
    }
  }

  private static List<ProcessStart.Auxiliary> auxiliary(Entry mm) {
    long[] words = mm.numbers("mm_saved_auxv");
    List<ProcessStart.Auxiliary> all = new ArrayList<>();
    for (int i = 0; i + 1 < words.length && words[i] != 0; i += 2) {
      all.add(new ProcessStart.Auxiliary(words[i], words[i + 1]));
    }
    return all;
  }

  /// Changes what only the kernel that it ran on could go on with.
  private static void fit(
      ImportedMemory memory, List<Mapping> mappings, Entry mm, ImportedCore core)
      throws IOException {
    Rseq rseq = core.rseq();
    if (rseq != null) {
      memory.change(rseq.address(), NOT_REGISTERED); // until it is again
    }
    boolean readsTheKernel = false;
    for (Entry vma : mm.entries("vmas")) {
      readsTheKernel |= (vma.number("status") & VmaStatus.VVAR) != 0;
    }
    for (Mapping each : mappings) {
      if (readsTheKernel && each.kind() == Mapping.Kind.VDSO) {
        byte[] code = new MemoryBytes(mappings, memory).read(each.start(), (int) each.bytes());
        try {
          for (Map.Entry<Long, byte[]> call : KernelCode.calls(code).entrySet()) {
            memory.change(each.start() + call.getKey(), call.getValue());
          }
        } catch (IndexOutOfBoundsException e) {
          throw new FormatException(
              mm.where("vmas"),
              "the kernel's code at 0x%x is no ELF file".formatted(each.start()),
              e);
        }
      }
    }
  }

  private static List<String> program(
      Entry mm, List<Mapping> mappings, ImportedMemory memory, String executable)
      throws IOException {
    List<String> line = new ArrayList<>(texts(mm, "arg", mappings, memory));
    if (line.isEmpty()) {
      line.add(executable);
    } else {
      line.set(0, executable);
    }
    return line;
  }

  /// {@return the arguments or the environment, which the program may have written over}
  private static List<String> texts(
      Entry mm, String which, List<Mapping> mappings, ImportedMemory memory) throws IOException {
    long start = mm.number("mm_" + which + "_start");
    long end = mm.number("mm_" + which + "_end");
    if (start < 0 || end < start || end - start > MOST_TEXT || end > NO_ADDRESS) {
      throw new FormatException(
          mm.where("mm_" + which + "_end"),
          "0x%x to 0x%x is no range of texts".formatted(start, end));
    }
    byte[] bytes = new MemoryBytes(mappings, memory).read(start, (int) (end - start));
    String all = new String(bytes, StandardCharsets.UTF_8);
    return all.isEmpty() ? List.of() : List.of(all.split("\0"));
  }

  private static ProcessStart start(
      Entry mm, List<Mapping> mappings, ImportedMemory memory, String executable)
      throws IOException {
    return new ProcessStart(
        executable,
        null,
        List.of(),
        texts(mm, "env", mappings, memory),
        mm.number("mm_start_stack"),
        auxiliary(mm));
  }

  @Override
  public void close() throws IOException {
    memory.close();
  }
}
