package dev.cairn.cli.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a count with an optional k, M, G or T behind it, in powers of 1 000, as "10M".
public final class CountConverter implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    String digits = text.replace("_", "");
    long unit = 1;
    if (!digits.isEmpty()) {
      unit =
          switch (digits.charAt(digits.length() - 1)) {
            case 'k', 'K' -> 1_000L;
            case 'm', 'M' -> 1_000_000L;
            case 'g', 'G' -> 1_000_000_000L;
            case 't', 'T' -> 1_000_000_000_000L;
            default -> 1L;
          };
    }
    if (unit > 1) {
      digits = digits.substring(0, digits.length() - 1);
    }
    try {
      long number = Long.parseLong(digits);
      if (number >= 0) {
        return Math.multiplyExact(number, unit);
      }
      throw new TypeConversionException("'" + text + "' must not be negative");
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a count: give digits, with k, M, G or T behind them if you like");
    }
  }
}
