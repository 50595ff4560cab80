package dev.cairn.memory.simulation.place;

/// Where the data lie of the access that is being made, looked up when first asked for.
public final class DataPlace {
  /// Of an access that is not one to data, or where nobody wants to know.
  static final int NONE = -1;

  private final DataRanges ranges;
  private long address;
  private boolean isData;
  private boolean known;
  private int range = NONE;

  /// @param ranges says where data lie
  public DataPlace(DataRanges ranges) {
    this.ranges = ranges;
  }

  /// Begins an access to data.
  public void at(long address) {
    this.address = address;
    isData = true;
    known = false;
  }

  /// Begins an access that is none to data.
  public void nowhere() {
    isData = false;
  }

  /// {@return the number of the range in [DataRanges]; [#NONE] for none}
  int range() {
    if (!isData) {
      return NONE;
    }
    if (!known) {
      range = ranges.find(address);
      known = true;
    }
    return range;
  }
}
