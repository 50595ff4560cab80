package dev.cairn.profile.syscall;

/// What the system calls of one kind add up to.
///
/// @param number as the guest's register has it
/// @param name as the table has it
/// @param calls how often it was made
/// @param errors how often it gave an error
/// @param instructions executed by its threads since the call before each
public record CallSummary(int number, String name, long calls, long errors, long instructions) {}
