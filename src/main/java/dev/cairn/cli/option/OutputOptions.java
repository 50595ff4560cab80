package dev.cairn.cli.option;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cairn.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options of every command that has results: where they go, and whether progress is shown.
public final class OutputOptions {
  private static final String STANDARD_OUTPUT = "-";

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results as JSON to a file; - is standard output.")
  private @Nullable String json;

  @Option(
      names = "--progress",
      negatable = true,
      description = "Show how far the run is (default: only on a terminal).")
  private @Nullable Boolean progress;

  /// Fails before anything runs if a result could not be written in the end.
  public void check() {
    if (json != null && !json.equals(STANDARD_OUTPUT)) {
      checkWritable("--json", Path.of(json));
    }
  }

  public void checkWritable(String option, Path file) {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
      throw new ParameterException(
          command().commandLine(),
          option
              + " "
              + file
              + ": "
              + (Files.isDirectory(file)
                  ? "is a directory"
                  : "no directory that can be written: " + directory));
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
    boolean shown = progress == null ? ProgressLine.isTerminal() : progress;
    return new ProgressLine(errors(), shown, expectedInstructions);
  }

  /// Writes the JSON if it was asked for.
  public void write(JsonNode result) throws IOException {
    if (json == null) {
      return;
    }
    if (json.equals(STANDARD_OUTPUT)) {
      output().print(Json.text(result));
      output().flush();
    } else {
      ResultFile.write(Path.of(json), Json.text(result));
    }
  }

  public CommandLine commandLine() {
    return command().commandLine();
  }

  public PrintWriter output() {
    return command().commandLine().getOut();
  }

  public PrintWriter errors() {
    return command().commandLine().getErr();
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec);
  }
}
