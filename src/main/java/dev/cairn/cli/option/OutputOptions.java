package dev.cairn.cli.option;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// The options of every command that has results: where they go, and whether progress is shown.
public final class OutputOptions {
  private static final String STANDARD_OUTPUT = "-";

  private final OptionSpec json =
      OptionSpec.builder("--json")
          .paramLabel("FILE")
          .type(String.class)
          .description("Write the results as JSON to a file; - is standard output.")
          .build();

  private final OptionSpec progress =
      OptionSpec.builder("--progress")
          .negatable(true)
          .type(Boolean.class)
          .description("Show how far the run is (default: only on a terminal).")
          .build();

  public void addTo(CommandSpec command) {
    command.addOption(json).addOption(progress);
  }

  /// Fails before anything runs if a result could not be written in the end.
  public void check() {
    String file = json.getValue();
    if (file != null && !file.equals(STANDARD_OUTPUT)) {
      checkWritable("--json", Path.of(file));
    }
  }

  public void checkWritable(String option, Path file) {
    checkWritable(option, file, commandLine());
  }

  /// Fails if a file could not be written.
  public static void checkWritable(String option, Path file, CommandLine line) {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
      throw new ParameterException(
          line,
          option
              + " "
              + file
              + ": "
              + (Files.isDirectory(file)
                  ? "is a directory"
                  : "no directory that can be written: " + directory));
    }
  }

  /// Makes sure that a file can come to its place whole, by a rename, which would do away with a
  /// pipe or a device there.
  public void checkReplaceable(String option, Path file) {
    checkWritable(option, file);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new ParameterException(commandLine(), option + " " + file + ": is no regular file");
    }
  }

  /// Makes a folder for results, with those above it.
  public void makeFolder(String option, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new ParameterException(
          commandLine(), option + " " + folder + ": is not a folder: " + e.getFile(), e);
    } catch (AccessDeniedException e) {
      throw new ParameterException(
          commandLine(), option + " " + folder + ": permission denied: " + e.getFile(), e);
    } catch (IOException e) {
      throw new ParameterException(
          commandLine(), option + " " + folder + ": cannot be made: " + e.getMessage(), e);
    }
  }

  /// {@return the line that shows how far a run is}
  ///
  /// @param expectedInstructions of the whole run, 0 if that is not known
  public ProgressLine progress(long expectedInstructions) {
    Boolean asked = progress.getValue();
    boolean shown = asked == null ? ProgressLine.isTerminal() : asked;
    return new ProgressLine(errors(), shown, expectedInstructions);
  }

  /// Writes the JSON if it was asked for.
  public void write(JsonNode result) throws IOException {
    String file = json.getValue();
    if (file == null) {
      return;
    }
    if (file.equals(STANDARD_OUTPUT)) {
      output().print(Json.text(result));
      output().flush();
    } else {
      ResultFile.write(Path.of(file), Json.text(result));
    }
  }

  /// Writes what is no text to standard output.
  void writeBytes(byte[] bytes) {
    output().flush();
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }

  public CommandLine commandLine() {
    return json.command().commandLine();
  }

  public PrintWriter output() {
    return commandLine().getOut();
  }

  public PrintWriter errors() {
    return commandLine().getErr();
  }
}
