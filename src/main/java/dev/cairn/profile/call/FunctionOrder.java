package dev.cairn.profile.call;

import dev.cairn.profile.flow.Functions;
import java.util.Comparator;

/// The order of functions in results, which does not hang on the order in which threads came by.
final class FunctionOrder {
  static final Comparator<Functions.Function> BY_NAME =
      Comparator.comparing(Functions.Function::name)
          .thenComparing(Functions.Function::file, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Functions.Function::address, Long::compareUnsigned);

  private FunctionOrder() {}
}
