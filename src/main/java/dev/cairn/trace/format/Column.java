package dev.cairn.trace.format;

/// A column of a section: one kind of what the section tells, packed and checked by itself, so that
/// a reader takes what it needs and skips the rest, also what it does not know.
///
/// @param id one of the constants
/// @param bytes unpacked; not copied
@SuppressWarnings("ArrayRecordComponent")
public record Column(int id, byte[] bytes) {
  /// Of definitions: addresses and sizes.
  public static final int SHAPES = 1;

  /// Of definitions: the code.
  public static final int CODE = 2;

  /// Of definitions: where the code comes from, by file and function.
  public static final int PLACES = 3;

  /// Of definitions: lines of source; there if any is known.
  public static final int LINES = 4;

  /// Of definitions: marks of the program's author; there if there are any.
  public static final int MARKS = 5;

  /// Of a chunk: how many words came as expected before each that did not.
  public static final int RUNS = 16;

  /// Of a chunk: what each unexpected word is.
  public static final int SURPRISES = 17;

  /// Of a chunk: the words that have to be spelled out.
  public static final int WORDS = 18;

  /// Of a chunk: arguments, results and memory of system calls; there if there were any.
  public static final int CALLS = 19;

  /// Of a chunk: where in physical memory the pages lie that it executes and accesses; there if the
  /// trace has physical addresses.
  public static final int TRANSLATIONS = 24;

  /// Of a chunk: how many words come before each access that goes elsewhere than expected, and how
  /// many bytes tell how far off it is; there if the trace has addresses and the chunk accesses, as
  /// [#JUMPS] is.
  public static final int JUMP_STEPS = 33;

  /// Of a chunk: these bytes.
  public static final int JUMPS = 34;

  /// Of a chunk: how many values came as expected before each that did not; there if the trace has
  /// values, as [#VALUE_CODES] is.
  public static final int VALUE_RUNS = 64;

  /// Of a chunk: how each unexpected value is told.
  public static final int VALUE_CODES = 65;

  /// Of a chunk: what values are more than those of their instruction before.
  public static final int VALUE_DIFFERENCES = 66;

  /// Of a chunk: values of one byte that are spelled out; then of two, four and eight, in a column
  /// each.
  public static final int VALUE_BYTES = 67;

  /// Of a chunk: what memory holds besides, and where it is not known any more.
  public static final int MEMORY = 72;

  /// Of the end.
  public static final int END = 48;

  /// Of the index.
  public static final int INDEX = 49;
}
