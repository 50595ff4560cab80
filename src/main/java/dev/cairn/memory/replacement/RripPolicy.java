package dev.cairn.memory.replacement;

import java.util.Arrays;

/// Replaces a line whose next use is predicted to be far away, by two bits a line: 0 very soon, 3
/// in the distant future.
///
/// A hit predicts 0. The victim is the first way that stands at 3; if there is none, all age until
/// one does. What is predicted of a new line is the [Insertion]. Where two insertions duel, one set
/// in every [#period] always uses the one and one the other, and a counter of ten bits of which of
/// them missed more tells the rest.
///
/// Source: Jaleel, Theobald, Steely and Emer, "High Performance Cache Replacement Using
/// Re-Reference Interval Prediction (RRIP)", ISCA 2010, with M = 2, hit priority, 32 sets for each
/// side of a duel and 1 in 32 insertions of BRRIP that are not distant; here the 32nd, counted, and
/// not one by chance.
final class RripPolicy implements ReplacementPolicy {
  /// What is predicted of a new line.
  enum Insertion {
    /// A long time: scans go before what was used again.
    STATIC,
    /// Nearly always the distant future: a part of a working set that is too large stays.
    BIMODAL,
    /// What of the two misses less.
    DUEL
  }

  static final byte DISTANT = 3;
  static final byte LONG = 2;
  private static final int LEADERS = 32;
  private static final int LEAST_PERIOD = 4;
  private static final int BIMODAL_PERIOD = 32;
  private static final int MOST_SELECT = 1023;
  private static final int MIDDLE_SELECT = 511;

  private final int ways;
  private final int period;
  private final Insertion insertion;
  private final byte[] predictions;
  private int select;
  private int bimodal;

  RripPolicy(int sets, int ways, Insertion insertion) {
    this.ways = ways;
    this.insertion = insertion;
    period = period(sets);
    predictions = new byte[sets * ways];
    reset();
  }

  /// {@return how many sets apart those lie that always insert in one way}
  static int period(int sets) {
    return Math.max(LEAST_PERIOD, sets / LEADERS);
  }

  @Override
  public void used(int set, int way) {
    predictions[set * ways + way] = 0;
  }

  @Override
  public void filled(int set, int way) {
    predictions[set * ways + way] = bimodal(set) ? bimodalPrediction() : LONG;
  }

  private boolean bimodal(int set) {
    return switch (insertion) {
      case STATIC -> false;
      case BIMODAL -> true;
      case DUEL -> {
        int place = set % period;
        if (place == 0) {
          select = Math.min(select + 1, MOST_SELECT); // a miss of the static side
          yield false;
        }
        if (place == 1) {
          select = Math.max(select - 1, 0);
          yield true;
        }
        yield select > MIDDLE_SELECT;
      }
    };
  }

  private byte bimodalPrediction() {
    bimodal = bimodal + 1 == BIMODAL_PERIOD ? 0 : bimodal + 1;
    return bimodal == 0 ? LONG : DISTANT;
  }

  @Override
  public void emptied(int set, int way) {
    predictions[set * ways + way] = DISTANT;
  }

  @Override
  public int victim(int set) {
    return victim(predictions, set * ways, ways);
  }

  /// {@return the first way at [#DISTANT], after all have aged as far as it takes}
  static int victim(byte[] predictions, int base, int ways) {
    int oldest = 0;
    for (int way = 1; way < ways; way++) {
      if (predictions[base + way] > predictions[base + oldest]) {
        oldest = way;
      }
    }
    int age = DISTANT - predictions[base + oldest];
    for (int way = 0; way < ways && age > 0; way++) {
      predictions[base + way] += (byte) age;
    }
    return oldest;
  }

  @Override
  public void reset() {
    Arrays.fill(predictions, DISTANT);
    select = MIDDLE_SELECT;
    bimodal = 0;
  }
}
