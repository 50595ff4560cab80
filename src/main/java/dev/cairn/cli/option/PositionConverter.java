package dev.cairn.cli.option;

import dev.cairn.capture.scope.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a place in a run: a count as [CountConverter] does, or a function or an address, with the
/// how-manyth time behind a colon.
public final class PositionConverter implements ITypeConverter<Position> {
  private static final Pattern TIMES = Pattern.compile("(.*):([0-9]+)");
  private static final Pattern ADDRESS = Pattern.compile("0[xX]([0-9a-fA-F]{1,16})");

  @Override
  public Position convert(String text) {
    Matcher numbered = TIMES.matcher(text);
    String place = numbered.matches() ? numbered.group(1) : text;
    if (place.isEmpty()) {
      throw new TypeConversionException(
          "'" + text + "' is no place: give a count, FUNCTION, FUNCTION:N or 0xADDRESS:N");
    }
    Matcher address = ADDRESS.matcher(place);
    if (address.matches()) {
      return new Position.Reached(Long.parseUnsignedLong(address.group(1), 16), times(text));
    }
    if (Character.isDigit(place.charAt(0)) || place.charAt(0) == '-') {
      return new Position.Count(new CountConverter().convert(text));
    }
    return new Position.Call(place, times(text));
  }

  /// {@return the how-manyth time a text means}
  static long times(String text) {
    Matcher numbered = TIMES.matcher(text);
    if (!numbered.matches()) {
      return 1;
    }
    long times = new CountConverter().convert(numbered.group(2));
    if (times == 0) {
      throw new TypeConversionException("'" + text + "': the first time is 1");
    }
    return times;
  }
}
