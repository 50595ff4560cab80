package dev.cairn.cli.run;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.memory.simulation.place.DataRanges;

/// Lets [DataRanges] hear what a run maps before the part of it begins that is looked at.
///
/// @param ranges may hear of a call of that part twice, which changes nothing
public record RangeHearer(DataRanges ranges) implements Analysis<DataRanges> {
  @Override
  public void define(BlockDefinition block) {}

  @Override
  public void accept(Batch batch) {}

  @Override
  public void systemCall(SystemCall call) {
    ranges.systemCall(call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    ranges.systemReturn(result);
  }

  @Override
  public DataRanges result() {
    return ranges;
  }
}
