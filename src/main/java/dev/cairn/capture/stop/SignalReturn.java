package dev.cairn.capture.stop;

/// What a thread gets back from a signal's frame as it leaves the handler.
///
/// @param thread that returns
/// @param mask of blocked signals, bit 0 for signal 1
/// @param stackAddress of the alternate stack
/// @param stackFlags of `stack_t`
/// @param stackBytes of the alternate stack
public record SignalReturn(
    int thread, long mask, long stackAddress, int stackFlags, long stackBytes) {}
