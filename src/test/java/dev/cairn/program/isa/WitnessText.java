package dev.cairn.program.isa;

import java.util.List;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The spelling of other disassemblers, and the few cases where they say something else.
final class WitnessText {
  private static final Pattern NUMBER = Pattern.compile("#(-?)(?:0x([0-9a-f]+)|(\\d+))(?![0-9.])");
  private static final Pattern FLOAT = Pattern.compile("#(-?\\d+\\.\\d+(?:e[+-]\\d+)?)");
  private static final Pattern INDEX = Pattern.compile("\\[0x([0-9a-f]+)]");
  private static final Pattern RANGE = Pattern.compile("\\{v(\\d+)\\.(\\w+)-v(\\d+)\\.\\w+}");
  private static final Pattern SYSTEM_CACHE = Pattern.compile("\\b(pld|pli|pst)slc(keep|strm)\\b");
  private static final Pattern LABEL =
      Pattern.compile(
          "((?:b|bl|bc?\\.\\w+|cbn?z|tbn?z|adrp?|ldr|ldrsw|prfm)\t(?:[^\\[]*, )?)"
              + "(?:0x)?([0-9a-f]+)(?: <.*>)?");
  private static final Pattern SYSTEM_REGISTER = Pattern.compile("(mrs \\w+, |msr )(\\w+)(.*)");

  private WitnessText() {}

  /// {@return a text with all numbers in one form and single spaces}
  static String spelled(String text) {
    String spaced = text.strip().replaceAll("\\s+", " ");
    String floats =
        FLOAT.matcher(spaced).replaceAll(match -> "#f" + Double.parseDouble(match.group(1)));
    String indices =
        INDEX.matcher(floats).replaceAll(match -> "[" + Integer.parseInt(match.group(1), 16) + "]");
    return NUMBER.matcher(indices).replaceAll(WitnessText::number);
  }

  private static String number(MatchResult match) {
    String hex = match.group(2);
    long number = hex == null ? Long.parseLong(match.group(3)) : Long.parseUnsignedLong(hex, 16);
    return "#" + Long.toHexString(match.group(1).isEmpty() ? number : -number);
  }

  /// {@return what objdump says in the form of [#spelled]: `mov` with the signed number that stands
  /// in its comment, no other comments, conditions by their other names, lists in full, hints that
  /// have names since Armv8.9 as numbers}
  static String ofObjdump(String line) {
    String text = line.replaceFirst("^(mov\tw(?:\\d+|zr|sp), )#\\w+\\s*// (#\\S+)", "$1$2");
    text = text.replaceFirst("\\s*//.*", "");
    text = text.replaceFirst("^(sysl?\t.*)C(\\d+), C(\\d+)", "$1c$2, c$3");
    text = text.replaceFirst("\\bcs\\b", "hs").replaceFirst("\\bcc\\b", "lo");
    text = SYSTEM_CACHE.matcher(text).replaceAll(WitnessText::hint);
    text = RANGE.matcher(text).replaceAll(WitnessText::list);
    return spelled(text.replaceFirst("^" + LABEL.pattern() + "$", "$1#0x$2"));
  }

  /// {@return the number of a hint to prefetch into the system's cache}
  private static String hint(MatchResult match) {
    int kind = List.of("pld", "pli", "pst").indexOf(match.group(1));
    return "#0x" + Integer.toHexString(kind << 3 | 6 | (match.group(2).equals("strm") ? 1 : 0));
  }

  private static String list(MatchResult match) {
    StringJoiner registers = new StringJoiner(", ", "{", "}");
    int first = Integer.parseInt(match.group(1));
    int last = Integer.parseInt(match.group(3));
    for (int i = first; i != ((last + 1) & 31); i = (i + 1) & 31) {
      registers.add("v" + i + "." + match.group(2));
    }
    return registers.toString();
  }

  /// {@return our text, spelled, as Capstone 5.0 puts it where it differs}
  static String asCapstone(int word, String text) {
    return switch (text.split(" ", 2)[0]) {
      // It has no such aliases, …
      case "sxtl", "sxtl2", "uxtl", "uxtl2" -> text.replaceFirst("xtl", "shll") + ", #0";
      case "cmpp" -> text.replaceFirst("cmpp", "subps xzr,");
      // … says that the lowest bits are cleared where they are taken from zero, …
      case "bfxil" -> text.replaceFirst("bfxil (\\w+), [wx]zr, #0,", "bfc $1, #0,");
      // … leaves out a prefetch that has no name, …
      case "prfm", "prfum" -> text.replaceFirst(" #\\w+,", " ,");
      // … and does not know these by name.
      case "clrbhb" -> "hint #16";
      case "cfp", "dvp", "cpp", "dc" ->
          "sys #%d, c%d, c%d, #%d%s"
              .formatted(
                  word >>> 16 & 7,
                  word >>> 12 & 15,
                  word >>> 8 & 15,
                  word >>> 5 & 7,
                  (word & 31) == 31 ? "" : ", x" + (word & 31));
      case "mrs", "msr" -> withoutName(word, text);
      default -> text;
    };
  }

  /// A register that can only be read or only be written has its name both ways here, and so have
  /// those of later versions; a field of the processor state has it whatever is written to it.
  private static String withoutName(int word, String text) {
    int op0 = word >>> 19 & 3;
    String number =
        "s%d_%d_c%d_c%d_%d"
            .formatted(op0, word >>> 16 & 7, word >>> 12 & 15, word >>> 8 & 15, word >>> 5 & 7);
    String rest = op0 == 0 ? ", xzr" : "$3";
    return SYSTEM_REGISTER.matcher(text).replaceFirst("$1" + number + rest);
  }

  /// {@return our text, spelled, as objdump puts it where it differs}
  static String asObjdump(int word, String text) {
    boolean logical = (word >>> 23 & 0x3f) == 0b100100;
    if (logical
        && text.startsWith("mov ")) { // it says mov only where neither movz nor movn would do
      boolean narrow = word >= 0;
      String number = text.substring(text.indexOf('#') + 1);
      String digits = narrow ? number.substring(Math.max(0, number.length() - 8)) : number;
      return text.replaceFirst(
          "mov (\\w+), .*", "orr $1, " + (narrow ? "wzr, #" : "xzr, #") + digits);
    }
    if (text.startsWith("mrs ") || text.startsWith("msr ")) {
      return withoutName(word, text);
    }
    return text.startsWith("ldra") ? text.replace(", #0]!", "]!") : text;
  }
}
