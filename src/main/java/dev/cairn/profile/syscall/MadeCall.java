package dev.cairn.profile.syscall;

import dev.cairn.program.call.SystemCall;
import dev.cairn.program.call.SystemCallResult;
import org.jspecify.annotations.Nullable;

/// A system call that a thread has made.
///
/// @param thread 0 the first, then in order of creation
/// @param instructions that the thread had executed by then, the call's own included
/// @param sinceLast how many of them since its last call, or since it began
/// @param call what it asked for
/// @param result what it got; null if the call did not return
public record MadeCall(
    int thread,
    long instructions,
    long sinceLast,
    SystemCall call,
    @Nullable SystemCallResult result) {}
