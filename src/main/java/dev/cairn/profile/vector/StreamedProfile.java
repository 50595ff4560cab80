package dev.cairn.profile.vector;

import dev.cairn.profile.Profile;

/// What is known of a run whose every execution was seen.
///
/// @param profile as a run has it that is only counted
/// @param loops the vectors of the same intervals by loop branch
public record StreamedProfile(Profile profile, LoopVectors loops) {}
