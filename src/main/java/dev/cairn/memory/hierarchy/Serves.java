package dev.cairn.memory.hierarchy;

/// Whose accesses come to a cache or translation buffer first.
public enum Serves {
  INSTRUCTIONS,
  DATA,
  BOTH;

  public boolean instructions() {
    return this != DATA;
  }

  public boolean data() {
    return this != INSTRUCTIONS;
  }
}
