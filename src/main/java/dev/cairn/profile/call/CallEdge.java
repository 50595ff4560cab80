package dev.cairn.profile.call;

/// The calls of one function by another from one place.
///
/// @param caller an index into [CallProfile#functions]; for a tail call the function that the
///   callee returns to; for a signal's handler the one that was interrupted; -1 where a thread or a
///   stack begins
/// @param site where the call instruction lies, as the file's own symbols have it; -1 where there
///   is none, as for a handler
/// @param callee likewise
/// @param calls how many have ended, which are all of them at the end of a run
/// @param inclusive instructions in the callee and what it called; of the callee's outermost
///   activations only, so that a function's edges sum to its inclusive total
/// @param minimum the shortest call, in instructions
/// @param maximum the longest
/// @param library whether the call goes from one file to another
public record CallEdge(
    int caller,
    long site,
    int callee,
    long calls,
    long inclusive,
    long minimum,
    long maximum,
    boolean library) {}
