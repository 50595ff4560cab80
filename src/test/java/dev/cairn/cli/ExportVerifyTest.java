package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.MemoryContents;
import dev.cairn.checkpoint.store.Checkpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.cli.run.ExitStatus;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `export --verify` writes a checkpoint that is equal to the program's own run, and no other.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class ExportVerifyTest {
  @TempDir private Path folder;

  /// The same memory with one bit of its last page another.
  private static MemoryContents changed(MemoryContents memory, Mapping stack) {
    return (mapping, consumer) ->
        memory.forEachPage(
            mapping,
            (address, bytes) -> {
              byte[] page = bytes.clone();
              if (address == stack.end() - Mapping.PAGE_BYTES) {
                page[100] ^= 1;
              }
              consumer.accept(address, page);
            });
  }

  @Test
  void writesOnlyWhatIsEqual() throws Exception {
    Path kept = folder.resolve("kept");
    Launcher.Result taken =
        Launcher.process(
            "checkpoint",
            "--at",
            "middle",
            "-o",
            kept.toString(),
            "--",
            TestGuests.program("holds").toString());
    assertThat(taken.exitCode()).as(taken.errorOutput()).isEqualTo(3);
    Path good = kept.resolve(CheckpointStore.names(kept).getFirst());
    try (CheckpointStore store = CheckpointStore.create(kept);
        Checkpoint opened = Checkpoint.open(good)) {
      Mapping stack = opened.process().mappings().getLast();
      for (Mapping each : opened.process().mappings()) {
        stack = each.kind() == Mapping.Kind.STACK ? each : stack;
      }
      store.add("wrong", opened.process(), changed(opened, stack));
    }
    Path out = folder.resolve("wrong");
    Launcher.Result refused =
        Launcher.process(
            "checkpoint",
            "export",
            "--verify",
            "--elf",
            out.toString(),
            kept.resolve("wrong").toString());
    assertThat(refused.exitCode()).isEqualTo(ExitStatus.FAILED);
    assertThat(refused.errorOutput())
        .startsWith("cairn: not exported: ")
        .contains("different after 0 instructions: ", " at the checkpoint: ")
        .hasLineCount(1);
    assertThat(out).doesNotExist();
    Path elf = folder.resolve("right");
    Launcher.Result exported =
        Launcher.process(
            "checkpoint", "export", "--verify", "--elf", elf.toString(), good.toString());
    assertThat(exported.exitCode()).as(exported.errorOutput()).isZero();
    assertThat(exported.errorOutput()).contains(": equal: ");
    assertThat(elf).isExecutable();
  }
}
