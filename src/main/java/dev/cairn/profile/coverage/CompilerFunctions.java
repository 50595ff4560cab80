package dev.cairn.profile.coverage;

import dev.cairn.program.SymbolTable;

/// Functions that no source has: those in which GCC constructs and destroys a file's globals, and
/// begins and ends what `--coverage` counts.
final class CompilerFunctions {
  private CompilerFunctions() {}

  static boolean has(CodeGraph graph, int block) {
    SymbolTable.Place place = graph.image().symbols().find(graph.starts[block]);
    return place != null && isOne(place.function());
  }

  static boolean isOne(String function) {
    return function.startsWith("_GLOBAL__")
        || function.startsWith("_sub_I_")
        || function.startsWith("_sub_D_")
        || function.contains("__static_initialization_and_destruction_0");
  }
}
