package dev.cairn;

import dev.cairn.capture.GuestCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The guest programs that tests run, and the tools that they are built, run and checked with.
///
/// Each C program of `src/test/resources/guest` is compiled once a test run. The tools come from
/// the environment that `./test` sets up; one that is missing fails the test that asks for it.
public final class TestGuests {
  private static final Path SOURCES = Path.of("src/test/resources/guest").toAbsolutePath();
  private static final String HEADERS = "-I" + Path.of("guest").toAbsolutePath();
  private static final Map<String, Path> BUILT = new ConcurrentHashMap<>();
  private static final Pattern LIBRARY_VERSION =
      Pattern.compile("GLIBC_2\\.\\d+|(GLIBCXX|CXXABI)_[\\d.]+");
  private static @Nullable Path folder;

  private TestGuests() {}

  /// {@return QEMU's user-mode emulator}
  public static Path qemu() {
    return tool("CAIRN_QEMU_RESOLVED");
  }

  /// {@return whether this QEMU lets plugins read registers when the guest has ended: up to 10.0}
  public static boolean showsRegistersAtTheEnd() throws IOException {
    String banner = run(List.of(qemu().toString(), "--version"));
    Matcher version = Pattern.compile("version (\\d+)\\.(\\d+)").matcher(banner);
    if (!version.find()) {
      throw new IllegalStateException("no version in: " + banner);
    }
    return Integer.parseInt(version.group(1)) == 10 && Integer.parseInt(version.group(2)) == 0;
  }

  /// {@return the probe}
  public static Path probe() {
    return tool("CAIRN_PROBE");
  }

  /// {@return the folder of QEMU's own plugins}
  public static Path witnesses() {
    return tool("CAIRN_WITNESSES");
  }

  /// {@return Debian's arm64 programs and libraries}
  public static Path sysroot() {
    return tool("CAIRN_SYSROOT");
  }

  /// {@return one of other tools' programs that read what Cairn exports}
  public static Path reader(String name) {
    return tool("CAIRN_READERS").resolve(name);
  }

  /// {@return one of other tools' programs that open what checkpoints are exported as}
  ///
  /// @param name `gdb-multiarch`, or `qemu-aarch64` for Debian's own
  public static Path checkpointReader(String name) {
    return tool("CAIRN_CHECKPOINT_READERS").resolve(name);
  }

  /// {@return the folder in which Node finds a reader of Parquet}
  public static Path parquetReader() {
    return tool("CAIRN_PARQUET_READER");
  }

  /// {@return the C compiler for the guest's machine}
  public static String crossCompiler() {
    return setting("CAIRN_CROSS_CC");
  }

  private static Path tool(String variable) {
    Path path = Path.of(setting(variable));
    if (!Files.exists(path)) {
      throw new IllegalStateException(variable + ": no such file: " + path);
    }
    return path;
  }

  private static String setting(String variable) {
    String value = System.getenv(variable);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(variable + " is not set; run the tests by ./test");
    }
    return value;
  }

  /// {@return a C program, linked statically}
  public static Path program(String name) {
    return build(
        name,
        List.of("-O2", "-static", "-pthread", HEADERS, SOURCES.resolve(name + ".c").toString()));
  }

  /// {@return a C program that needs the sysroot's loader and libraries}
  public static Path dynamicProgram(String name) {
    return build(
        name + "-dynamic",
        List.of("-O2", "-pthread", HEADERS, SOURCES.resolve(name + ".c").toString()));
  }

  /// {@return one of two different shared objects with the function `work`}
  ///
  /// @param number 1 or 2
  public static Path library(int number) {
    return build(
        "plugin" + number + ".so",
        List.of(
            "-O2", "-fPIC", "-shared", "-DN=" + number, SOURCES.resolve("plugin.c").toString()));
  }

  /// {@return a program built by a command line of one's own}
  ///
  /// @param name by which it is known, unlike any other
  /// @param arguments of the compiler, which is C++'s if there is a `.cc` among them; sources by
  ///   their names in the folder of the guests
  public static Path built(String name, List<String> arguments) {
    List<String> line = new ArrayList<>();
    for (String argument : arguments) {
      boolean source = argument.endsWith(".c") || argument.endsWith(".cc");
      line.add(source ? SOURCES.resolve(argument).toString() : argument);
    }
    return build(name, line);
  }

  /// {@return the command that runs a static program}
  public static GuestCommand command(Path program, String... arguments) {
    return command(null, program, arguments);
  }

  /// {@return the command that runs one of Debian's programs, or a dynamic one of ours}
  public static GuestCommand dynamicCommand(Path program, String... arguments) {
    return command(sysrootFor(program), program, arguments);
  }

  /// {@return the command that runs a guest by its name: one of ours, with what it needs, or one of
  /// what `oddities` does}
  public static GuestCommand named(String guest) {
    return switch (guest) {
      case "unloads" ->
          dynamicCommand(dynamicProgram(guest), library(1).toString(), library(2).toString());
      case "dies" -> command(program(guest), "11");
      default ->
          Files.exists(SOURCES.resolve(guest + ".c"))
              ? command(program(guest))
              : command(program("oddities"), guest);
    };
  }

  /// {@return the folder whose libraries a program can do with: those of Debian's programs, or
  /// else, as they may be older, the compiler's}
  private static Path sysrootFor(Path program) {
    try {
      Path folder = sysroot().resolve("lib/aarch64-linux-gnu");
      String libraries =
          latin(folder.resolve("libc.so.6")) + latin(folder.resolve("libstdc++.so.6"));
      Matcher wanted = LIBRARY_VERSION.matcher(latin(program));
      if (wanted.results().allMatch(version -> libraries.contains(version.group()))) {
        return sysroot();
      }
      Path own = Path.of(run(List.of(crossCompiler(), "-print-file-name=libc.so.6")).strip());
      return own.toRealPath().resolve("../..").normalize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String latin(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /// {@return the command, started in another folder with other variables}
  public static GuestCommand in(
      Path folder, GuestCommand command, Map<String, String> environment) {
    return new GuestCommand(
        command.qemu(),
        command.probe(),
        command.cpu(),
        command.sysroot(),
        environment,
        folder,
        command.program(),
        command.arguments());
  }

  /// {@return the path of one of Debian's programs}
  public static Path debian(String name) {
    Path path = sysroot().resolve("usr/bin").resolve(name);
    if (!Files.exists(path)) {
      throw new IllegalStateException("CAIRN_SYSROOT: no such program: " + path);
    }
    return path;
  }

  private static GuestCommand command(@Nullable Path sysroot, Path program, String... arguments) {
    return new GuestCommand(
        qemu(),
        probe(),
        "neoverse-n1",
        sysroot,
        Map.of(),
        null,
        program.toString(),
        List.of(arguments));
  }

  private static Path build(String name, List<String> arguments) {
    return BUILT.computeIfAbsent(name, _ -> compile(name, arguments));
  }

  private static Path compile(String name, List<String> arguments) {
    try {
      Path target = folder().resolve(name);
      List<String> line = new ArrayList<>();
      boolean plusPlus = arguments.stream().anyMatch(argument -> argument.endsWith(".cc"));
      String compiler = crossCompiler();
      line.add(plusPlus ? compiler.replaceAll("gcc$", "g++") : compiler);
      line.addAll(arguments);
      line.add("-o");
      line.add(target.toString());
      run(line);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends a signal, by the shell, as a small machine has no `kill` besides.
  ///
  /// @param name as `INT`
  /// @param target the number of a process, or -1 times that of a group
  public static void signal(String name, long target) throws IOException {
    run(List.of("sh", "-c", "kill -s \"$0\" -- \"$1\"", name, "" + target));
  }

  /// Runs a tool and gives what it printed.
  ///
  /// @throws IllegalStateException if it fails
  public static String run(List<String> line) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", line) + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return output;
  }

  private static synchronized Path folder() throws IOException {
    Path made = folder;
    if (made == null) {
      made = Files.createTempDirectory("cairn-guests");
      folder = made;
      Path toRemove = made;
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(toRemove)));
    }
    return made;
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      System.err.println("not removed: " + directory + ": " + e.getMessage());
    }
  }
}
