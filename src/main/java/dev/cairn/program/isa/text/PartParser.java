package dev.cairn.program.isa.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the templates of the tables; `package-info` has their language.
final class PartParser {
  private static final Pattern REGISTER =
      Pattern.compile("([WXRZBHSDQVFEYJ])(\\+*)([a-z])(\\|sp)?");
  private static final Pattern ARRANGEMENT = Pattern.compile("(\\d+)([bhsd])");
  private static final Pattern NUMBER =
      Pattern.compile("(,?)#(-?)([a-z])(?:\\*(\\d+))?(?:\\+(\\d+))?");
  private static final Pattern LIST = Pattern.compile("\\$L(\\d)\\.([^}]+)");
  private static final String SCALARS = "bhsdq";
  private static final int STACK_POINTER = 31;

  private PartParser() {}

  static List<TextPart> parse(String template, Fields fields) {
    String text = LIST.matcher(expand(template)).replaceAll(PartParser::list);
    List<TextPart> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('<', at);
      int end = open < 0 ? text.length() : open;
      if (end > at) {
        String literal = text.substring(at, end);
        parts.add((pc, word, out) -> out.append(literal));
      }
      if (open < 0) {
        break;
      }
      int close = text.indexOf('>', open);
      parts.add(token(text.substring(open + 1, close), fields));
      at = close + 1;
    }
    return parts;
  }

  /// Longer ones first, as `$2` begins none of the others.
  private static String expand(String template) {
    return template
        .replace("$T3", "<Vd>.<T>, <Vn>.<T>, <Vm>.<T>")
        .replace("$T2", "<Vd>.<T>, <Vn>.<T>")
        .replace("$Y3", "<Vd>.<Ty>, <Vn>.<Ty>, <Vm>.<Ty>")
        .replace("$Y2", "<Vd>.<Ty>, <Vn>.<Ty>")
        .replace("$H3", "<Vd>.<4h>, <Vn>.<4h>, <Vm>.<4h>")
        .replace("$H2", "<Vd>.<4h>, <Vn>.<4h>")
        .replace("$B3", "<Vd>.<8b>, <Vn>.<8b>, <Vm>.<8b>")
        .replace("$S2", "<Vd>.<Ts>, <Vn>.<Ts>");
  }

  /// {@return `<Vd>.b, <V+d>.b` for `$L2.b`}
  private static String list(MatchResult matcher) {
    List<String> registers = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(matcher.group(1)); i++) {
      registers.add("<V" + "+".repeat(i) + "d>." + matcher.group(2));
    }
    return String.join(", ", registers);
  }

  private static TextPart token(String name, Fields fields) {
    if (name.length() > 1 && name.charAt(1) == '?') {
      return new Choice(fields.named(name.charAt(0)), List.of(name.substring(2).split("\\|", -1)));
    }
    Matcher register = REGISTER.matcher(name);
    if (register.matches()) {
      return register(register, fields);
    }
    Matcher arrangement = ARRANGEMENT.matcher(name);
    if (arrangement.matches()) {
      return arrangement(arrangement, fields);
    }
    if (name.startsWith("@")) {
      Field field = fields.named(name.charAt(1));
      return (pc, word, text) -> text.append(field.of(word));
    }
    Matcher number = NUMBER.matcher(name);
    if (number.matches()) {
      return number(number, fields);
    }
    return switch (name) {
      case "2" -> {
        Field q = fields.named('q');
        yield (pc, word, text) -> text.append(q.of(word) == 0 ? "" : "2");
      }
      case "label", "page", "near", "cond", "!cond", "bitmask", "signed-bitmask", "wide" ->
          IntegerParts.of(name, fields);
      case "shift", "extend", "halfword", "lsb", "width" -> IntegerParts.of(name, fields);
      default -> {
        if (name.startsWith("mem") || name.startsWith("index")) {
          yield AddressParts.of(name, fields);
        }
        yield name.startsWith("sys") ? SystemParts.of(name, fields) : VectorParts.of(name, fields);
      }
    };
  }

  /// One of several texts.
  private record Choice(Field field, List<String> texts) implements TextPart {
    @Override
    public boolean accepts(int word) {
      int number = field.of(word);
      return number < texts.size() && !texts.get(number).equals("-");
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      text.append(texts.get(field.of(word)));
    }
  }

  private static TextPart register(Matcher matcher, Fields fields) {
    char kind = matcher.group(1).charAt(0);
    Field number = fields.named(matcher.group(3).charAt(0));
    boolean stack = matcher.group(4) != null;
    int next = matcher.group(2).length();
    return switch (kind) {
      case 'W', 'X' ->
          (pc, word, text) -> general(kind == 'X', number.of(word) + next, stack, text);
      case 'R' -> general(fields.named('x'), 1, number, next, stack);
      case 'Z' -> general(fields.named('z'), 3, number, next, stack);
      case 'F' -> new Scalar(fields.named('t')::of, "sd-h", number);
      case 'E' -> new Scalar(fields.named('z')::of, SCALARS.substring(next), number);
      case 'Y' -> new Scalar(fields.named('y')::of, "sd", number);
      case 'J' -> {
        Field shift = fields.named('i');
        yield new Scalar(
            word -> VectorParts.shiftedSize(shift, word), SCALARS.substring(next), number);
      }
      default -> {
        String letter = Character.toString(Character.toLowerCase(kind));
        yield (pc, word, text) -> text.append(letter).append((number.of(word) + next) % 32);
      }
    };
  }

  private static TextPart general(
      Field width, int longWhen, Field number, int next, boolean stack) {
    return (pc, word, text) ->
        general(width.of(word) == longWhen, number.of(word) + next, stack, text);
  }

  /// Appends the name of a general-purpose register, of which 31 is zero or the stack pointer.
  static void general(boolean is64, int number, boolean stack, StringBuilder text) {
    if (number != STACK_POINTER) {
      text.append(is64 ? 'x' : 'w').append(number);
    } else if (stack) {
      text.append(is64 ? "sp" : "wsp");
    } else {
      text.append(is64 ? "xzr" : "wzr");
    }
  }

  /// A vector register by the width that another field chooses.
  private record Scalar(IntUnaryOperator width, String letters, Field number) implements TextPart {
    @Override
    public boolean accepts(int word) {
      int size = width.applyAsInt(word);
      return size >= 0 && size < letters.length() && letters.charAt(size) != '-';
    }

    @Override
    public void append(long pc, int word, StringBuilder text) {
      text.append(letters.charAt(width.applyAsInt(word))).append(number.of(word));
    }
  }

  private static TextPart arrangement(Matcher matcher, Fields fields) {
    Field q = fields.named('q');
    int lanes = Integer.parseInt(matcher.group(1));
    String letter = matcher.group(2);
    return (pc, word, text) -> text.append(lanes << q.of(word)).append(letter);
  }

  private static TextPart number(Matcher matcher, Fields fields) {
    boolean optional = !matcher.group(1).isEmpty();
    boolean signed = !matcher.group(2).isEmpty();
    Field field = fields.named(matcher.group(3).charAt(0));
    int scale = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
    int offset = matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5));
    return (pc, word, text) -> {
      int number = (signed ? field.signed(word) : field.of(word)) * scale + offset;
      if (!optional || number != 0) {
        text.append(optional ? ", " : "");
        Numbers.append(number, text);
      }
    };
  }
}
