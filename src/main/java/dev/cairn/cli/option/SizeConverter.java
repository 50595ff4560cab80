package dev.cairn.cli.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Reads a size in bytes with an optional K, M or G behind it, in powers of 1024, as "32K".
public final class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMGkmg]?)");

  /// {@return what an option gives as a number of 32 bits}
  ///
  /// @throws ParameterException if it is too large for one
  public static int asInt(OptionSpec option, CommandLine line) {
    long size = option.<Long>getValue();
    if (size > Integer.MAX_VALUE) {
      throw new ParameterException(
          line, "%s must be below 2G: %d".formatted(option.longestName(), size));
    }
    return (int) size;
  }

  @Override
  public Long convert(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a size: give digits, with K, M or G behind them if you like");
    }
    int shift =
        switch (matcher.group(2)) {
          case "K", "k" -> 10;
          case "M", "m" -> 20;
          case "G", "g" -> 30;
          default -> 0;
        };
    return Long.parseLong(matcher.group(1)) << shift;
  }
}
