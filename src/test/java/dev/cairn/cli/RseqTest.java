package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.elf.SelfRestoringElf;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that had an area of restartable sequences gets it registered again, where the kernel
/// can: QEMU's user mode can't, but its `-strace` says what it was asked.
@Tag("qemu")
final class RseqTest {
  @TempDir private Path folder;

  private static ProcessState with(ProcessState of, Rseq rseq) {
    return new ProcessState(
        of.instructions(),
        of.cpu(),
        of.sysroot(),
        of.program(),
        of.registers(),
        of.mappings(),
        of.mappedFiles(),
        of.heapStart(),
        of.heapEnd(),
        of.files(),
        of.workingDirectory(),
        of.umask(),
        of.name(),
        of.signals(),
        of.clearChildTid(),
        of.robustList(),
        of.robustListBytes(),
        rseq,
        of.limits(),
        of.start(),
        of.ignored());
  }

  @Test
  void isRegisteredAgain() throws Exception {
    Path store = folder.resolve("kept");
    Launcher.Result taken =
        Launcher.process(
            "checkpoint",
            "--at",
            "middle",
            "-o",
            store.toString(),
            "--",
            TestGuests.program("holds").toString());
    assertThat(taken.exitCode()).as(taken.errorOutput()).isEqualTo(3);
    Path kept = store.resolve(CheckpointStore.names(store).getFirst());
    Path elf = folder.resolve("restored");
    Rseq rseq;
    try (Checkpoint checkpoint = Checkpoint.open(kept)) {
      ProcessState process = checkpoint.process();
      assertThat(process.rseq()).as("the guest's library is told that there is none").isNull();
      rseq = new Rseq(process.heapStart() - 64, 32, 0xd428bc00);
      SelfRestoringElf.write(elf, with(process, rseq), checkpoint);
    }
    Process restored =
        new ProcessBuilder(
                TestGuests.checkpointReader("qemu-aarch64").toString(),
                "-cpu",
                "neoverse-n1",
                "-strace",
                elf.toString())
            .redirectErrorStream(true)
            .start();
    String calls =
        new String(restored.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(calls).containsOnlyOnce("Unknown syscall 293").contains("done");
    assertThat(restored.waitFor()).as(calls).isEqualTo(3);
    Launcher.Result listed = Launcher.process("syscalls", "--lines", "-", "--", elf.toString());
    assertThat(listed.output() + listed.errorOutput())
        .contains("rseq(0x%x, 32, 0, 0xd428bc00)".formatted(rseq.address()));
  }
}
