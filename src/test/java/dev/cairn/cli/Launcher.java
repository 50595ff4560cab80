package dev.cairn.cli;

import dev.cairn.TestGuests;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs Cairn's command line: in this JVM where nothing but words is wanted, else in its own
/// process, as a user does.
final class Launcher {
  private static final long PATIENCE_SECONDS = 120;

  private Launcher() {}

  record Result(int exitCode, String output, String errorOutput) {}

  /// Runs a command that starts no guest.
  static Result run(String... args) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        Main.run(
            args,
            new PrintStream(output, true, StandardCharsets.UTF_8),
            new PrintStream(errors, true, StandardCharsets.UTF_8));
    return new Result(
        status, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
  }

  /// Runs a command in its own process, to its end.
  static Result process(String... args) throws Exception {
    return process(null, Map.of(), args);
  }

  /// Runs a command in its own process, to its end.
  ///
  /// @param input its standard input, null for nothing
  /// @param environment of its own; an empty value unsets
  static Result process(@Nullable Path input, Map<String, String> environment, String... args)
      throws Exception {
    try (Running running = start(input, environment, args)) {
      return running.result();
    }
  }

  /// Starts a command in its own process, with Ctrl-C as on a terminal: a script's background job
  /// would have it ignored.
  static Running start(@Nullable Path input, Map<String, String> environment, String... args)
      throws IOException {
    return new Running(builder(input, environment, args).start());
  }

  /// Runs a command in its own process, reads the first bytes of its standard output and then goes
  /// away, as `head` does.
  ///
  /// @param bytes how many
  /// @return with what was read as the output, a byte a character
  /// @throws IllegalStateException if it does not end then, or something that it started goes on
  static Result head(int bytes, String... args) throws Exception {
    Process process = builder(null, Map.of(), args).start();
    try {
      FutureTask<String> errors = reader(process.getErrorStream());
      byte[] read = process.getInputStream().readNBytes(bytes);
      List<ProcessHandle> started = process.descendants().toList();
      process.getInputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still running");
      }
      if (started.stream().anyMatch(ProcessHandle::isAlive)) {
        throw new IllegalStateException("something was left running");
      }
      return new Result(
          process.exitValue(), new String(read, StandardCharsets.ISO_8859_1), errors.get());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /// Runs a command in its own process, with a full disk for its standard output.
  static Result full(String... args) throws Exception {
    ProcessBuilder builder = builder(null, Map.of(), args);
    builder.redirectOutput(new File("/dev/full"));
    try (Running running = new Running(builder.start())) {
      return running.result();
    }
  }

  private static FutureTask<String> reader(InputStream stream) {
    FutureTask<String> task =
        new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private static ProcessBuilder builder(
      @Nullable Path input, Map<String, String> environment, String... args) {
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of("-Xmx512m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp"));
    line.add(System.getProperty("java.class.path"));
    line.add(Main.class.getName());
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.redirectInput(input == null ? new File("/dev/null") : input.toFile());
    environment.forEach((name, value) -> {
      if (value.isEmpty()) {
        builder.environment().remove(name);
      } else {
        builder.environment().put(name, value);
      }
    });
    return builder;
  }

  /// A command that runs in its own process.
  static final class Running implements AutoCloseable {
    private final Process process;
    private final FutureTask<String> output;
    private final FutureTask<String> errors;

    Running(Process process) {
      this.process = process;
      output = reader(process.getInputStream());
      errors = reader(process.getErrorStream());
    }

    /// Waits until QEMU runs below it, for long enough to have executed something.
    ProcessHandle guest() throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (System.nanoTime() < until) {
        ProcessHandle child = process.children().findFirst().orElse(null);
        if (child != null
            && child.info().totalCpuDuration().isPresent()
            && child.info().totalCpuDuration().get().toMillis() > 100) {
          return child;
        }
        Thread.sleep(20);
      }
      throw new IllegalStateException("no guest was started");
    }

    /// Sends a signal to Cairn, and only to it.
    void signal(String name) throws IOException {
      TestGuests.signal(name, process.pid());
    }

    Result result() throws Exception {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still running");
      }
      return new Result(process.exitValue(), output.get(), errors.get());
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /// {@return a line of Debian's sysroot, with the program behind}
  static String[] debian(String command, List<String> options, String program, String... args) {
    List<String> line = new ArrayList<>();
    line.add(command);
    line.addAll(List.of("--sysroot", TestGuests.sysroot().toString()));
    line.addAll(options);
    line.add("--");
    line.add(program);
    line.addAll(List.of(args));
    return line.toArray(String[]::new);
  }

  static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
