package dev.cairn.study;

import java.util.List;

/// What the profile stage found, besides the vectors.
///
/// @param instructions of all threads
/// @param intervalInstructions the length of an interval
/// @param intervals how many the first thread has
/// @param blocks true basic blocks executed
/// @param faults instructions that were begun and faulted, and do not count
/// @param threads instructions of each
/// @param guestStatus the guest's exit status
public record ProfileSummary(
    long instructions,
    long intervalInstructions,
    int intervals,
    int blocks,
    long faults,
    List<Long> threads,
    int guestStatus) {}
