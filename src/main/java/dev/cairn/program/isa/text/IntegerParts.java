package dev.cairn.program.isa.text;

import java.util.List;

/// The pieces that integer instructions and branches alone have.
///
/// | name | stands for | fields |
/// |---|---|---|
/// | `label` `near` `page` | an address relative to the program counter, in words, bytes, pages | `i`; bits 23–5 and 30–29 |
/// | `cond` `!cond` | a condition, and its contrary | `c` |
/// | `bitmask` | the immediate of a logical operation | `x`, bits 22–10 |
/// | `wide` | the number that `movz` or `movn` makes, if `mov` stands for it | `x` `h` `i` `o` |
/// | `halfword` | the shift of `movk` | `x` `h` |
/// | `shift` `extend` | what is done to the second source | `s` `i` `x`; `m` `e` `i` |
/// | `lsb` `width` | the place of a bit field | `r` `s` |
final class IntegerParts {
  private static final List<String> CONDITIONS =
      List.of(
          "eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al",
          "nv");
  private static final List<String> SHIFTS = List.of("lsl", "lsr", "asr", "ror");
  private static final List<String> EXTENSIONS =
      List.of("uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx");
  private static final int LONGEST_EXTEND_SHIFT = 4;
  private static final int STACK_POINTER = 31;

  private IntegerParts() {}

  static TextPart of(String name, Fields fields) {
    return switch (name) {
      case "label" -> {
        Field words = fields.named('i');
        yield (pc, word, text) -> Numbers.appendUnsigned(pc + 4L * words.signed(word), text);
      }
      case "near" -> (pc, word, text) -> Numbers.appendUnsigned(pc + relative(word), text);
      case "page" ->
          (pc, word, text) ->
              Numbers.appendUnsigned((pc & -0x1000L) + ((long) relative(word) << 12), text);
      case "cond", "!cond" -> {
        Field condition = fields.named('c');
        int inverted = name.startsWith("!") ? 1 : 0;
        yield (pc, word, text) -> text.append(CONDITIONS.get(condition.of(word) ^ inverted));
      }
      case "bitmask" -> new Bitmask(fields.named('x'), false);
      case "signed-bitmask" -> new Bitmask(fields.named('x'), true);
      case "wide" ->
          new Wide(fields.named('x'), fields.named('h'), fields.named('i'), fields.named('o'));
      case "halfword" -> new Halfword(fields.named('x'), fields.named('h'));
      case "shift" -> new Shift(fields.named('x'), fields.named('s'), fields.named('i'));
      case "extend" -> new Extend(fields);
      case "lsb" -> {
        Field r = fields.named('r');
        int highest = (1 << r.bits()) - 1;
        yield (pc, word, text) -> Numbers.append(-r.of(word) & highest, text);
      }
      case "width" -> {
        Field r = fields.named('r');
        Field s = fields.named('s');
        yield (pc, word, text) -> Numbers.append(s.of(word) - r.of(word) + 1, text);
      }
      default -> throw new IllegalArgumentException("no such piece: " + name);
    };
  }

  private static int relative(int word) {
    return word << 8 >> 13 << 2 | (word >>> 29 & 3);
  }

  /// The immediate of a logical operation: a run of ones, rotated, repeated.
  private record Bitmask(Field x, boolean signed) implements TextPart {
    @Override
    public boolean accepts(int word) {
      int size = log2Size(word);
      int levels = (1 << size) - 1;
      boolean fitsWidth = x.of(word) == 1 || (word >>> 22 & 1) == 0;
      return size > 0 && fitsWidth && (word >>> 10 & levels) != levels;
    }

    private static int log2Size(int word) {
      int lengths = (word >>> 22 & 1) << 6 | (~(word >>> 10) & 0x3f);
      return 31 - Integer.numberOfLeadingZeros(lengths);
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      int size = 1 << log2Size(word);
      int ones = (word >>> 10 & (size - 1)) + 1;
      int rotation = word >>> 16 & (size - 1);
      long element = -1L >>> (64 - size);
      long run = -1L >>> (64 - ones);
      long rotated = rotation == 0 ? run : (run >>> rotation | run << (size - rotation)) & element;
      for (int i = size; i < 64; i *= 2) {
        rotated |= rotated << i;
      }
      boolean narrow = x.of(word) == 0;
      if (signed) {
        Numbers.append(narrow ? (int) rotated : rotated, text);
      } else {
        Numbers.appendUnsigned(narrow ? rotated & 0xffff_ffffL : rotated, text);
      }
    }
  }

  private record Wide(Field x, Field half, Field immediate, Field negated) implements TextPart {
    @Override
    public boolean accepts(int word) {
      boolean is64 = x.of(word) == 1;
      int number = immediate.of(word);
      int shift = half.of(word);
      boolean zeroElsewhere = number == 0 && shift != 0;
      boolean movzWouldDo = negated.of(word) == 0 && !is64 && number == 0xffff;
      return !zeroElsewhere && !movzWouldDo && (is64 || shift < 2);
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      long number = (long) immediate.of(word) << (16 * half.of(word));
      number = negated.of(word) == 0 ? ~number : number;
      Numbers.append(x.of(word) == 0 ? (int) number : number, text);
    }
  }

  private record Halfword(Field x, Field half) implements TextPart {
    @Override
    public boolean accepts(int word) {
      return x.of(word) == 1 || half.of(word) < 2;
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      if (half.of(word) != 0) {
        text.append(", lsl #").append(16 * half.of(word));
      }
    }
  }

  private record Shift(Field x, Field kind, Field amount) implements TextPart {
    @Override
    public boolean accepts(int word) {
      return x.of(word) == 1 || amount.of(word) < 32;
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      if (kind.of(word) != 0 || amount.of(word) != 0) {
        text.append(", ").append(SHIFTS.get(kind.of(word))).append(" #").append(amount.of(word));
      }
    }
  }

  /// The second source with its extension, which is called a shift beside a stack pointer.
  private record Extend(Field x, Field m, Field kind, Field amount) implements TextPart {
    Extend(Fields fields) {
      this(fields.named('x'), fields.named('m'), fields.named('e'), fields.named('i'));
    }

    @Override
    public boolean accepts(int word) {
      return amount.of(word) <= LONGEST_EXTEND_SHIFT;
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      boolean is64 = x.of(word) == 1;
      int extension = kind.of(word);
      PartParser.general(is64 && (extension & 3) == 3, m.of(word), false, text);
      boolean setsFlags = (word >>> 29 & 1) == 1;
      boolean besideStack =
          (word >>> 5 & 31) == STACK_POINTER || (!setsFlags && (word & 31) == STACK_POINTER);
      boolean isShift = besideStack && extension == (is64 ? 3 : 2);
      if (!isShift) {
        text.append(", ").append(EXTENSIONS.get(extension));
      } else if (amount.of(word) != 0) {
        text.append(", lsl");
      }
      if (amount.of(word) != 0) {
        text.append(" #").append(amount.of(word));
      }
    }
  }
}
