package dev.cairn.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The options of every command whose result is a list: its order, how much of it is shown, and the
/// files it is exported to.
///
/// @param <O> the orders there are
public final class TableOptions<O extends Enum<O>> {
  private static final String STANDARD_OUTPUT = "-";
  private static final long SHOWN = 20;

  private final Class<O> orders;
  private final List<String> formats;
  private final OptionSpec sort;
  private final OptionSpec top =
      OptionSpec.builder("--top")
          .paramLabel("N")
          .type(Long.class)
          .converters(new CountConverter())
          .description("Show the first N (default: 20 in text, all in files).")
          .build();
  private final OptionSpec csv =
      OptionSpec.builder("--csv")
          .paramLabel("FILE")
          .type(String.class)
          .description("Write the list as comma-separated values; - is standard output.")
          .build();
  private final OptionSpec export;

  /// The files to export to, by format, as they were checked.
  private final Map<String, String> exports = new TreeMap<>();

  /// @param orders whose first one is the default
  /// @param formats that `--export` knows; none for no such option
  public TableOptions(Class<O> orders, List<String> formats) {
    this.orders = orders;
    this.formats = formats;
    sort =
        OptionSpec.builder("--sort")
            .paramLabel("ORDER")
            .type(String.class)
            .defaultValue(name(orders.getEnumConstants()[0]))
            .description("By what: " + names() + " (default: ${DEFAULT-VALUE}).")
            .build();
    export =
        OptionSpec.builder("--export")
            .paramLabel("FORMAT=FILE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("Write for another tool: " + String.join(", ", formats) + ".")
            .build();
  }

  public void addTo(CommandSpec command) {
    command.addOption(sort).addOption(top).addOption(csv);
    if (!formats.isEmpty()) {
      command.addOption(export);
    }
  }

  private static String name(Enum<?> order) {
    return order.name().toLowerCase(Locale.ROOT);
  }

  private String names() {
    return String.join(", ", Arrays.stream(orders.getEnumConstants()).map(o -> name(o)).toList());
  }

  /// Fails before anything runs if an option means nothing or a file could not be written.
  public void check(OutputOptions output) {
    order(output);
    @Nullable List<String> asked = export.getValue();
    for (String each : asked == null ? List.<String>of() : asked) {
      String format = each.substring(0, Math.max(0, each.indexOf('=')));
      String file = each.substring(each.indexOf('=') + 1);
      if (format.isEmpty() || file.isEmpty()) {
        throw wrong(output, each, "give FORMAT=FILE, as %s=FILE".formatted(formats.getFirst()));
      }
      if (!formats.contains(format)) {
        throw wrong(output, format, "no such format; there are " + String.join(", ", formats));
      }
      if (exports.put(format, file) != null) {
        throw wrong(output, format, "is given twice");
      }
      checkWritable(output, "--export", file);
    }
    String file = csv.getValue();
    if (file != null) {
      checkWritable(output, "--csv", file);
    }
  }

  private static ParameterException wrong(OutputOptions output, String asked, String what) {
    return new ParameterException(output.commandLine(), "--export %s: %s".formatted(asked, what));
  }

  private static void checkWritable(OutputOptions output, String option, String file) {
    if (!file.equals(STANDARD_OUTPUT)) {
      output.checkWritable(option, Path.of(file));
    }
  }

  /// {@return the order that was asked for}
  public O order(OutputOptions output) {
    String asked = sort.getValue();
    for (O order : orders.getEnumConstants()) {
      if (name(order).equals(asked)) {
        return order;
      }
    }
    throw new ParameterException(
        output.commandLine(), "--sort %s: no such order; there are %s".formatted(asked, names()));
  }

  /// {@return how many are shown in text}
  public long shown() {
    Long asked = top.getValue();
    return asked == null ? SHOWN : asked;
  }

  /// {@return how many go into files}
  public long written() {
    Long asked = top.getValue();
    return asked == null ? Long.MAX_VALUE : asked;
  }

  /// Writes the comma-separated values if they were asked for.
  public void writeCsv(OutputOptions output, Supplier<String> text) throws IOException {
    String file = csv.getValue();
    if (file != null) {
      write(output, file, text.get());
    }
  }

  /// {@return whether something is to be exported in a format}
  public boolean isExported(String format) {
    return exports.containsKey(format);
  }

  /// Writes what was to be exported in a format.
  public void export(OutputOptions output, String format, Supplier<String> text)
      throws IOException {
    String file = exports.get(format);
    if (file != null) {
      write(output, file, text.get());
    }
  }

  /// Writes what was to be exported in a format that is no text.
  public void exportBytes(OutputOptions output, String format, Supplier<byte[]> bytes)
      throws IOException {
    String file = exports.get(format);
    if (file == null) {
      return;
    }
    if (file.equals(STANDARD_OUTPUT)) {
      output.writeBytes(bytes.get());
    } else {
      ResultFile.write(Path.of(file), bytes.get());
    }
  }

  private static void write(OutputOptions output, String file, String text) throws IOException {
    if (file.equals(STANDARD_OUTPUT)) {
      output.output().print(text);
      output.output().flush();
    } else {
      ResultFile.write(Path.of(file), text);
    }
  }
}
