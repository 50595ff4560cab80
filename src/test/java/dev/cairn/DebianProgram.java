package dev.cairn;

import dev.cairn.capture.GuestCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A program of Debian's with a piece of work for it: what holds for any program is tried on each.
public enum DebianProgram {
  XZ("xz"),
  BZIP2("bzip2"),
  GZIP("gzip"),
  ZSTD("zstd"),
  LUA("lua5.4"),
  SQLITE("sqlite3"),
  PERL("perl"),
  GAWK("gawk");

  private static final int LINES = 1500;
  private static final int FEW_LINES = 60;

  /// As many as gzip needs to move what it looks back at, the one time that it calls `memcpy`.
  private static final int LINES_OF_WINDOWS = 3000;

  /// Perl seeds its hashes from the host unless it is told how.
  private static final Map<String, String> VARIABLES =
      Map.of("PERL_HASH_SEED", "0", "PATH", "/usr/bin");

  private final String file;

  DebianProgram(String file) {
    this.file = file;
  }

  /// {@return where the program is}
  public Path path() {
    return TestGuests.debian(file);
  }

  /// {@return the variables that it is started with}
  public Map<String, String> variables() {
    return VARIABLES;
  }

  /// Writes the text that the program reads into a folder.
  ///
  /// @return the file
  public static Path input(Path folder, int lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines; i++) {
      text.append("line ").append(i * 7919L % 10_007).append(" of the input\n");
    }
    return Files.writeString(folder.resolve("input"), text);
  }

  /// {@return what it is told, to work on a file and write to standard output}
  public List<String> arguments(Path input) {
    String in = input.toString();
    return switch (this) {
      case XZ -> List.of("-1", "-k", "-c", "-T1", in);
      case BZIP2 -> List.of("-1", "-k", "-c", in);
      case GZIP -> List.of("-1", "-c", in);
      case ZSTD -> List.of("-1", "--single-thread", "--no-asyncio", "-q", "-c", in);
      case LUA ->
          List.of("-e", "local n = 0 for l in io.lines('" + in + "') do n = n + #l print(n) end");
      case SQLITE ->
          List.of(
              ":memory:",
              "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2); SELECT sum(a) FROM t;");
      case PERL -> List.of("-ne", "$n += length; print \"$n\\n\"", in);
      case GAWK -> List.of("{ n += length($0); print n }", in);
    };
  }

  /// {@return the same work, on standard input; those that need not write anything do not}
  private List<String> readingArguments() {
    return switch (this) {
      case XZ -> List.of("-1", "-c", "-T1");
      case BZIP2, GZIP -> List.of("-1", "-c");
      case ZSTD -> List.of("-1", "--single-thread", "--no-asyncio", "-q", "-c");
      case LUA -> List.of("-e", "local n = {} for l in io.lines() do n[#n + 1] = l end");
      case SQLITE -> List.of(":memory:");
      case PERL -> List.of("-ne", "$n{$_} += length");
      case GAWK -> List.of("{ n[$0] += length($0) }");
    };
  }

  /// {@return the command that works on a file of 1500 lines, which is written into the folder}
  public GuestCommand command(Path folder) throws IOException {
    return started(folder, arguments(input(folder, LINES)), Map.of());
  }

  /// {@return the command that works on a file of a few lines, and all of whose runs are alike to
  /// the instruction: Lua and gawk ask for the time, the number of their process and how the kernel
  /// lists their memory, and are given the same each time}
  public GuestCommand alikeEachTime(Path folder) throws IOException {
    Path library =
        TestGuests.built(
            "sameeachtime.so", List.of("-O2", "-Wall", "-fPIC", "-shared", "sameeachtime.c"));
    Map<String, String> more =
        this == LUA || this == GAWK ? Map.of("LD_PRELOAD", library.toString()) : Map.of();
    int lines = this == GZIP ? LINES_OF_WINDOWS : FEW_LINES;
    return started(folder, arguments(input(folder, lines)), more);
  }

  /// {@return the command that works on standard input}
  public GuestCommand readingCommand(Path folder) {
    return started(folder, readingArguments(), Map.of());
  }

  private GuestCommand started(Path folder, List<String> arguments, Map<String, String> variables) {
    GuestCommand command = TestGuests.dynamicCommand(path(), arguments.toArray(String[]::new));
    return TestGuests.in(folder, command, variables).inheriting(VARIABLES);
  }
}
