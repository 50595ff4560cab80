package dev.cairn.profile.vector;

import dev.cairn.profile.Profile;

/// A profile of a run with its vectors by loop branch.
///
/// @param profile the same as without them
/// @param loops the vectors of the same intervals by loop branch
public record LoopProfile(Profile profile, LoopVectors loops) {}
