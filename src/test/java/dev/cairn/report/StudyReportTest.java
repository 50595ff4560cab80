package dev.cairn.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.Golden;
import dev.cairn.sampling.Estimate;
import dev.cairn.study.StudyResult;
import dev.cairn.study.measure.Measurement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StudyReportTest {
  private static final Map<String, Double> SECONDS = seconds();

  private static Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("profile", 16.95);
    seconds.put("select", 0.92);
    seconds.put("measure", 23.18);
    seconds.put("full", 568.01);
    return seconds;
  }

  private static Estimate estimate(double value, double halfWidth) {
    return new Estimate(value, 0.95, halfWidth, "a sample");
  }

  private static StudyResult result(StudyResult.@Nullable FullResult full) {
    return result(full, null);
  }

  private static StudyResult result(
      StudyResult.@Nullable FullResult full, StudyResult.@Nullable ScopeResult scope) {
    Map<String, Estimate> stack = new LinkedHashMap<>();
    stack.put("issue", estimate(0.75, 0.01));
    stack.put("barrier", estimate(0, 0));
    stack.put("dataMiss", estimate(0.5, 0.02));
    Map<String, Estimate> events = new LinkedHashMap<>();
    events.put("loads", estimate(169.236, 0.459));
    events.put("l1dMisses", estimate(5.5, 0.125));
    return new StudyResult(
        6_382_274_229L,
        scope,
        1_000_000,
        6383,
        15,
        100,
        100_000_000,
        false,
        "cortex-a55",
        estimate(1.25, 0.015),
        stack,
        events,
        full,
        3);
  }

  private static StudyResult sampled() {
    return result(new StudyResult.FullResult(1.28, -0.0234375, Map.of("loads", 169.5)));
  }

  private static Measurement whole() {
    Map<String, Long> stack = new LinkedHashMap<>();
    stack.put("issue", 600L);
    stack.put("structural", 0L);
    stack.put("branch", 200L);
    Map<String, Long> events = new LinkedHashMap<>();
    events.put("branches", 125L);
    events.put("unheardOf", 1L);
    return new Measurement(-1, 2_000_000_000, 1000, 800, stack, events);
  }

  @Test
  void saysOfWhichPartOfARunAStudyIs() {
    StudyResult.ScopeResult one =
        new StudyResult.ScopeResult("main:1", null, null, 131_072, 7_000_000_000L, 1, true);
    assertThat(StudyReport.text("xz", "xz-study", result(null, one), SECONDS))
        .contains("6,382,274,229  instructions\n")
        .contains("                        of the scope behind the first 131,072\n");
    StudyResult.ScopeResult many =
        new StudyResult.ScopeResult(null, null, "solve", 131_072, 7_000_000_000L, 1500, true);
    assertThat(StudyReport.text("xz", "xz-study", result(null, many), SECONDS))
        .contains("of the scope behind the first 131,072 in 1,500 pieces\n");
  }

  @Test
  void printsAStudy() throws Exception {
    Golden.check(
        "dev/cairn/report/study.txt", StudyReport.text("xz", "xz-study", sampled(), SECONDS));
    Golden.check("dev/cairn/report/study.json", Json.text(StudyReport.json(sampled(), SECONDS)));
  }

  @Test
  void printsATimedWindow() throws Exception {
    Golden.check(
        "dev/cairn/report/time.txt", StudyReport.timedText("xz", "cortex-a55", whole(), 0.5));
    Golden.check(
        "dev/cairn/report/time.json",
        Json.text(StudyReport.timedJson("cortex-a55", 1, whole(), 0.5)));
  }

  @Test
  void keepsTheNamesThatScriptsRelyOn() {
    JsonNode study = StudyReport.json(sampled(), SECONDS);
    assertThat(study.at("/instructions").asLong()).isEqualTo(6_382_274_229L);
    assertThat(study.at("/cpi/estimate").asDouble()).isEqualTo(1.25);
    assertThat(study.at("/cpi/halfWidth").asDouble()).isEqualTo(0.015);
    assertThat(study.at("/cpi/confidence").asDouble()).isEqualTo(0.95);
    assertThat(study.at("/full/cpi").asDouble()).isEqualTo(1.28);
    assertThat(study.at("/full/relativeError").asDouble()).isEqualTo(-0.0234375);
    assertThat(study.at("/seconds/profile").asDouble()).isEqualTo(16.95);
    assertThat(study.at("/seconds/select").asDouble()).isEqualTo(0.92);
    assertThat(study.at("/seconds/measure").asDouble()).isEqualTo(23.18);
    assertThat(study.at("/seconds/full").asDouble()).isEqualTo(568.01);
    assertThat(StudyReport.json(result(null), SECONDS).get("full").isNull()).isTrue();

    JsonNode timed = StudyReport.timedJson("cortex-a55", 0, whole(), 0.5);
    assertThat(timed.at("/instructions").asLong()).isEqualTo(1000);
    assertThat(timed.at("/cpi/estimate").asDouble()).isEqualTo(0.8);
    assertThat(timed.at("/cpi/halfWidth").asDouble(1)).isZero();
    assertThat(timed.at("/cpi/confidence").asDouble()).isEqualTo(0.95);
  }
}
