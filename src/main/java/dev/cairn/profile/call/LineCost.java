package dev.cairn.profile.call;

import dev.cairn.profile.flow.Functions;
import dev.cairn.program.debug.SourceLine;
import org.jspecify.annotations.Nullable;

/// What was executed of one instruction.
///
/// @param function whose activations executed it
/// @param address of the instruction, as the file's own symbols have it
/// @param source null if no debug information tells
/// @param executions how often it executed
public record LineCost(
    Functions.Function function, long address, @Nullable SourceLine source, long executions) {}
