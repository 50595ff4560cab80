package dev.cairn.study.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.report.StudyReport;
import dev.cairn.sampling.Estimate;
import dev.cairn.study.StudyResult;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `result.json` beside what `cairn study --json` writes.
final class ResultFileTest {
  @TempDir Path folder;

  @Test
  void holdsWhatTheCommandWritesButForTheSeconds() throws Exception {
    Estimate estimate = new Estimate(1.5, 0.95, 0.25, "a sample");
    StudyResult result =
        new StudyResult(
            1000,
            new StudyResult.ScopeResult("solve:2", null, null, 70, 1070, 1, true),
            100,
            10,
            2,
            4,
            400,
            false,
            "cortex-a55",
            estimate,
            Map.of("issue", estimate),
            Map.of("loads", estimate),
            new StudyResult.FullResult(1.25, 0.2, Map.of("loads", 3.5)),
            0);
    Path path = folder.resolve("result.json");
    StageFile.write(path, result);
    ObjectNode file = (ObjectNode) new ObjectMapper().readTree(path.toFile());
    assertThat(file.at("/cpi/estimate").asDouble()).isEqualTo(1.5);
    assertThat(file.at("/cpi/halfWidth").asDouble()).isEqualTo(0.25);
    assertThat(file.at("/scope/from").asText()).isEqualTo("solve:2");
    assertThat(file.at("/scope/until").isNull()).isTrue();
    assertThat(file.at("/full/relativeError").asDouble()).isEqualTo(0.2);

    ObjectNode written = StudyReport.json(result, Map.of("profile", 2.5));
    assertThat(written.remove("seconds")).hasToString("{\"profile\":2.5}");
    assertThat(written).hasToString(file.toString());
    assertThat(StageFile.readWithNulls(path, StudyResult.class)).isEqualTo(result);
  }
}
