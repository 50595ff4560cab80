package dev.cairn.checkpoint.criu;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.FileHash;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.ResourceLimit;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A process as a test makes it up: it has one of everything that is carried.
final class SomeProcess {
  static final int PAGE = Mapping.PAGE_BYTES;
  static final long CODE = 0x400000;
  static final long HEAP = 0x500000;
  static final long STACK = 0x7fff0000;
  static final long SHARED = 0x30000000;
  static final long START = STACK + 0x8000;
  static final int NUMBER = 4321;

  private SomeProcess() {}

  /// Memory as a map of pages.
  static final class Pages implements MemoryContents {
    final TreeMap<Long, byte[]> pages = new TreeMap<>();

    @Override
    public void forEachPage(Mapping mapping, PageConsumer consumer) throws IOException {
      for (var page : pages.subMap(mapping.start(), mapping.end()).entrySet()) {
        consumer.accept(page.getKey(), page.getValue().clone());
      }
    }

    private ByteBuffer at(long address) {
      byte[] page = pages.computeIfAbsent(address & -PAGE, _ -> new byte[PAGE]);
      return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).position((int) (address % PAGE));
    }
  }

  /// {@return its memory: random pages, some behind each other, and the texts on its stack}
  static Pages memory() {
    Pages memory = new Pages();
    SplittableRandom random = new SplittableRandom(1);
    for (long address : new long[] {CODE, CODE + PAGE, HEAP, HEAP + 3 * PAGE, STACK, SHARED}) {
      byte[] page = new byte[PAGE];
      random.nextBytes(page);
      memory.pages.put(address, page);
    }
    memory.at(HEAP + 16).putInt(NUMBER);
    memory.at(HEAP + 64).putInt(0).putInt(-2); // what is not registered yet
    memory.at(START).putLong(2).putLong(START + 0x100).putLong(START + 0x106).putLong(0);
    memory.at(START + 32).putLong(START + 0x10a).putLong(0).putLong(0);
    memory.at(START + 0x100).put("/prog\0a b\0A=1\0".getBytes(StandardCharsets.UTF_8));
    return memory;
  }

  /// {@return its state}
  ///
  /// @param folder where it has a file open
  static ProcessState state(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("open"), "what it reads\n").toRealPath();
    long[] x = new long[31];
    long[] v = new long[64];
    Arrays.setAll(x, i -> -1L - i);
    Arrays.setAll(v, i -> 1L << i);
    List<OpenFile> files = new ArrayList<>();
    files.add(new OpenFile(0, 0, OpenFile.Kind.STREAM, null, 0, 0, false, -1, null));
    files.add(new OpenFile(1, 1, OpenFile.Kind.STREAM, null, 0, 0, false, -1, null));
    files.add(new OpenFile(2, 1, OpenFile.Kind.STREAM, null, 0, 0, false, -1, null));
    long bytes = Files.size(file);
    files.add(
        new OpenFile(
            3, 3, OpenFile.Kind.FILE, file.toString(), 0400000, 5, true, bytes, FileHash.of(file)));
    files.add(
        new OpenFile(4, 4, OpenFile.Kind.PIPE, "pipe:[1]", 04000, 0, false, -1, null)
            .holding("in the pipe".getBytes(StandardCharsets.UTF_8)));
    files.add(new OpenFile(5, 5, OpenFile.Kind.PIPE, "pipe:[1]", 1, 0, false, -1, null));
    Path shared =
        Files.write(folder.resolve("shared"), memory().pages.getOrDefault(SHARED, new byte[0]));
    String written = shared.toRealPath().toString();
    files.add(new OpenFile(6, 6, OpenFile.Kind.FILE, written, 02001, 4096, false, -1, null));
    files.add(
        new OpenFile(
            9,
            3,
            OpenFile.Kind.FILE,
            file.toString(),
            0400000,
            5,
            false,
            bytes,
            FileHash.of(file)));
    return new ProcessState(
        0,
        "cortex-a57",
        null,
        List.of("/prog", "a b"),
        new A64Registers(x, STACK, CODE + 4, 0x60000000L, 1, 2, -8, v),
        List.of(
            new Mapping(CODE, CODE + 8 * PAGE, 5, Mapping.Kind.ANONYMOUS, null, 0),
            new Mapping(CODE + 8 * PAGE, CODE + 9 * PAGE, 3, Mapping.Kind.ANONYMOUS, null, 0),
            new Mapping(HEAP, HEAP + 16 * PAGE, 3, Mapping.Kind.HEAP, null, 0),
            new Mapping(0x10000000, 0x20000000, 0, Mapping.Kind.ANONYMOUS, null, 0),
            new Mapping(SHARED, SHARED + PAGE, 3, Mapping.Kind.FILE, written, 0, true),
            new Mapping(STACK, STACK + 16 * PAGE, 3, Mapping.Kind.STACK, null, 0)),
        List.of(),
        HEAP,
        HEAP + 16 * PAGE - 8,
        files,
        folder.toRealPath().toString(),
        027,
        "called",
        new SignalState(
            List.of(
                new SignalState.Action(2, 1, 0, 0, 0),
                new SignalState.Action(17, CODE + 64, 0x10000004, CODE + 128, 0x0000ffff00000000L)),
            0x8000000000000002L,
            STACK,
            0,
            16384),
        HEAP + 16,
        HEAP + 32,
        24,
        new Rseq(HEAP + 64, 32, 0xd428bc00),
        List.of(
            new ResourceLimit(0, -1, -1, false),
            new ResourceLimit(1, 5, 7, false),
            new ResourceLimit(2, -1, -1, false),
            new ResourceLimit(3, 8 << 20, -1, false)),
        new ProcessStart(
            "/prog",
            null,
            List.of(),
            List.of("A=1"),
            START,
            List.of(
                new ProcessStart.Auxiliary(9, CODE + 4),
                new ProcessStart.Auxiliary(6, 4096),
                new ProcessStart.Auxiliary(11, 1000),
                new ProcessStart.Auxiliary(12, 1000))),
        List.of());
  }

  /// {@return the pages of a process that are not all zeros}
  static NavigableMap<Long, String> contents(ProcessState process, MemoryContents memory)
      throws IOException {
    TreeMap<Long, String> all = new TreeMap<>();
    for (Mapping mapping : process.mappings()) {
      memory.forEachPage(
          mapping,
          (address, bytes) -> all.put(address, new String(bytes, StandardCharsets.ISO_8859_1)));
    }
    return all;
  }
}
