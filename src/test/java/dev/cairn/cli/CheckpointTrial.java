package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.DebianProgram;
import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.elf.CoreFile;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.study.checkpoint.CheckpointRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A program, checkpoints of it, and what goes on from them.
///
/// @param folder for all that is written
/// @param command that starts the program
record CheckpointTrial(Path folder, GuestCommand command) {
  private static final String MANY_DESCRIPTORS = "exec 3</dev/null 4<&3 5<&3 6<&3 7<&3 8<&3 9<&3; ";

  /// Runs a program. Its standard error is a file of its own each time: gawk sets that to append,
  /// and does something else where it is so already.
  static CaptureResult capture(GuestCommand command, Path output, Observation observation)
      throws Exception {
    StandardStreams streams =
        new StandardStreams(
            Path.of("/dev/null"),
            new StandardStreams.Output.ToFile(output),
            new StandardStreams.Output.ToFile(output.resolveSibling("errors")));
    return new Capture(command, streams).run(observation, RunObserver.NONE);
  }

  static int status(CaptureResult result) {
    return result.end() instanceof GuestEnd.Exited(int status) ? status : -1;
  }

  /// Runs it without an interruption.
  WholeRun whole() throws Exception {
    return WholeRun.of(command, folder.resolve("whole"));
  }

  /// {@return where the executable is to stand}
  ///
  /// Its path is as long as the program's: Perl asks what it runs, keeps the answer, and what it
  /// does to its heap depends on how long that is.
  private Path restoredPath() throws IOException {
    int program = Path.of(command.program()).toRealPath().toString().length();
    int above = folder.toRealPath().toString().length() + 1;
    return folder.resolve("r".repeat(Math.max(1, program - above)));
  }

  /// Writes the executable that goes on from a checkpoint.
  Path executable(Path checkpoint) throws IOException {
    Path elf = restoredPath();
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      SelfRestoringElf.write(elf, opened.process(), opened);
    }
    return elf;
  }

  /// Writes the core file of a checkpoint.
  Path core(Path checkpoint) throws IOException {
    Path core = folder.resolve("core");
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      CoreFile.write(core, opened.process(), opened);
    }
    return core;
  }

  /// Takes checkpoints, all in one run.
  ///
  /// @return the folder that holds them
  Path take(String name, Set<Integer> places) throws Exception {
    Path kept = folder.resolve(name);
    TreeSet<Long> counts = new TreeSet<>();
    places.forEach(place -> counts.add((long) place));
    TreeSet<Long> stops = new TreeSet<>(counts);
    stops.add(0L);
    try (CheckpointStore store = CheckpointStore.create(kept)) {
      List<String> line =
          Stream.concat(Stream.of(command.program()), command.arguments().stream()).toList();
      try (CheckpointRun run =
          new CheckpointRun(
              new ProcessFollower.Guest(
                  line, Path.of(command.program()), command.cpu(), command.sysroot()),
              store,
              counts)) {
        capture(
            command,
            folder.resolve("interrupted"),
            new Observation.Stopping(
                run, List.copyOf(stops), List.of(), ProcessFollower.fetches()));
        assertThat(run.countsLeft()).isEmpty();
        assertThat(run.taken()).isNotEmpty();
      }
    }
    return kept;
  }

  /// Requires that each checkpoint goes on as the whole run does from there.
  void requireTheSame(WholeRun whole, Path kept) throws Exception {
    assertThat(folder.resolve("interrupted")).hasBinaryContent(whole.output());
    for (String name : CheckpointStore.names(kept)) {
      requireTheSame(whole, name, kept.resolve(name));
    }
  }

  private void requireTheSame(WholeRun whole, String name, Path checkpoint) throws Exception {
    Path elf = restoredPath();
    int position;
    try (Checkpoint opened = Checkpoint.open(checkpoint)) {
      ProcessState process = opened.process();
      position = Math.toIntExact(process.instructions());
      SelfRestoringElf.write(elf, process, opened);
    }
    ExecutedAddresses found = ExecutedAddresses.behind(ElfImage.open(elf).entry());
    Path output = folder.resolve("rest");
    CaptureResult result =
        capture(
            restored(elf),
            output,
            new Observation.Streaming(List.of(found), 0, List.of(), StreamContents.NOTHING));
    requireTheSamePath(name, whole, position, found.result());
    byte[] rest = whole.outputFrom(position);
    assertThat(status(result)).as(name).isEqualTo(whole.status());
    assertThat(output).as(name).hasBinaryContent(rest);
    assertThat(underDebiansQemu(elf)).as(name + " under another QEMU").isEqualTo(whole.status());
    assertThat(folder.resolve("plain")).as(name + " under another QEMU").hasBinaryContent(rest);
  }

  private static void requireTheSamePath(String name, WholeRun whole, int position, long[] found) {
    int length = whole.instructions() - position;
    int parts = Arrays.mismatch(found, 0, found.length, whole.path(), position, position + length);
    if (parts >= 0) {
      assertThat(hexadecimal(found, parts))
          .as("%s: instruction %d of %d behind it", name, parts, length)
          .isEqualTo(hexadecimal(whole.path(), position + parts));
      assertThat(found).as(name).hasSize(length);
    }
  }

  private static String hexadecimal(long[] addresses, int index) {
    return index < addresses.length ? "0x%x".formatted(addresses[index]) : "the end";
  }

  /// {@return the command that starts an executable as `cairn restore` does}
  GuestCommand restored(Path elf) {
    return TestGuests.in(
        Path.of("/"),
        new GuestCommand(
            command.qemu(),
            command.probe(),
            command.cpu(),
            command.sysroot(),
            Map.of(),
            null,
            elf.toString(),
            List.of()),
        Map.of());
  }

  /// Runs an executable under Debian's own QEMU, which is another version and knows no plugin, in
  /// the layout that it chooses; what it writes goes to a file `plain`.
  int underDebiansQemu(Path elf) throws Exception {
    String qemu = TestGuests.checkpointReader("qemu-aarch64").toString();
    List<String> line = new ArrayList<>(List.of(qemu, "-cpu", command.cpu()));
    if (command.sysroot() != null) {
      line.addAll(List.of("-L", command.sysroot().toString()));
    }
    line.add(elf.toString());
    return new ProcessBuilder(line)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(folder.resolve("plain").toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start()
        .waitFor();
  }

  /// Runs a command line of QEMU and has it log each instruction: to a descriptor above those that
  /// a restored program puts in their places.
  ///
  /// @return the addresses, in hexadecimal
  List<String> logged(List<String> commandLine) throws Exception {
    Path log = folder.resolve("log");
    List<String> line = new ArrayList<>(commandLine);
    List<String> logging = List.of("-one-insn-per-tb", "-d", "exec,nochain", "-D", log.toString());
    line.addAll(line.indexOf(command.qemu().toString()) + 1, logging);
    line.addAll(0, List.of("/bin/sh", "-c", MANY_DESCRIPTORS + "exec \"$@\"", "sh"));
    ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(DebianProgram.XZ.variables());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(folder.resolve("logged").toFile());
    builder.redirectError(folder.resolve("errors").toFile());
    builder.start().waitFor();
    List<String> addresses = new ArrayList<>();
    try (Stream<String> lines = Files.lines(log)) {
      lines
          .filter(each -> each.startsWith("Trace "))
          .forEach(each -> {
            String fields = each.substring(each.indexOf('['));
            addresses.add(fields.split("/", 3)[1]);
          });
    }
    Files.delete(log);
    return addresses;
  }

  /// {@return where the C library's `memcpy` is that this CPU uses: what the program's own table of
  /// functions says, as the library does not name it}
  static long memcpy(Checkpoint checkpoint) throws IOException {
    for (Mapping mapping : checkpoint.process().mappings()) {
      String file = mapping.file();
      if (file == null || mapping.fileOffset() != 0 || !Files.isRegularFile(Path.of(file))) {
        continue;
      }
      String readelf = TestGuests.crossCompiler().replaceAll("gcc$", "readelf");
      Matcher slot =
          Pattern.compile("(?m)^([0-9a-f]{16}) .*_JUMP_SLOT .* memcpy@")
              .matcher(TestGuests.run(List.of(readelf, "-rW", file)));
      if (slot.find()) {
        long address = doubleword(checkpoint, mapping.start() + Long.decode("0x" + slot.group(1)));
        if (isIn(checkpoint, address, "libc.so")) {
          return address;
        }
      }
    }
    throw new IllegalStateException("nothing has called memcpy");
  }

  private static boolean isIn(Checkpoint checkpoint, long address, String file) {
    return checkpoint.process().mappings().stream()
        .anyMatch(mapping ->
            address >= mapping.start()
                && address < mapping.end()
                && String.valueOf(mapping.file()).contains(file));
  }

  private static long doubleword(Checkpoint checkpoint, long address) throws IOException {
    long[] found = new long[1];
    for (Mapping mapping : checkpoint.process().mappings()) {
      if (address >= mapping.start() && address < mapping.end()) {
        checkpoint.forEachPage(
            mapping,
            (at, page) -> {
              if (address >= at && address < at + page.length) {
                found[0] =
                    ByteBuffer.wrap(page)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong((int) (address - at));
              }
            });
      }
    }
    return found[0];
  }
}
