package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.program.debug.LineCursor;
import dev.cairn.program.debug.LineTable;
import dev.cairn.program.debug.SourceLine;
import dev.cairn.program.elf.ElfImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Compares the lines of compiled programs with what GNU binutils read.
class LineTableOracleTest {
  private static final Map<String, String> SOURCES =
      Map.of(
          "include/shared.h",
          """
          #include <cstdio>
          #include <vector>
          template <class T> T sum(const std::vector<T> &all) {
            T total = 0;
            for (T each : all)
              total += each;
            return total;
          }
          inline int __attribute__((noinline)) folded(int x) {
            return x * 3 + 1;
          }
          """,
          "src/main.cpp",
          """
          #include "../include/shared.h"
          #include "twice.h"
          int other(int);
          int main(int argc, char **argv) {
            std::vector<int> all;
            for (int i = 0; i < argc + 10; i++) {
              all.push_back(twice(i) + other(i));
              if (i % 3 == 0)
                std::printf("%d\\n", i);
            }
            return folded(sum(all)) == 7;
          }
          int never(int x) { return twice(x) + 5; }
          """,
          "src/twice.h",
          """
          static inline int twice(int x) {
            int y = x + x;
            return y;
          }
          """,
          "src/other.cpp",
          """
          #include <shared.h>
          int other(int x) {
            switch (x) {
              case 1: return folded(2);
              case 2: return 5;
              case 7: return 8;
              case 9: return x + 11;
              default: return sum(std::vector<int>{x, x});
            }
          }
          """);
  private static final Pattern ROW =
      Pattern.compile("(\\S+) +(\\d+|-) +(?:0x)?([0-9a-f]+)(?: +\\d+)?( +x)?(?: +END)?");
  private static final Pattern SET_ADDRESS =
      Pattern.compile(".*Extended opcode 2: set Address to 0x([0-9a-f]+)");
  private static final Pattern ANSWER = Pattern.compile("(.+):(\\d+|\\?)(?: \\(discriminator.*)?");

  @TempDir Path folder;
  private CrossTools tools = new CrossTools(Path.of("."));

  /// A row as both sides tell it: without the folder, which binutils leave out here.
  private record Row(long address, String file, int line, boolean isStatement)
      implements Comparable<Row> {
    @Override
    public int compareTo(Row other) {
      return this.toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return "0x%08x %s:%d%s".formatted(address, file, line, isStatement ? " statement" : "");
    }
  }

  @BeforeEach
  void writeSources() throws Exception {
    tools = new CrossTools(folder.toRealPath()).write(SOURCES);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "2, -O0 -gdwarf-2 -gno-as-loc-support",
    "2, -O2 -gdwarf-2 -gno-as-loc-support -no-pie",
    "3, -O0 -gdwarf-3",
    "3, -O2 -gdwarf-3 -static",
    "4, -O0 -gdwarf-4",
    "4, -O2 -gdwarf-4 -no-pie",
    "4, -O2 -gdwarf-4 -gno-as-loc-support -gdwarf64",
    "4, -O2 -gdwarf-4 -gsplit-dwarf",
    "5, -O0 -gdwarf-5",
    "5, -O2 -gdwarf-5 -static-pie",
    "5, -O2 -gdwarf-5 -gno-as-loc-support -gdwarf64",
    "5, -O2 -g -shared -fPIC",
    "5, -O2 -g -flto",
    "5, -O1 -g -ffunction-sections -Wl;--gc-sections",
    "4, -O2 -gdwarf-4 -gz=zlib",
    "5, -O2 -gdwarf-5 -gz=zlib",
    "5, -O2 -gdwarf-5 -gz=zlib-gnu"
  })
  void agreesWithBinutils(int version, String options) throws Exception {
    String commas = options.replace(';', ',');
    tools.run("g++", commas + " -Iinclude src/main.cpp src/other.cpp -o program");
    assertThat(tools.run("readelf", "-wl program")).containsPattern("DWARF Version: +" + version);
    assertAgrees("program");
  }

  @ParameterizedTest
  @CsvSource({"zlib, ZLIB", "zlib-gnu, .zdebug_line", "zstd, ZSTD"})
  void unpacksWhatObjcopyPacked(String compression, String mark) throws Exception {
    assumeTrue(
        tools.run("objcopy", "--help").contains(compression),
        "binutils before 2.40 do not know zstd");
    tools.run("g++", "-O2 -g -Iinclude src/main.cpp src/other.cpp -o program");
    tools.run("objcopy", "--compress-debug-sections=" + compression + " program packed");
    assertThat(tools.run("readelf", "-tW packed")).contains(mark);
    assertThat(lines("packed").rows()).isEqualTo(lines("program").rows()).isGreaterThan(100);
    assertAgrees("packed");
  }

  private LineTable lines(String program) throws Exception {
    return CodeImage.read(tools.folder().resolve(program), null).lines();
  }

  /// Of which addr2line sees nothing.
  @Test
  void readsSplitDebugInformation() throws Exception {
    tools.run("g++", "-O2 -gdwarf-5 -gsplit-dwarf -Iinclude src/main.cpp src/other.cpp -o program");
    assertThat(rows(lines("program"))).isEqualTo(rowsByReadelf("program"));
  }

  private void assertAgrees(String program) throws Exception {
    LineTable table = lines(program);
    assertThat(rows(table)).isEqualTo(rowsByReadelf(program));
    assertThat(table.files())
        .contains(tools.folder() + "/src/main.cpp", tools.folder() + "/include/shared.h")
        .allMatch(file -> file.startsWith("/"));
    List<Long> addresses = new ArrayList<>();
    LineCursor cursor = table.rows(0, Long.MAX_VALUE);
    while (cursor.next()) {
      for (long address = cursor.address(); address < cursor.end(); address += 4) {
        addresses.add(address);
      }
    }
    assertThat(addresses).hasSizeGreaterThan(100);
    tools.run("objcopy", "--decompress-debug-sections " + program + " plain");
    List<Boolean> answersFile = answersFile("plain", addresses);
    assertThat(answersFile).contains(true);
    StringBuilder input = new StringBuilder();
    addresses.forEach(address -> input.append(Long.toHexString(address)).append('\n'));
    List<String> answers = tools.run("addr2line", "-e plain", input.toString()).lines().toList();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      SourceLine ours = table.find(addresses.get(i));
      Matcher theirs = ANSWER.matcher(answers.get(i));
      assertThat(theirs.matches()).as(answers.get(i)).isTrue();
      String actual = ours == null ? "?" : String.valueOf(ours.line());
      String expected = theirs.group(2);
      if (answersFile.get(i)) {
        actual = (ours == null ? "??" : Path.of(ours.file()).normalize()) + ":" + actual;
        expected = Path.of(theirs.group(1)).normalize() + ":" + expected;
      }
      if (!actual.equals(expected)) {
        wrong.add("0x%x: %s, not %s".formatted(addresses.get(i), actual, expected));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// {@return for which addresses addr2line knows the file}
  ///
  /// Where a sequence in DWARF 5 begins without naming a file, so that file 1 holds (section
  /// 6.2.2), addr2line of binutils 2.40 says file 0, and readelf file 1.
  private List<Boolean> answersFile(String program, List<Long> addresses) throws Exception {
    TreeMap<Long, Boolean> sequences = new TreeMap<>();
    boolean isOlder = true;
    boolean isNamed = false;
    boolean hasRows = false;
    long start = -1;
    for (String line : tools.run("readelf", "-wl " + program).lines().toList()) {
      Matcher address = SET_ADDRESS.matcher(line);
      if (line.contains("DWARF Version:")) {
        isOlder = !line.endsWith("5");
      } else if (line.contains("Set File Name") && !hasRows) {
        isNamed = true;
      } else if (line.contains("Special opcode") || line.endsWith("  Copy")) {
        hasRows = true;
      } else if (address.matches() && start < 0) {
        start = Long.parseUnsignedLong(address.group(1), 16);
      } else if (line.contains("End of Sequence")) {
        sequences.merge(start, isOlder || isNamed, Boolean::logicalAnd);
        isNamed = false;
        hasRows = false;
        start = -1;
      }
    }
    return addresses.stream().map(address -> sequences.floorEntry(address).getValue()).toList();
  }

  private static SortedSet<Row> rows(LineTable table) {
    SortedSet<Row> rows = new TreeSet<>();
    LineCursor cursor = table.rows(0, Long.MAX_VALUE);
    while (cursor.next()) {
      Path name = Path.of(table.files().get(cursor.fileIndex())).getFileName();
      rows.add(
          new Row(cursor.address(), String.valueOf(name), cursor.line(), cursor.isStatement()));
    }
    return rows;
  }

  /// Without what the linker left out, whose addresses begin at 0.
  private SortedSet<Row> rowsByReadelf(String program) throws Exception {
    SortedSet<Row> rows = new TreeSet<>();
    ElfImage image = ElfImage.open(tools.folder().resolve(program));
    for (String line :
        tools.run("readelf", "-W --debug-dump=decodedline " + program).lines().toList()) {
      Matcher matcher = ROW.matcher(line.strip());
      if (matcher.matches() && !matcher.group(2).equals("-")) {
        long address = Long.parseUnsignedLong(matcher.group(3), 16);
        boolean isCode =
            image.sections().stream()
                .anyMatch(section ->
                    section.isExecutable()
                        && address >= section.address()
                        && address < section.address() + section.bytes());
        if (isCode) {
          rows.add(
              new Row(
                  address,
                  matcher.group(1),
                  Integer.parseInt(matcher.group(2)),
                  matcher.group(4) != null));
        }
      }
    }
    return rows;
  }
}
