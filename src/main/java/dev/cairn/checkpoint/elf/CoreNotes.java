package dev.cairn.checkpoint.elf;

import dev.cairn.checkpoint.A64Registers;
import dev.cairn.checkpoint.GuestPaths;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessStart;
import dev.cairn.checkpoint.ProcessState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The notes of an AArch64 Linux core file, in the order in which the kernel writes them.
///
/// Source: the kernel's `fs/binfmt_elf.c`, `include/uapi/linux/elfcore.h` and
/// `arch/arm64/include/uapi/asm/ptrace.h`.
final class CoreNotes {
  private static final int NT_PRSTATUS = 1;
  private static final int NT_FPREGSET = 2;
  private static final int NT_PRPSINFO = 3;
  private static final int NT_AUXV = 6;
  private static final int NT_ARM_TLS = 0x401;
  private static final int NT_SIGINFO = 0x53494749;
  private static final int NT_FILE = 0x46494c45;

  /// Ours: a line for each open descriptor.
  private static final int DESCRIPTORS = 0x43524e01;

  private static final int STATUS_BYTES = 392;
  private static final int STATUS_MASK = 24;
  private static final int STATUS_PROCESS = 32;
  private static final int STATUS_REGISTERS = 112;
  private static final int STATUS_HAS_VECTORS = 384;
  private static final int VECTORS_BYTES = 528;
  private static final int INFO_BYTES = 136;
  private static final int INFO_PROCESS = 24;
  private static final int INFO_NAME = 40;
  private static final int NAME_BYTES = 16;
  private static final int INFO_ARGUMENTS = 56;
  private static final int ARGUMENTS_BYTES = 80;
  private static final int SIGNAL_BYTES = 128;

  /// A checkpoint has no number of the process.
  private static final int PROCESS = 1;

  private final ByteArrayOutputStream all = new ByteArrayOutputStream();

  private CoreNotes() {}

  static byte[] of(ProcessState process) throws IOException {
    CoreNotes notes = new CoreNotes();
    notes.add("CORE", NT_PRSTATUS, status(process));
    notes.add("CORE", NT_PRPSINFO, information(process));
    notes.add("CORE", NT_SIGINFO, buffer(SIGNAL_BYTES));
    notes.add("CORE", NT_AUXV, auxiliary(process.start().auxiliary()));
    notes.add("CORE", NT_FILE, files(process));
    notes.add("CORE", NT_FPREGSET, vectors(process.registers()));
    notes.add("LINUX", NT_ARM_TLS, buffer(8).putLong(process.registers().tpidr()));
    notes.add("Cairn", DESCRIPTORS, ByteBuffer.wrap(descriptors(process.files())));
    return notes.all.toByteArray();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void add(String owner, int type, ByteBuffer description) {
    byte[] name = (owner + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = new byte[description.capacity()];
    description.get(0, bytes);
    all.writeBytes(buffer(12).putInt(name.length).putInt(bytes.length).putInt(type).array());
    all.writeBytes(Arrays.copyOf(name, name.length + 3 & -4));
    all.writeBytes(Arrays.copyOf(bytes, bytes.length + 3 & -4));
  }

  private static ByteBuffer status(ProcessState process) {
    A64Registers registers = process.registers();
    ByteBuffer status = buffer(STATUS_BYTES);
    status.position(STATUS_MASK).putLong(process.signals().mask());
    status.position(STATUS_PROCESS).putInt(PROCESS);
    status.position(STATUS_REGISTERS);
    for (long x : registers.x()) {
      status.putLong(x);
    }
    status.putLong(registers.sp()).putLong(registers.pc()).putLong(registers.pstate());
    return status.putInt(STATUS_HAS_VECTORS, 1);
  }

  private static ByteBuffer information(ProcessState process) {
    ByteBuffer information = buffer(INFO_BYTES);
    information.put(1, (byte) 'R');
    information.putInt(INFO_PROCESS, PROCESS);
    Path executable = Path.of(process.start().executable()).getFileName();
    put(information, INFO_NAME, NAME_BYTES, String.valueOf(executable));
    put(information, INFO_ARGUMENTS, ARGUMENTS_BYTES, String.join(" ", process.program()));
    return information;
  }

  /// Puts as much of a text as there is room for, and a zero.
  private static void put(ByteBuffer into, int offset, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    into.put(offset, bytes, 0, Math.min(bytes.length, room - 1));
  }

  private static ByteBuffer auxiliary(List<ProcessStart.Auxiliary> vector) {
    ByteBuffer auxiliary = buffer((vector.size() + 1) * 16);
    for (ProcessStart.Auxiliary each : vector) {
      auxiliary.putLong(each.kind()).putLong(each.value());
    }
    return auxiliary;
  }

  /// What lies where of which file, by the names that a debugger looks up in the sysroot.
  private static ByteBuffer files(ProcessState process) throws IOException {
    GuestPaths paths = GuestPaths.of(process);
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    ByteBuffer ranges = buffer(process.mappings().size() * 24);
    for (Mapping each : process.mappings()) {
      String file = each.file();
      if (file != null) {
        ranges.putLong(each.start()).putLong(each.end());
        ranges.putLong(each.fileOffset() / Mapping.PAGE_BYTES);
        names.writeBytes((paths.seen(file) + "\0").getBytes(StandardCharsets.UTF_8));
      }
    }
    ranges.flip();
    ByteBuffer files = buffer(16 + ranges.limit() + names.size());
    files.putLong(ranges.limit() / 24).putLong(Mapping.PAGE_BYTES);
    return files.put(ranges).put(names.toByteArray());
  }

  private static ByteBuffer vectors(A64Registers registers) {
    ByteBuffer vectors = buffer(VECTORS_BYTES);
    for (long half : registers.v()) {
      vectors.putLong(half);
    }
    return vectors.putInt(registers.fpsr()).putInt(registers.fpcr());
  }

  private static byte[] descriptors(List<OpenFile> files) {
    StringBuilder text = new StringBuilder();
    for (OpenFile each : files) {
      String path = each.path();
      text.append(
          String.format(
              Locale.ROOT,
              "%d %s flags 0%o offset %d%n",
              each.descriptor(),
              path == null ? "stream " + each.description() : path,
              each.flags(),
              each.offset()));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
