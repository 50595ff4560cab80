package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// The repository's Markdown pages: their links, and that they keep up with the program.
final class DocumentsTest {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

  /// The page of the options that all commands have.
  private static final String SHARED = "guest-options";

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(path -> path.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .sorted()
          .toList();
    }
  }

  static Set<String> commands() {
    return new TreeSet<>(Main.commandLine().getSubcommands().keySet());
  }

  private static List<OptionSpec> options(String command) {
    CommandLine line = Main.commandLine().getSubcommands().get(command);
    return Objects.requireNonNull(line).getCommandSpec().options();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    for (String link : links(page)) {
      String[] parts = link.split("#", 2);
      Path target = parts[0].isEmpty() ? page : sibling(page, parts[0]);
      boolean whole = Files.exists(ROOT.resolve(target));
      if (!whole || (parts.length == 2 && !anchors(target).contains(parts[1]))) {
        broken.add(link);
      }
    }
    assertThat(broken).as("broken links of %s", page).isEmpty();
  }

  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    Set<Path> reached = new TreeSet<>();
    Deque<Path> todo = new ArrayDeque<>(List.of(Path.of("README.md")));
    while (!todo.isEmpty()) {
      Path page = todo.pop();
      if (page.toString().endsWith(".md") && reached.add(page)) {
        for (String link : links(page)) {
          String path = link.split("#", 2)[0];
          if (!path.isEmpty()) {
            todo.push(sibling(page, path));
          }
        }
      }
    }
    assertThat(reached).containsAll(pages());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasAPageThatNamesItsOptions(String command) throws IOException {
    Path page = ROOT.resolve("docs").resolve(command + ".md");
    assertThat(page).exists();
    String text = Files.readString(page) + Files.readString(ROOT.resolve("docs/" + SHARED + ".md"));
    List<String> options =
        options(command).stream()
            .map(OptionSpec::longestName)
            .filter(name -> !name.equals("--help") && !name.equals("--version"))
            .toList();
    assertThat(text).contains(options);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void pagesGiveTheDefaultsOfOptions(String command) throws IOException {
    List<String> rows =
        Stream.concat(
                Files.readAllLines(ROOT.resolve("docs").resolve(command + ".md")).stream(),
                Files.readAllLines(ROOT.resolve("docs/" + SHARED + ".md")).stream())
            .filter(line -> line.startsWith("| `"))
            .toList();
    for (OptionSpec option : options(command)) {
      if (option.defaultValue() != null && option.arity().max() > 0) {
        Pattern value = Pattern.compile("\\b" + Pattern.quote(option.defaultValue()) + "\\b");
        assertThat(rows)
            .as("a row with %s and its default %s", option.longestName(), option.defaultValue())
            .anyMatch(row -> row.contains(option.longestName()) && value.matcher(row).find());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theReadmeNamesEveryCommand(String command) throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md"))).contains("`cairn " + command + "`");
  }

  @Test
  void theDesignNamesEveryPackage() throws IOException {
    String design = Files.readString(ROOT.resolve("DESIGN.md"));
    Path sources = ROOT.resolve("src/main/java/dev/cairn");
    try (Stream<Path> all = Files.walk(sources)) {
      List<Path> packages =
          all.filter(path -> Files.exists(path.resolve("package-info.java")))
              .map(sources::relativize)
              .toList();
      assertThat(packages).isNotEmpty();
      for (Path each : packages) {
        String row = "| `" + each.getName(0) + "`";
        assertThat(design).contains(row);
        if (each.getNameCount() == 2) {
          String line =
              design.lines().filter(text -> text.startsWith(row)).collect(Collectors.joining());
          assertThat(line).contains("`." + each.getName(1) + "`");
        }
      }
    }
  }

  /// {@return the relative links of a page, code left out}
  private static List<String> links(Path page) throws IOException {
    String text = FENCE.matcher(Files.readString(ROOT.resolve(page))).replaceAll("");
    return LINK.matcher(text)
        .results()
        .map(result -> result.group(1))
        .filter(link -> !link.matches("[a-z]+:.*"))
        .toList();
  }

  private static Path sibling(Path page, String link) {
    return ROOT.relativize(ROOT.resolve(page).resolveSibling(link).normalize());
  }

  /// {@return what the headings of a page can be linked by, as GitHub makes it}
  private static Set<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(FENCE.matcher(Files.readString(ROOT.resolve(page))).replaceAll(""))
        .results()
        .map(MatchResult::group)
        .map(heading ->
            heading
                .replaceFirst("^#+ +", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                .replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
