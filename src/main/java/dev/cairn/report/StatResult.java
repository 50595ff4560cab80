package dev.cairn.report;

import dev.cairn.capture.CaptureResult;
import dev.cairn.profile.stat.Statistics;
import dev.cairn.program.CodeLocation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that `cairn stat` has to say.
///
/// @param program the guest's command line
/// @param cpu QEMU's CPU model
/// @param place where the guest stood when a signal killed it, or null if no file is mapped there
/// @param comparison with plain QEMU, if it was asked for
public record StatResult(
    List<String> program,
    String cpu,
    CaptureResult run,
    Statistics statistics,
    @Nullable CodeLocation place,
    @Nullable Comparison comparison) {
  public StatResult {
    program = List.copyOf(program);
  }

  /// {@return the same, compared with plain QEMU}
  public StatResult comparedWith(Comparison plain) {
    return new StatResult(program, cpu, run, statistics, place, plain);
  }
}
