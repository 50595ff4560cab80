package dev.cairn.profile.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestEnd;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.profile.block.BlockAnalysis;
import dev.cairn.profile.block.BlockFlow;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A guest's run, whose blocks were counted.
record CoveredRun(BlockFlow flow, GuestMap map) {
  static CoveredRun of(GuestCommand command) throws Exception {
    GuestMap map =
        new GuestMap(
            GuestProgram.find(command.program(), command.sysroot(), Map.of(), null, Path.of("")),
            RunObserver.NONE);
    BlockAnalysis analysis = new BlockAnalysis(new AArch64(), map.addresses()::locateSource);
    CaptureResult result =
        new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
            .run(
                new Observation.Streaming(List.of(analysis), 0, List.of(), StreamContents.NOTHING),
                map);
    assertThat(result.end()).isEqualTo(new GuestEnd.Exited(0));
    return new CoveredRun(analysis.result(), map);
  }

  SourceCoverage coverage() throws Exception {
    return SourceCoverage.of(new AArch64(), flow, map.addresses()::image);
  }

  ModuleCoverage modules() {
    return ModuleCoverage.of(flow, map.addresses()::image);
  }

  CodeGraph graph(Path program) throws Exception {
    return CodeGraphBuilder.build(
        new AArch64(), Objects.requireNonNull(map.addresses().image(program.toString())), flow);
  }
}
