package dev.cairn.trace;

import dev.cairn.trace.format.Column;

/// What columns of a trace file tell of.
public enum ColumnKind {
  CODE("code"),
  CONTROL_FLOW("control flow"),
  SYSTEM_CALLS("system calls"),
  ADDRESSES("addresses"),
  PHYSICAL("physical addresses"),
  VALUES("values"),
  MEMORY("memory"),
  OTHER("anything else");

  private final String text;

  ColumnKind(String text) {
    this.text = text;
  }

  /// {@return as people call it}
  public String text() {
    return text;
  }

  /// {@return what a column is of}
  static ColumnKind of(int column) {
    return switch (column) {
      case Column.SHAPES, Column.CODE, Column.PLACES, Column.LINES, Column.MARKS -> CODE;
      case Column.RUNS, Column.SURPRISES, Column.WORDS -> CONTROL_FLOW;
      case Column.CALLS -> SYSTEM_CALLS;
      case Column.TRANSLATIONS -> PHYSICAL;
      case Column.MEMORY -> MEMORY;
      case Column.JUMP_STEPS, Column.JUMPS -> ADDRESSES;
      default -> column >= Column.VALUE_RUNS && column < Column.MEMORY ? VALUES : OTHER;
    };
  }
}
