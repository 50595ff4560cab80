package dev.cairn.profile.call;

/// How long the activations of a function took, in instructions.
///
/// Total, minimum, mean and maximum are exact. A quantile is exact below 64 and at most 1/64 off
/// from there on.
///
/// @param total of a function's inclusive durations, of the outermost activations only, so that no
///   instruction counts twice
/// @param mean over all activations
/// @param median the duration that half of the activations do not exceed
/// @param p90 likewise 90 %
/// @param p99 likewise 99 %
public record Durations(
    long total, long minimum, double mean, long median, long p90, long p99, long maximum) {}
