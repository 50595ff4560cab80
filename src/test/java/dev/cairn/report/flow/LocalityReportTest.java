package dev.cairn.report.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.memory.locality.LocalityProfile;
import dev.cairn.memory.locality.LocalityRequest;
import dev.cairn.memory.locality.MissRatioCurve;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What people and scripts are told of little data.
final class LocalityReportTest {
  private static LocalityProfile profile(long loads, long lines, MissRatioCurve curve) {
    return new LocalityProfile(
        new LocalityRequest(64, 4096, 1000, 0, false),
        100,
        loads,
        0,
        lines,
        lines,
        curve,
        List.of(new LocalityProfile.Slice(0, 100, lines, lines, lines)),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static MissRatioCurve sampled(long lines, double error) {
    List<MissRatioCurve.Point> points =
        List.of(new MissRatioCurve.Point(0, 50), new MissRatioCurve.Point(1, 25));
    return new MissRatioCurve(
        50, 5, points, new MissRatioCurve.Uncertainty(0.0001, lines, 3 * lines, error, error));
  }

  @Test
  void saysNoMoreOfAProgramThatAccessesNothing() {
    String text =
        LocalityReport.text(profile(0, 0, new MissRatioCurve(0, 0, List.of(), null)), List.of());
    assertThat(text).contains("100 instructions, 0 loads, 0 stores").doesNotContain("%");
  }

  @Test
  void tellsTheErrorOfASample() {
    LocalityProfile profile = profile(50, 1000, sampled(500, 0.02));
    assertThat(LocalityReport.text(profile, List.of()))
        .contains("from 500 lines, 0.0100 % of all: ± 2.00 % on average")
        .contains("50.00 %");
    JsonNode misses = LocalityReport.json(profile, List.of()).get("missRatio");
    assertThat(misses.get("sampled").get("lines").asInt()).isEqualTo(500);
    assertThat(misses.get("sampled").get("halfWidthMost").asDouble()).isEqualTo(0.02);
    assertThat(misses.get("sizes")).isNotEmpty();
  }

  @Test
  void tellsNoErrorOfTooSmallASample() {
    LocalityProfile profile = profile(50, 1000, sampled(3, Double.NaN));
    assertThat(LocalityReport.text(profile, List.of()))
        .contains("from 3 lines, 0.0100 % of all: too few to tell how far off it is")
        .contains("50.00 %")
        .doesNotContain("NaN");
    JsonNode misses = LocalityReport.json(profile, List.of()).get("missRatio");
    assertThat(misses.get("sampled").get("halfWidthMost").isNull()).isTrue();
  }

  @Test
  void showsNoCurveOfNoLine() {
    LocalityProfile profile = profile(50, 1000, sampled(0, Double.NaN));
    assertThat(LocalityReport.text(profile, List.of())).doesNotContain("50.00 %");
    assertThat(LocalityReport.json(profile, List.of()).get("missRatio").get("sizes")).isEmpty();
  }
}
