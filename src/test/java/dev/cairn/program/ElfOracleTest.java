package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSymbol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compares what [ElfImage] and [SymbolTable] read from linked programs with GNU binutils.
class ElfOracleTest {
  private static final String SOURCE =
      """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      static __attribute__((noinline)) int twice(int x) { return 2 * x; }
      int main(int argc, char **argv) {
        char *copy = strdup(argv[0]);
        printf("%s %d\\n", copy, twice(argc));
        free(copy);
        return memcmp(argv[0], "x", 1);
      }
      """;
  private static final Pattern STUB = Pattern.compile("^([0-9a-f]+) <(.*@plt)>:$");
  private static final Pattern LANDING_PAD = Pattern.compile("^ *([0-9a-f]+):.*\\tbti\\tc$");
  private static final Pattern RELOCATION =
      Pattern.compile(" R_AARCH64_JUMP_SL\\w* .* (\\w+)(@\\S+)? \\+ 0$");
  private static final Pattern FUNCTION = Pattern.compile("^([0-9a-f]+) ([0-9a-f]+) [tTwW] (.*)$");

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "-pie",
        "-no-pie",
        "-static",
        "-static-pie",
        "-pie -mbranch-protection=standard -Wl,-z,force-bti",
        "-pie -mbranch-protection=pac-ret -Wl,-z,pac-plt",
        "-pie -Wl,-z,now"
      })
  void agreesWithBinutils(String options) throws Exception {
    Path program = compile(options);
    ElfImage image = ElfImage.open(program);
    SymbolTable table = SymbolTable.read(image);
    if (options.equals("-static")) { // objdump finds none there: compare their number
      String relocations = tools().run("readelf", "-r " + program);
      assertThat(stubs(image)).hasSize(relocations.split(" R_AARCH64_IRELAT", -1).length - 1);
    } else if (landingPads(program).size() > 1) { // objdump takes these stubs for shorter ones
      assertThat(stubs(image)).isEqualTo(stubsByLandingPads(program));
    } else {
      assertThat(stubs(image)).isEqualTo(stubsByObjdump(program));
    }
    assertThat(tools().run("readelf", "-n " + program)).contains("Build ID: " + image.buildId());
    List<String> wrong = new ArrayList<>();
    int functions = 0;
    for (String line : tools().run("nm", "-S --defined-only " + program).lines().toList()) {
      Matcher matcher = FUNCTION.matcher(line);
      if (matcher.matches()) {
        functions++;
        long start = Long.parseUnsignedLong(matcher.group(1), 16);
        long bytes = Long.parseUnsignedLong(matcher.group(2), 16);
        SymbolTable.Place place = table.find(start + bytes - 4);
        if (place == null || place.offset() > bytes - 4) {
          wrong.add(line + ": " + place);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(functions).isGreaterThanOrEqualTo(3);
    assertThat(image.kind()).isEqualTo(kind(options));
    boolean dynamic = !options.contains("static");
    assertThat(image.needed()).isEqualTo(dynamic ? List.of("libc.so.6") : List.of());
  }

  private static ElfImage.Kind kind(String options) {
    return switch (options.split(" ", 2)[0]) {
      case "-pie" -> ElfImage.Kind.PIE;
      case "-no-pie" -> ElfImage.Kind.DYNAMIC;
      case "-static" -> ElfImage.Kind.STATIC;
      default -> ElfImage.Kind.STATIC_PIE;
    };
  }

  private static SortedSet<String> stubs(ElfImage image) throws IOException {
    SortedSet<String> stubs = new TreeSet<>();
    for (ElfSymbol symbol : image.readSymbols()) {
      if (symbol.name().endsWith("@plt")) {
        stubs.add(Long.toHexString(symbol.address()) + " " + symbol.name());
      }
    }
    return stubs;
  }

  /// The stubs of functions that the program chooses for itself have no name there, but their
  /// addresses are compared.
  private SortedSet<String> stubsByObjdump(Path program) throws Exception {
    ElfImage image = ElfImage.open(program);
    SortedSet<String> stubs = new TreeSet<>();
    for (String line : tools().run("objdump", "-d " + program).lines().toList()) {
      Matcher matcher = STUB.matcher(line);
      if (matcher.matches()) {
        long address = Long.parseUnsignedLong(matcher.group(1), 16);
        String name = matcher.group(2);
        stubs.add(
            Long.toHexString(address)
                + " "
                + (name.startsWith("*") ? ownName(image, address) : name));
      }
    }
    return stubs;
  }

  /// {@return where a branch may land among the stubs, by newer binutils at each of them}
  private List<String> landingPads(Path program) throws Exception {
    return tools()
        .run("objdump", "-d " + program)
        .lines()
        .dropWhile(line -> !line.equals("Disassembly of section .plt:"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("Disassembly of section"))
        .map(LANDING_PAD::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .toList();
  }

  /// Each stub but the first of all, which has no name, begins where a branch may land; they stand
  /// in the order of their relocations.
  private SortedSet<String> stubsByLandingPads(Path program) throws Exception {
    List<String> addresses = landingPads(program);
    List<String> names = new ArrayList<>();
    for (String line : tools().run("readelf", "-rW " + program).lines().toList()) {
      Matcher matcher = RELOCATION.matcher(line);
      if (matcher.find()) {
        names.add(matcher.group(1));
      }
    }
    assertThat(addresses).hasSize(names.size() + 1).hasSizeGreaterThan(4);
    SortedSet<String> stubs = new TreeSet<>();
    for (int i = 0; i < names.size(); i++) {
      stubs.add(addresses.get(i + 1) + " " + names.get(i) + "@plt");
    }
    return stubs;
  }

  private static String ownName(ElfImage image, long address) throws IOException {
    return image.readSymbols().stream()
        .filter(symbol -> symbol.address() == address && symbol.name().endsWith("@plt"))
        .map(ElfSymbol::name)
        .findFirst()
        .orElse("?");
  }

  private CrossTools tools() {
    return new CrossTools(folder);
  }

  private Path compile(String options) throws Exception {
    tools().write(Map.of("a.c", SOURCE));
    tools().run("gcc", options + " -O2 -Wl,--build-id a.c -o a");
    return folder.resolve("a");
  }
}
