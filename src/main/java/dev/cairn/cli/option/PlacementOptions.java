package dev.cairn.cli.option;

import dev.cairn.memory.placement.Placement;
import dev.cairn.memory.placement.PlacementModel;
import dev.cairn.program.NearMiss;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/// Where the pages of a guest lie in physical memory, which in user mode nobody says but a model.
public final class PlacementOptions {
  private static final String RECORDED = "recorded";

  private final boolean takesRecorded;
  private final OptionSpec physical;

  private final OptionSpec page =
      OptionSpec.builder("--page")
          .paramLabel("SIZE")
          .type(Long.class)
          .converters(new SizeConverter())
          .description("Bytes of a page of --physical (without it: 4K; 2M of huge-pages).")
          .build();

  private final OptionSpec memory =
      OptionSpec.builder("--memory")
          .paramLabel("SIZE")
          .type(Long.class)
          .converters(new SizeConverter())
          .description("Bytes of physical memory of --physical (without it: 16G).")
          .build();

  /// @param what what the addresses are for, a sentence
  /// @param takesRecorded whether those of a trace may be taken
  public PlacementOptions(String what, boolean takesRecorded) {
    this.takesRecorded = takesRecorded;
    physical =
        OptionSpec.builder("--physical")
            .paramLabel("MODEL")
            .type(String.class)
            .description(
                what
                    + " Pages are placed by a model: first-touch, random[:SEED], huge-pages or"
                    + " coloring[:COLOURS]"
                    + (takesRecorded ? "; recorded: as a trace tells it." : "."))
            .build();
  }

  /// Adds the options to a command.
  public void addTo(CommandSpec command) {
    command.addOption(physical).addOption(page).addOption(memory);
  }

  /// {@return whether the addresses that a trace holds are to be taken}
  public boolean isRecorded() {
    return takesRecorded && RECORDED.equals(physical.getValue());
  }

  /// {@return the model; null if none was asked for}
  ///
  /// @throws ParameterException if there is no such model, or a number breaks its rule
  public @Nullable Placement placement() {
    String asked = physical.getValue();
    if (asked == null || isRecorded()) {
      for (OptionSpec option : List.of(page, memory)) {
        if (option.getValue() != null) {
          throw wrong(
              option.longestName()
                  + (asked == null
                      ? " is of the memory that --physical MODEL fills: give a model, too"
                      : " contradicts --physical recorded: the trace says how large pages are"));
        }
      }
      return null;
    }
    int colon = asked.indexOf(':');
    String name = colon < 0 ? asked : asked.substring(0, colon);
    PlacementModel model = model(name, asked);
    long number = number(model, colon < 0 ? null : asked.substring(colon + 1), asked);
    Long pageBytes = page.getValue();
    Long memoryBytes = memory.getValue();
    long usual =
        model == PlacementModel.HUGE_PAGES ? Placement.HUGE_PAGE : (long) Placement.SMALL_PAGE;
    try {
      return new Placement(
          model,
          number,
          pageBytes == null ? (int) usual : SizeConverter.asInt(page, page.command().commandLine()),
          Objects.requireNonNullElse(memoryBytes, Placement.MEMORY));
    } catch (IllegalArgumentException e) {
      throw wrong("--physical %s: %s".formatted(asked, e.getMessage()));
    }
  }

  private PlacementModel model(String name, String asked) {
    List<String> names = Arrays.stream(PlacementModel.values()).map(PlacementModel::text).toList();
    for (PlacementModel model : PlacementModel.values()) {
      if (model.text().equals(name)) {
        return model;
      }
    }
    throw wrong(
        "--physical %s: no such model; there are %s%s%s"
            .formatted(
                asked,
                String.join(", ", names),
                takesRecorded ? ", " + RECORDED : "",
                NearMiss.hint(name, names)));
  }

  private long number(PlacementModel model, @Nullable String text, String asked) {
    boolean takes = model == PlacementModel.RANDOM || model == PlacementModel.COLORING;
    if (text == null) {
      return model == PlacementModel.COLORING ? Placement.COLOURS : takes ? 1 : 0;
    }
    if (!takes) {
      throw wrong("--physical %s: %s takes no number".formatted(asked, model.text()));
    }
    try {
      return new CountConverter().convert(text);
    } catch (TypeConversionException e) {
      throw wrong("--physical %s: %s".formatted(asked, e.getMessage()));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(physical.command().commandLine(), what);
  }
}
