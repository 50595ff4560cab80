package dev.cairn.profile.vector;

import org.jspecify.annotations.Nullable;

/// A function of a run, an element of its function vectors.
///
/// @param id from 1, by the address of its first block that executed: the id in the vectors
/// @param name its symbol, not demangled; null for all code of a file that no symbol tells of
/// @param file the path of its file on the host; null for all code that no file was mapped for
/// @param address as the file's own symbols have it, without the load bias; 0 without a name
/// @param instructions executed in it, in all threads
public record FunctionTotal(
    int id, @Nullable String name, @Nullable String file, long address, long instructions) {}
