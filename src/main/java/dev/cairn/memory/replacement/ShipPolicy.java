package dev.cairn.memory.replacement;

import java.util.Arrays;

/// [RripPolicy] with what is predicted of a new line learnt from the lines that the same
/// instruction brought before: were they hit, or did they go unused?
///
/// Source: Wu, Jaleel, Hasenplaugh, Martonosi, Steely and Emer, "SHiP: Signature-based Hit
/// Predictor for High Performance Caching", MICRO 2011: SHiP-PC, 14 bits of signature, 16 384
/// counters of three bits, over SRRIP. Two things differ: a line teaches with its first hit only,
/// and counters begin at 1, so that an instruction that was not seen yet is not taken for one whose
/// lines go unused.
final class ShipPolicy implements ReplacementPolicy {
  private static final int SIGNATURE_BITS = 14;
  private static final int SIGNATURE_MASK = (1 << SIGNATURE_BITS) - 1;
  private static final int PC_SHIFT = 2;
  private static final byte MOST = 7;
  private static final short NO_LINE = -1;

  private final int ways;
  private final byte[] predictions;
  private final short[] signatures;
  private final boolean[] hit;
  private final byte[] counters = new byte[SIGNATURE_MASK + 1];

  ShipPolicy(int sets, int ways) {
    this.ways = ways;
    predictions = new byte[sets * ways];
    signatures = new short[sets * ways];
    hit = new boolean[sets * ways];
    reset();
  }

  @Override
  public void used(int set, int way) {
    int index = set * ways + way;
    predictions[index] = 0;
    if (!hit[index] && signatures[index] != NO_LINE) {
      hit[index] = true;
      byte counter = counters[signatures[index]];
      counters[signatures[index]] = counter == MOST ? MOST : (byte) (counter + 1);
    }
  }

  @Override
  public void filled(int set, int way) {
    filled(set, way, 0);
  }

  @Override
  public void filled(int set, int way, long pc) {
    int index = set * ways + way;
    if (signatures[index] != NO_LINE && !hit[index] && counters[signatures[index]] > 0) {
      counters[signatures[index]]--;
    }
    short signature = signature(pc);
    signatures[index] = signature;
    hit[index] = false;
    predictions[index] = counters[signature] == 0 ? RripPolicy.DISTANT : RripPolicy.LONG;
  }

  private static short signature(long pc) {
    long bits = pc >>> PC_SHIFT;
    return (short) ((bits ^ bits >>> SIGNATURE_BITS) & SIGNATURE_MASK);
  }

  @Override
  public void emptied(int set, int way) {
    int index = set * ways + way;
    predictions[index] = RripPolicy.DISTANT;
    signatures[index] = NO_LINE;
  }

  @Override
  public int victim(int set) {
    return RripPolicy.victim(predictions, set * ways, ways);
  }

  @Override
  public void reset() {
    Arrays.fill(predictions, RripPolicy.DISTANT);
    Arrays.fill(signatures, NO_LINE);
    Arrays.fill(hit, false);
    Arrays.fill(counters, (byte) 1);
  }
}
