package dev.cairn.program.isa.text;

import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The pieces that vector and floating-point instructions alone have.
///
/// | name | stands for | fields |
/// |---|---|---|
/// | `T` `T+` `Tl` | lanes by size; of the next width; half as many of the next width | `z` `q` |
/// | `Ty` | `2s`, `4s` or `2d` | `y` `q` |
/// | `Ts` `Ts+` | lanes by the highest bit of a shift's immediate | `i` `q` |
/// | `right` `left` `fraction` | a shift's distance; bits behind the binary point | `i` `x` |
/// | `elem` | one element by the size in bits 23–22 | bits 11, 21–16 |
/// | `elemh` `elem2c` `elem2h` `elem4b` | a half; a half or a pair or four by two bits of index | |
/// | `post12` `post8q` `post3z` | nothing, or the post-index: 12, 8 « q, 3 « z, or a register | `p` `m` |
/// | `float` `bytes` | the numbers that 8 bits make | `i` |
final class VectorParts {
  private static final Pattern POST = Pattern.compile("post(\\d+)([qz]?)");
  private static final String LETTERS = "bhsdq";
  private static final int IMMEDIATE_IS_LENGTH = 31;

  /// The eighth decimal place of what an 8-bit immediate makes, in 128ths.
  private static final long UNITS = 100_000_000L;

  private VectorParts() {}

  static TextPart of(String name, Fields fields) {
    Matcher post = POST.matcher(name);
    if (post.matches()) {
      String by = post.group(2);
      Field shift = by.isEmpty() ? new Field(0) : fields.named(by.charAt(0));
      return new PostIndex(
          fields.named('p'), fields.named('m'), Integer.parseInt(post.group(1)), shift);
    }
    return switch (name) {
      case "T", "T+", "Tl" -> {
        Field size = fields.named('z');
        yield lanes(name, size::of, name.equals("T+") ? new Field(0) : fields.named('q'));
      }
      case "Ty" -> {
        Field size = fields.named('y');
        yield lanes(name, word -> 2 + size.of(word), fields.named('q'));
      }
      case "Ts", "Ts+" -> {
        Field shift = fields.named('i');
        yield lanes(name, word -> shiftedSize(shift, word), fields.named('q'));
      }
      case "right", "left" -> {
        Field shift = fields.named('i');
        yield (pc, word, text) -> Numbers.append(distance(name, shift, word), text);
      }
      case "fraction" -> new Fraction(fields.named('x'), fields.named('i'));
      case "elem" -> new Element(word -> word >>> 22 & 3);
      case "elemh" -> new Element(word -> 1);
      case "elem2c" -> pairElement("h");
      case "elem2h" -> pairElement("2h");
      case "elem4b" -> pairElement("4b");
      case "float" -> {
        Field number = fields.named('i');
        yield (pc, word, text) -> appendFloat(number.of(word), text);
      }
      case "bytes" -> {
        Field ones = fields.named('i');
        yield (pc, word, text) -> Numbers.appendUnsigned(bytes(ones.of(word)), text);
      }
      default -> throw new IllegalArgumentException("no such piece: " + name);
    };
  }

  private static TextPart lanes(String name, IntUnaryOperator size, Field full) {
    boolean mayBeOne = name.equals("T");
    return new Lanes(size, full, name.endsWith("+"), name.endsWith("l"), mayBeOne);
  }

  /// {@return the base-2 logarithm of the bytes of the elements that are shifted}
  static int shiftedSize(Field shift, int word) {
    return 28 - Integer.numberOfLeadingZeros(shift.of(word));
  }

  private static int distance(String name, Field shift, int word) {
    int bits = 8 << shiftedSize(shift, word);
    return name.equals("left") ? shift.of(word) - bits : 2 * bits - shift.of(word);
  }

  /// @param mayBeOne whether 64 bits may be one lane of 64 bits, as structures in memory have it
  private record Lanes(
      IntUnaryOperator size, Field full, boolean wider, boolean pairs, boolean mayBeOne)
      implements TextPart {
    @Override
    public boolean accepts(int word) {
      int log2Bytes = size.applyAsInt(word);
      boolean longest = log2Bytes == 3;
      boolean oneLane = longest && full.of(word) == 0;
      return log2Bytes >= 0 && !(longest && (wider || pairs)) && (mayBeOne || !oneLane);
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      int log2Bytes = size.applyAsInt(word);
      if (wider) {
        text.append(8 >> log2Bytes).append(LETTERS.charAt(log2Bytes + 1));
      } else {
        int lanes = 8 << full.of(word) >> log2Bytes;
        text.append(pairs ? lanes / 2 : lanes);
        text.append(LETTERS.charAt(pairs ? log2Bytes + 1 : log2Bytes));
      }
    }
  }

  private record Fraction(Field x, Field scale) implements TextPart {
    @Override
    public boolean accepts(int word) {
      return x.of(word) == 1 || scale.of(word) >= 32;
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      Numbers.append(64 - scale.of(word), text);
    }
  }

  /// One element of the last source, whose number lies in bits 11, 21 and 20 as far as the
  /// register's does not need them.
  private record Element(IntUnaryOperator size) implements TextPart {
    @Override
    public boolean accepts(int word) {
      int log2Bytes = size.applyAsInt(word);
      return log2Bytes != 0 && (log2Bytes != 3 || (word >>> 21 & 1) == 0);
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      int log2Bytes = size.applyAsInt(word);
      int high = word >>> 11 & 1;
      int pair = high << 1 | (word >>> 21 & 1);
      int register = word >>> 16 & (log2Bytes == 1 ? 15 : 31);
      int index =
          switch (log2Bytes) {
            case 1 -> pair << 1 | (word >>> 20 & 1);
            case 2 -> pair;
            default -> high;
          };
      text.append('v').append(register).append('.').append(LETTERS.charAt(log2Bytes));
      text.append('[').append(index).append(']');
    }
  }

  private static TextPart pairElement(String lanes) {
    return (pc, word, text) -> {
      int index = (word >>> 11 & 1) << 1 | (word >>> 21 & 1);
      text.append('v').append(word >>> 16 & 31).append('.').append(lanes);
      text.append('[').append(index).append(']');
    };
  }

  private record PostIndex(Field indexed, Field register, int bytes, Field shift)
      implements TextPart {
    @Override
    public boolean accepts(int word) {
      return indexed.of(word) == 1 || register.of(word) == 0;
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      if (indexed.of(word) == 0) {
        return;
      }
      text.append(", ");
      if (register.of(word) == IMMEDIATE_IS_LENGTH) {
        Numbers.append((long) bytes << shift.of(word), text);
      } else {
        PartParser.general(true, register.of(word), false, text);
      }
    }
  }

  /// Appends a sign, 16 to 31 sixteenths, times 2 to the power of -3 to 4.
  private static void appendFloat(int number, StringBuilder text) {
    int exponent = (number >> 4 & 7) ^ 4;
    long scaled = ((16L + (number & 15)) << exponent) * (UNITS / 128);
    text.append(number >= 128 ? "#-" : "#").append(scaled / UNITS).append('.');
    text.append(Long.toString(UNITS + scaled % UNITS), 1, 9);
  }

  /// {@return 0xff for each bit}
  private static long bytes(int ones) {
    long number = 0;
    for (int i = 0; i < 8; i++) {
      number |= (ones >>> i & 1) == 0 ? 0 : 0xffL << (8 * i);
    }
    return number;
  }
}
