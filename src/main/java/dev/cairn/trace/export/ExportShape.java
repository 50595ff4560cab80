package dev.cairn.trace.export;

/// What is to be in an export, and what its source brings along.
///
/// @param fetches whether the fetch of each instruction is told; forms that consist of instructions
///   always tell it
/// @param systemCalls whether the source tells of system calls
/// @param filtered whether some of the accesses were left out
/// @param apart whether each thread has bytes of its own, where the form knows threads
/// @param values whether the source tells what accesses load and store, and the form is to tell it
public record ExportShape(
    boolean fetches, boolean systemCalls, boolean filtered, boolean apart, boolean values) {}
