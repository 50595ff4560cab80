package dev.cairn.memory.replacement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Policies against the examples and tables of those who published them.
final class PublishedExamplesTest {
  /// A set of one policy, filled from the first way on.
  private static final class Set {
    private final ReplacementPolicy policy;
    private final String[] lines;

    Set(ReplacementPolicy policy, int ways) {
      this.policy = policy;
      lines = new String[ways];
    }

    boolean access(String line) {
      int way = Arrays.asList(lines).indexOf(line);
      if (way >= 0) {
        policy.used(0, way);
        return true;
      }
      way = Arrays.asList(lines).indexOf(null);
      way = way < 0 ? policy.victim(0) : way;
      lines[way] = line;
      policy.filled(0, way);
      return false;
    }

    List<Boolean> accessAll(String accesses) {
      List<Boolean> hits = new ArrayList<>();
      for (String line : accesses.split(" ", -1)) {
        hits.add(access(line));
      }
      return hits;
    }
  }

  /// Jaleel et al., ISCA 2010, figure 3: a1 and a2, used twice, outlive a scan of four lines in a
  /// set of four ways, where LRU loses them.
  @Test
  void srripKeepsWhatWasUsedAgainThroughAScan() {
    String accesses = "a1 a2 a2 a1 b1 b2 b3 b4 a1 a2";
    Set srrip = new Set(Replacement.SRRIP.create(1, 4, 1), 4);
    assertThat(srrip.accessAll(accesses))
        .containsExactly(false, false, true, true, false, false, false, false, true, true);
    assertThat(srrip.lines).containsExactly("a1", "a2", "b3", "b4");
    Set lru = new Set(Replacement.LRU.create(1, 4, 1), 4);
    assertThat(lru.accessAll(accesses))
        .containsExactly(false, false, true, true, false, false, false, false, false, false);
  }

  /// Al-Zoubi, Milenkovic and Milenkovic, "Performance Evaluation of Cache Replacement Policies for
  /// the SPEC CPU2000 Benchmark Suite", 2004: the tree of four ways by states b0 b1 b2, where x is
  /// either: 00x replaces way 0, 01x way 1, 1x0 way 2, 1x1 way 3; a reference to way 0 leads to
  /// 11_, to way 1 to 10_, to way 2 to 0_1, to way 3 to 0_0.
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3"})
  void treePlruFollowsThePublishedTable(int seed) {
    int[] state = {0, 0, 0};
    ReplacementPolicy policy = Replacement.PLRU.create(1, 4, 1);
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    for (int i = 0; i < 1000; i++) {
      int victim = state[0] == 0 ? state[1] : 2 + state[2];
      assertThat(policy.victim(0)).isEqualTo(victim);
      int way = random.nextInt(4);
      policy.used(0, way);
      state[0] = way < 2 ? 1 : 0;
      if (way < 2) {
        state[1] = way == 0 ? 1 : 0;
      } else {
        state[2] = way == 2 ? 1 : 0;
      }
    }
  }

  /// The same paper as SRRIP's, section 4.2: a working set of six lines round and round thrashes
  /// four ways under LRU and SRRIP; BRRIP keeps a part of it.
  @Test
  void brripKeepsAPartOfWhatDoesNotFit() {
    String round = "a b c d e f ".repeat(500).strip();
    assertThat(new Set(Replacement.LRU.create(1, 4, 1), 4).accessAll(round)).doesNotContain(true);
    assertThat(new Set(Replacement.SRRIP.create(1, 4, 1), 4).accessAll(round)).doesNotContain(true);
    long hits =
        new Set(Replacement.BRRIP.create(1, 4, 1), 4)
            .accessAll(round).stream().filter(hit -> hit).count();
    assertThat(hits).isGreaterThan(1000);
  }

  @Test
  void drripTakesTheSideThatMissesLess() {
    int sets = 128;
    ReplacementPolicy policy = Replacement.DRRIP.create(sets, 4, 1);
    int follower = 2;
    fill(policy, follower, 1);
    assertThat(policy.victim(follower)).as("static first: way 0 is as far as the others").isZero();
    for (int i = 0; i < 2; i++) {
      fill(policy, 0, 300); // a set that always inserts as SRRIP does misses on and on
    }
    Set set = new Set(follower(policy, follower), 4);
    long hits = set.accessAll("a b c d e f ".repeat(200).strip()).stream().filter(h -> h).count();
    assertThat(hits).isGreaterThan(300);
  }

  private static void fill(ReplacementPolicy policy, int set, int rounds) {
    for (int i = 0; i < rounds; i++) {
      for (int way = 0; way < 4; way++) {
        policy.filled(set, way);
      }
    }
  }

  /// {@return a set of a policy as the only one}
  private static ReplacementPolicy follower(ReplacementPolicy all, int set) {
    return new ReplacementPolicy() {
      @Override
      public void used(int ignored, int way) {
        all.used(set, way);
      }

      @Override
      public void filled(int ignored, int way) {
        all.filled(set, way);
      }

      @Override
      public int victim(int ignored) {
        return all.victim(set);
      }

      @Override
      public void reset() {
        all.reset();
      }
    };
  }

  /// Wu et al., MICRO 2011: lines of an instruction whose lines went unused are inserted to go
  /// first, those of one whose lines were hit are not.
  @Test
  void shipLearnsWhichInstructionsLinesAreUsedAgain() {
    ReplacementPolicy policy = Replacement.SHIP.create(1, 4, 1);
    long scan = 0x1000;
    long reuse = 0x2000;
    for (int i = 0; i < 8; i++) {
      policy.filled(0, 0, reuse);
      policy.used(0, 0);
      policy.filled(0, 1, scan);
    }
    policy.filled(0, 0, reuse);
    policy.filled(0, 1, reuse);
    policy.filled(0, 2, scan);
    policy.filled(0, 3, reuse);
    assertThat(policy.victim(0)).isEqualTo(2);
  }
}
