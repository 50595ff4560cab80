package dev.cairn.trace.format;

import java.util.ArrayList;
import java.util.List;

/// A section of a trace file before it is packed, or what its header tells of it.
///
/// @param type one of the constants
/// @param thread of a chunk; otherwise 0
/// @param continues whether a chunk's first word is the rest of the execution that the thread's
///   chunk before ended with
/// @param first of a chunk: how many instructions the thread had executed before; of definitions:
///   the first block's id
/// @param instructions of a chunk: how many it holds; of definitions: how many blocks
/// @param words of a chunk: how many executions and notes
/// @param columns in the order in which they are written
public record Section(
    int type,
    int thread,
    boolean continues,
    long first,
    long instructions,
    long words,
    List<Column> columns) {
  /// Blocks, each before the first chunk that names it.
  public static final int DEFINITIONS = 1;

  /// A stretch of one thread.
  public static final int CHUNK = 2;

  /// How the guest ended; the last one before the index.
  public static final int END = 3;

  /// Where the sections are; the last one.
  public static final int INDEX = 4;

  /// {@return the same section with more columns}
  public Section with(List<Column> more) {
    List<Column> all = new ArrayList<>(columns);
    all.addAll(more);
    return new Section(type, thread, continues, first, instructions, words, all);
  }

  public Section {
    columns = List.copyOf(columns);
  }
}
