package dev.cairn.memory.hierarchy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.FormatException;
import dev.cairn.memory.HierarchyConfiguration;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.timing.CoreFile;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HierarchyFileTest {
  private static final String GOOD =
      """
      name: mine
      caches:
        L1I: {sizeBytes: 32768, ways: 8, lineBytes: 64, serves: instructions, below: L2}
        L1D: {sizeBytes: 32768, ways: 8, lineBytes: 64, serves: data, below: L2}
        L2: {sizeBytes: 262144, ways: 8, lineBytes: 64, inclusion: inclusive}
      tlbs:
        DTLB: {entries: 64, ways: 4, serves: data, pageBytes: [4096]}
      walkCache: L2
      """;

  @Test
  void readsCachesInTheirOrder() throws IOException {
    Hierarchy hierarchy = HierarchyFile.read("mine.yaml", GOOD);
    assertThat(hierarchy.caches().keySet()).containsExactly("L1I", "L1D", "L2");
    CacheShape second = Objects.requireNonNull(hierarchy.caches().get("L2"));
    assertThat(second.inclusionOrNine()).isEqualTo(Inclusion.INCLUSIVE);
    assertThat(second.isShared()).isTrue();
    assertThat(Objects.requireNonNull(hierarchy.caches().get("L1D")).isShared()).isFalse();
  }

  @Test
  void takesFromAPresetWhatItDoesNotSay() throws IOException {
    Hierarchy hierarchy =
        HierarchyFile.read(
            "mine.yaml",
            """
            base: cortex-a55
            name: small
            caches:
              L2: {sizeBytes: 65536, below: null}
              L3: null
            """);
    assertThat(hierarchy.caches().keySet()).containsExactly("L1I", "L1D", "L2");
    CacheShape second = Objects.requireNonNull(hierarchy.caches().get("L2"));
    assertThat(second.sizeBytes()).isEqualTo(65536);
    assertThat(second.replacement()).isEqualTo(Replacement.PLRU);
  }

  @Test
  void everyPresetIsOne() throws IOException {
    for (String preset : HierarchyFile.presets()) {
      assertThat(HierarchyFile.open(preset).name()).isEqualTo(preset);
    }
  }

  /// Two files tell of the same core.
  @Test
  void thePresetOfACoreIsTheCores() throws IOException {
    HierarchyConfiguration core = CoreFile.open("cortex-a55").memory();
    Map<String, CacheShape> caches = HierarchyFile.open("cortex-a55").caches();
    Map.of(
            "L1I",
            core.l1i(),
            "L1D",
            core.l1d(),
            "L2",
            core.l2(),
            "L3",
            Objects.requireNonNull(core.l3()))
        .forEach((name, timed) -> {
          CacheShape shape = Objects.requireNonNull(caches.get(name));
          assertThat(shape.sizeBytes()).isEqualTo(timed.sizeBytes());
          assertThat(shape.ways()).isEqualTo(timed.ways());
          assertThat(shape.lineBytes()).isEqualTo(timed.lineBytes());
          assertThat(shape.replacement()).isEqualTo(timed.replacement());
          assertThat(shape.prefetcher()).isEqualTo(timed.prefetcher());
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lineBytes: 64, serves: data | lineBytes: 48, serves: data | mine.yaml:4: caches.L1D:"
            + " lineBytes must be a power of two between 8 and 4096: 48",
        "32768, ways: 8, lineBytes: 64, serves: data | 32, ways: 1, lineBytes: 64, serves: data |"
            + " mine.yaml:4: caches.L1D: lineBytes must not be more than sizeBytes = 32: 64",
        "32768, ways: 8, lineBytes: 64, serves: data | 256, ways: 8, lineBytes: 64, serves: data |"
            + " mine.yaml:4: caches.L1D: ways must be between 1 and the lines that there are,"
            + " sizeBytes / lineBytes = 4: 8",
        "32768, ways: 8, lineBytes: 64, serves: data | 49152, ways: 8, lineBytes: 64, serves: data"
            + " | mine.yaml:4: caches.L1D: sizeBytes / (ways * lineBytes), the number of sets, must"
            + " be a power of two up to 16777216, with up to 65536 ways: 96",
        "32768, ways: 8, lineBytes: 64, serves: data | 32768, ways: 7, lineBytes: 64, serves: data"
            + " | mine.yaml:4: caches.L1D: sizeBytes must be a multiple of ways * lineBytes = 448:"
            + " 32768",
        "ways: 8, lineBytes: 64, inclusion | ways: 8, lineBytes: 32, inclusion | mine.yaml:"
            + " L2.lineBytes must not be less than that of L1I above it, 64: 32",
        "64, inclusion: inclusive | 128, inclusion: exclusive | mine.yaml:"
            + " L2.lineBytes must be that of L1I above it, 64, as L2 is exclusive: 128",
        "serves: data, below: L2} | serves: data, below: L9} | mine.yaml: L1D.below must be one of"
            + " [L1I, L1D, L2]: L9",
        "serves: data, below: L2} | serves: data, below: L1D} | mine.yaml: L1D.below must be a"
            + " cache that serves nothing first: L1D",
        "serves: data, below: L2} | serves: both, below: L2} | mine.yaml: L1D.serves must not be"
            + " instructions, which L1I serves already",
        "inclusion: inclusive | below: L1D | mine.yaml: L2.below must be a cache that serves"
            + " nothing first: L1D",
        "inclusion: inclusive | below: L2 | mine.yaml: L1I.below must lead to memory in the end:"
            + " L2",
        "serves: data, below: L2} | serves: data, inclusion: exclusive} | mine.yaml: L1D.inclusion"
            + " must be nine, as no cache is above it: EXCLUSIVE",
        "serves: data, below: L2} | below: L2} | mine.yaml: L1D.serves must be instructions, data"
            + " or both, as no cache is above it: null",
        "inclusion: inclusive | replacement: lri | mine.yaml:5: caches.L2.replacement must be one"
            + " of lru, plru, fifo, random, srrip, brrip, drrip, ship: lri; did you mean 'lru'?",
        "walkCache: L2 | walkCache: L4 | mine.yaml: walkCache must be one of [L1I, L1D, L2]: L4",
        "ways: 4, serves: data | ways: 5, serves: data | mine.yaml:7: tlbs.DTLB: entries / ways"
            + " must be a power of two: 64 / 5",
        "pageBytes: [4096] | pageBytes: [5000] | mine.yaml:7: tlbs.DTLB: pageBytes must be a power"
            + " of two between 4096 and 1073741824: 5000",
        "pageBytes: [4096] | pages: 1 | mine.yaml:7: unknown field 'pages' in tlbs.DTLB",
      })
  void saysWhichRuleIsBrokenAndByWhat(String good, String bad, String message) {
    String text = GOOD.replace(good, bad);
    assertThat(text).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> HierarchyFile.read("mine.yaml", text))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aSharedCacheHasNoPrivateOneBelow() {
    String text =
        GOOD.replace("serves: data, below", "serves: data, shared: true, below")
            .replace("inclusion: inclusive", "shared: false");
    assertThatThrownBy(() -> HierarchyFile.read("mine.yaml", text))
        .hasMessageContaining("L2.shared must be true, as L1D above it is shared: false");
  }

  @Test
  void ofTwoThatPolicyRequiresEachSaysWhy() {
    String text = GOOD.replace("inclusion: inclusive", "replacement: plru");
    assertThatThrownBy(() ->
            HierarchyFile.read("mine.yaml", text.replace("262144, ways: 8", "393216, ways: 12")))
        .hasMessageContaining("ways must be a power of two up to 32 for plru replacement: 12");
    assertThatThrownBy(() ->
            HierarchyFile.read(
                "mine.yaml",
                text.replace("plru", "drrip").replace("262144, ways: 8", "512, ways: 8")))
        .hasMessageContaining("sets must be at least 4 for drrip replacement");
  }
}
