package dev.cairn.profile.flow;

/// What a signal took a thread away from, to be gone on with behind its handler.
///
/// @param resumePc where the thread would have gone on
/// @param stackPointer that it had there
/// @param last the row of the block executed last
/// @param whole whether that block was executed to its end
/// @param linking whether it is on the way through stubs
/// @param linkSite the row of the block that called the stub, or [CodeTable#NONE]
/// @param linkStack the stack pointer at that call
record Interrupted(
    long resumePc,
    long stackPointer,
    int last,
    boolean whole,
    boolean linking,
    int linkSite,
    long linkStack) {}
