package dev.cairn.program.call;

import java.util.ArrayList;
import java.util.List;

/// A word of a table that says what a number is: a name, and what it depends on, as `in(timespec)`.
///
/// @param name what stands before the parenthesis
/// @param parameters what stands in it, at its commas; words themselves where they have parentheses
public record TypeWord(String name, List<String> parameters) {
  public TypeWord {
    parameters = List.copyOf(parameters);
  }

  /// Takes a word apart.
  ///
  /// @throws IllegalArgumentException if its parentheses do not match
  public static TypeWord parse(String word) {
    int open = word.indexOf('(');
    if (open < 0) {
      return new TypeWord(word, List.of());
    }
    if (!word.endsWith(")")) {
      throw new IllegalArgumentException("unmatched parenthesis: " + word);
    }
    List<String> parameters = new ArrayList<>();
    int depth = 0;
    int start = open + 1;
    for (int i = start; i < word.length(); i++) {
      char c = word.charAt(i);
      boolean last = i == word.length() - 1;
      if (last || (c == ',' && depth == 0)) {
        parameters.add(word.substring(start, i));
        start = i + 1;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (depth != -1) {
      throw new IllegalArgumentException("unmatched parenthesis: " + word);
    }
    return new TypeWord(word.substring(0, open), parameters);
  }

  /// {@return whether the word has so many parameters}
  public boolean has(int count) {
    return parameters.size() == count;
  }

  /// {@return a parameter}
  public String text(int parameter) {
    return parameters.get(parameter);
  }

  /// {@return a parameter that is a number, as C writes one}
  public int number(int parameter) {
    return Integer.decode(parameters.get(parameter));
  }

  @Override
  public String toString() {
    return parameters.isEmpty() ? name : name + "(" + String.join(",", parameters) + ")";
  }
}
