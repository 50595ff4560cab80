package dev.cairn.cli.option;

import dev.cairn.memory.hierarchy.CacheShape;
import dev.cairn.memory.hierarchy.Hierarchy;
import dev.cairn.memory.hierarchy.HierarchyFile;
import dev.cairn.memory.hierarchy.Serves;
import dev.cairn.memory.replacement.Replacement;
import dev.cairn.program.NearMiss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Which hierarchies of caches are simulated: presets and files, or sizes on the command line.
public final class HierarchyOptions {
  private static final String LINE = "command line";
  private static final String L1I = "32K,8,64";
  private static final String L1D = "32K,8,64";
  private static final String L2 = "2M,16,64";

  private final OptionSpec configs =
      OptionSpec.builder("--config")
          .paramLabel("NAME|FILE")
          .type(List.class)
          .auxiliaryTypes(String.class)
          .description(
              "A preset ("
                  + String.join(", ", HierarchyFile.presets())
                  + ") or a hierarchy file; may be repeated, and the program runs once for all.")
          .build();

  private final OptionSpec l1i = level("--l1i", "First-level cache of instructions.");
  private final OptionSpec l1d = level("--l1d", "First-level cache of data.");
  private final OptionSpec l2 = level("--l2", "Second-level cache, of both.");
  private final OptionSpec l3 = level("--l3", "Third-level cache.");

  private final OptionSpec policy =
      OptionSpec.builder("--replacement")
          .paramLabel("POLICY")
          .type(String.class)
          .description(
              "Of the caches given by size: "
                  + String.join(", ", policies())
                  + " (without it: lru).")
          .build();

  private static OptionSpec level(String name, String what) {
    return OptionSpec.builder(name)
        .paramLabel("SIZE,WAYS,LINE")
        .type(String.class)
        .description(what)
        .build();
  }

  private static List<String> policies() {
    return Arrays.stream(Replacement.values()).map(p -> p.name().toLowerCase(Locale.ROOT)).toList();
  }

  public void addTo(CommandSpec command) {
    command
        .addOption(configs)
        .addOption(l1i)
        .addOption(l1d)
        .addOption(l2)
        .addOption(l3)
        .addOption(policy);
  }

  /// {@return the hierarchies, one at least}
  ///
  /// @throws ParameterException if options contradict each other, or a cache breaks a rule
  /// @throws dev.cairn.event.FormatException if a file does
  public List<Hierarchy> open() throws IOException {
    List<String> files = configs.getValue();
    if (files == null) {
      return List.of(ofSizes());
    }
    for (OptionSpec option : List.of(l1i, l1d, l2, l3, policy)) {
      if (option.getValue() != null) {
        throw wrong(
            "%s contradicts --config, whose hierarchy has all its caches: give one or the other"
                .formatted(option.longestName()));
      }
    }
    List<Hierarchy> hierarchies = new ArrayList<>();
    for (String file : files) {
      hierarchies.add(HierarchyFile.open(file));
    }
    return hierarchies;
  }

  private Hierarchy ofSizes() {
    boolean given =
        List.of(l1i, l1d, l2, l3).stream().anyMatch(option -> option.getValue() != null);
    String first = given ? l1i.getValue() : L1I;
    String data = given ? l1d.getValue() : L1D;
    String second = given ? l2.getValue() : L2;
    String third = l3.getValue();
    if (first == null && data == null) {
      throw wrong("--l2 and --l3 need a cache above: give --l1i or --l1d as well");
    }
    if (third != null && second == null) {
      throw wrong("--l3 needs a cache above: give --l2 as well");
    }
    Map<String, CacheShape> caches = new LinkedHashMap<>();
    add(caches, "L1I", l1i, first, Serves.INSTRUCTIONS, second == null ? null : "L2");
    add(caches, "L1D", l1d, data, Serves.DATA, second == null ? null : "L2");
    add(caches, "L2", l2, second, null, third == null ? null : "L3");
    add(caches, "L3", l3, third, null, null);
    try {
      return new Hierarchy(LINE, null, caches, null, null, null, null);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void add(
      Map<String, CacheShape> caches,
      String name,
      OptionSpec option,
      @Nullable String text,
      @Nullable Serves serves,
      @Nullable String below) {
    if (text == null) {
      return;
    }
    String[] parts = text.split(",", -1);
    try {
      if (parts.length != 3) {
        throw new TypeConversionException("is no cache: give SIZE,WAYS,LINE, as " + L1D);
      }
      caches.put(
          name,
          CacheShape.plain(
              new SizeConverter().convert(parts[0].strip()),
              Math.toIntExact(new SizeConverter().convert(parts[1].strip())),
              Math.toIntExact(new SizeConverter().convert(parts[2].strip())),
              serves,
              below,
              replacement()));
    } catch (IllegalArgumentException | ArithmeticException | TypeConversionException e) {
      throw wrong("%s %s: %s".formatted(option.longestName(), text, e.getMessage()));
    }
  }

  private Replacement replacement() {
    String asked = policy.getValue();
    if (asked == null) {
      return Replacement.LRU;
    }
    for (Replacement each : Replacement.values()) {
      if (each.name().equalsIgnoreCase(asked)) {
        return each;
      }
    }
    throw wrong(
        "--replacement %s: no such policy; there are %s%s"
            .formatted(asked, String.join(", ", policies()), NearMiss.hint(asked, policies())));
  }

  private ParameterException wrong(String what) {
    return new ParameterException(configs.command().commandLine(), what);
  }
}
