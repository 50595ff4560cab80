package dev.cairn.capture.scope;

import dev.cairn.capture.Trigger;
import dev.cairn.event.BlockDefinition;

/// Tells at which instructions of a block triggers stand, while an analysis is told of that block.
@FunctionalInterface
public interface TriggerPlaces {
  /// By addresses alone: that of a trigger is its value.
  TriggerPlaces BY_ADDRESS = (trigger, block, instruction, pc) -> trigger.value() == pc;

  /// {@return whether a trigger stands at an instruction}
  ///
  /// @param instruction its index in the block
  /// @param pc its address
  boolean isAt(Trigger trigger, BlockDefinition block, int instruction, long pc);
}
