package dev.cairn.query;

import java.nio.file.Path;

/// A part of a trace file.
///
/// @param path of the file
/// @param from the first instruction of each thread
/// @param until the first one that is left out
/// @param thread the only one, or [dev.cairn.trace.TraceManifest#ALL_THREADS]
public record TracePart(Path path, long from, long until, int thread) {}
