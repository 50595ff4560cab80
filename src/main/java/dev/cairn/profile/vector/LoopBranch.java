package dev.cairn.profile.vector;

import dev.cairn.program.CodeLocation;
import org.jspecify.annotations.Nullable;

/// A direct branch that goes back within its function and leaves no return address: what a loop
/// goes round by.
///
/// @param id from 1, by address: the id in the vectors
/// @param pc its virtual address
/// @param target where it goes, at or before itself
/// @param location where its code comes from; null if no file was mapped there
/// @param taken how often, in all threads: at least once
public record LoopBranch(
    int id, long pc, long target, @Nullable CodeLocation location, long taken) {}
