package dev.cairn.profile.call;

import org.jspecify.annotations.Nullable;

/// What a run spent in one function.
///
/// @param name its symbol, not demangled; `0x` and its address where there is none
/// @param file the path of its file on the host; null for code that no file was mapped for
/// @param address as the file's own symbols have it; the virtual address if there is no file
/// @param calls activations that it had
/// @param depth the most activations that it had at once on one stack
/// @param inclusive instructions in the function and what it called
/// @param exclusive instructions in the function itself
public record FunctionProfile(
    String name,
    @Nullable String file,
    long address,
    long calls,
    int depth,
    Durations inclusive,
    Durations exclusive) {}
