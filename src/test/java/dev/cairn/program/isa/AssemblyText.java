package dev.cairn.program.isa;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of assembly taken apart: mnemonic and operands, split at the commas outside of brackets.
record AssemblyText(String mnemonic, List<String> operands) {
  private static final Pattern REGISTER =
      Pattern.compile("\\b(?:([xw])(\\d+)|([bhsdqv])(\\d+)|(w?sp)|nzcv|fpcr|fpsr)\\b");

  static AssemblyText parse(String line) {
    int tab = line.indexOf('\t');
    String mnemonic = tab < 0 ? line : line.substring(0, tab);
    String rest = tab < 0 ? "" : line.substring(tab + 1).strip();
    List<String> operands = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        operands.add(rest.substring(start, i).strip());
        start = i + 1;
      }
    }
    if (!rest.isEmpty()) {
      operands.add(rest.substring(start).strip());
    }
    return new AssemblyText(mnemonic.strip(), List.copyOf(operands));
  }

  boolean isKnown() {
    return !mnemonic.startsWith(".");
  }

  /// {@return the registers that operand `index` names, in the numbering of [AArch64]}
  List<Integer> registers(int index) {
    List<Integer> numbers = new ArrayList<>();
    String operand = operands.get(index);
    Matcher matcher = REGISTER.matcher(operand);
    while (matcher.find()) {
      numbers.add(number(matcher));
    }
    boolean range = operand.startsWith("{") && operand.contains("-");
    if (range) { // {v30.16b - v1.16b}
      int first = numbers.getFirst() - AArch64.V0;
      int last = numbers.getLast() - AArch64.V0;
      numbers.clear();
      for (int i = first; i != ((last + 1) & 31); i = (i + 1) & 31) {
        numbers.add(AArch64.V0 + i);
      }
    }
    return numbers;
  }

  private static int number(Matcher matcher) {
    if (matcher.group(1) != null) {
      return Integer.parseInt(matcher.group(2));
    }
    if (matcher.group(3) != null) {
      return AArch64.V0 + Integer.parseInt(matcher.group(4));
    }
    return switch (matcher.group()) {
      case "nzcv" -> AArch64.NZCV;
      case "fpcr" -> AArch64.FPCR;
      case "fpsr" -> AArch64.FPSR;
      default -> AArch64.SP;
    };
  }

  /// {@return whether the operand names a vector register, whole or in part}
  boolean isVector(int index) {
    return index < operands.size()
        && operands.get(index).matches("\\{?\\s*[bhsdqv]\\d+(\\..*|\\[.*)?");
  }

  /// {@return the index of the operand in brackets, or -1}
  int memoryOperand() {
    for (int i = 0; i < operands.size(); i++) {
      if (operands.get(i).startsWith("[")) {
        return i;
      }
    }
    return -1;
  }

  /// {@return the address after the last `#`}
  long immediate() {
    String last = operands.getLast();
    return Long.parseUnsignedLong(last.substring(last.indexOf("#0x") + 3), 16);
  }
}
