package dev.cairn.program.isa.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An encoding and its text: a row of a table, as `package-info` explains it.
///
/// @param mask the bits that are fixed
/// @param value what they are
record TextRow(int mask, int value, List<IntPredicate> conditions, List<TextPart> parts) {
  private static final Pattern CONDITION =
      Pattern.compile("([a-z])(=|!=|<|>|%)([a-z])?\\+?(\\d+)?");
  private static final String SIZES = "bhsd";

  TextRow {
    conditions = List.copyOf(conditions);
    parts = List.copyOf(parts);
  }

  /// {@return the row that a line of a table describes}
  static TextRow parse(String line) {
    int space = line.indexOf(' ');
    String bits = line.substring(0, space).replace("_", "");
    int end = line.lastIndexOf(" ; ");
    String template = line.substring(space, end < 0 ? line.length() : end).strip();
    if (bits.length() != Integer.SIZE) {
      throw new IllegalArgumentException("not 32 bits: " + line);
    }
    Fields fields = new Fields(bits);
    List<IntPredicate> conditions = new ArrayList<>();
    if (end >= 0) {
      for (String condition : line.substring(end + 3).strip().split(" ", -1)) {
        conditions.add(condition(condition, fields));
      }
    }
    int ones = fields.mask('1');
    int zeros = fields.mask('0');
    return new TextRow(ones | zeros, ones, conditions, PartParser.parse(template, fields));
  }

  private static IntPredicate condition(String text, Fields fields) {
    if (text.startsWith(":")) {
      return sizes(text.substring(1), fields);
    }
    Matcher matcher = CONDITION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a condition: " + text);
    }
    Field left = fields.named(matcher.group(1).charAt(0));
    String other = matcher.group(3);
    Field right = other == null ? new Field(0) : fields.named(other.charAt(0));
    int number = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
    return switch (matcher.group(2)) {
      case "=" -> word -> left.of(word) == right.of(word) + number;
      case "!=" -> word -> left.of(word) != right.of(word) + number;
      case "<" -> word -> left.of(word) < right.of(word) + number;
      case ">" -> word -> left.of(word) > right.of(word) + number;
      default -> word -> left.of(word) % number == 0;
    };
  }

  private static IntPredicate sizes(String allowed, Fields fields) {
    Field size = fields.named('z');
    boolean vector = fields.has('q');
    Field full = vector ? fields.named('q') : size;
    return word -> {
      int log2Bytes = size.of(word);
      boolean oneLane = log2Bytes == 3 && full.of(word) == 0;
      return !oneLane && allowed.indexOf(SIZES.charAt(log2Bytes)) >= 0;
    };
  }

  boolean fits(int word) {
    if ((word & mask) != value) {
      return false;
    }
    for (IntPredicate condition : conditions) {
      if (!condition.test(word)) {
        return false;
      }
    }
    for (TextPart part : parts) {
      if (!part.accepts(word)) {
        return false;
      }
    }
    return true;
  }

  String text(long pc, int word) {
    StringBuilder text = new StringBuilder(48);
    for (TextPart part : parts) {
      part.append(pc, word, text);
    }
    return text.toString();
  }
}
