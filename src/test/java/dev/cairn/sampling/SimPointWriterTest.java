package dev.cairn.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.sampling.StratifiedSample.Draw;
import dev.cairn.sampling.cluster.ClusterCounts;
import dev.cairn.sampling.cluster.Clustering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimPointWriterTest {
  @TempDir Path directory;

  static RegionSelection selection() {
    return new RegionSelection(
        new SelectionOptions(10, 0, 4, 2, ClusterCounts.ALL, 15, 5, 100, 0.9, 1),
        new Clustering(
            2, new int[] {0, 0, 1, 1}, new double[] {0.4856041, 0, 1.25e-17, 0.00001234567}, 0, 1),
        List.of(),
        new int[] {1, 2},
        new double[] {1 / 3.0, 2 / 3.0},
        new StratifiedSample(
            List.of(new Stratum(0, 2, 2, 0.5), new Stratum(1, 2, 2, 0.5)),
            List.of(new Draw(0, 0), new Draw(1, 0), new Draw(2, 1), new Draw(3, 1))));
  }

  @Test
  void writesTheThreeFilesInSimPointsForm() throws IOException {
    Path simpoints = directory.resolve("x.simpoints");
    Path weights = directory.resolve("x.weights");
    Path labels = directory.resolve("x.labels");
    SimPointWriter.writeSimpoints(simpoints, selection());
    SimPointWriter.writeWeights(weights, selection());
    SimPointWriter.writeLabels(labels, selection());
    assertThat(simpoints).hasContent("1 0\n2 1\n");
    assertThat(weights).hasContent("0.333333 0\n0.666667 1\n");
    assertThat(labels).hasContent("0 0.485604\n0 0\n1 1.25e-17\n1 1.23457e-05\n");
  }

  /// The right column is what `printf %g` prints.
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "0.5, 0.5",
    "0.1, 0.1",
    "0.0001, 0.0001",
    "0.00009999999, 0.0001",
    "0.0000999, 9.99e-05",
    "123456.4, 123456",
    "999999.4, 999999",
    "999999.6, 1e+06",
    "1234567, 1.23457e+06",
    "100000, 100000",
    "0.9999996, 1",
    "-0.25, -0.25",
    "2.5e-300, 2.5e-300",
    "1e22, 1e+22",
    "0.0000015, 1.5e-06",
    "0.4856035, 0.485604",
  })
  void printsNumbersAsCDoes(double value, String text) {
    assertThat(SimPointWriter.sixDigits(value)).isEqualTo(text);
  }
}
