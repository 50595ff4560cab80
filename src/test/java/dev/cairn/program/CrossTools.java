package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The cross compiler and GNU binutils, run in a folder.
///
/// @param folder where they work
public record CrossTools(Path folder) {
  /// Writes source files.
  ///
  /// @param sources contents by path below the folder
  public CrossTools write(Map<String, String> sources) throws IOException {
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path path = folder.resolve(source.getKey());
      Path parent = path.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(path, source.getValue());
    }
    return this;
  }

  /// Runs a tool, as `run("gcc", "-O2 a.c -o a")`.
  ///
  /// @param arguments apart by spaces
  /// @return what it printed
  public String run(String tool, String arguments) throws IOException, InterruptedException {
    return run(tool, arguments, "");
  }

  /// Runs a tool that reads something.
  String run(String tool, String arguments, String input) throws IOException, InterruptedException {
    String compiler = System.getenv("CAIRN_CROSS_CC");
    if (compiler == null) {
      throw new IllegalStateException("CAIRN_CROSS_CC is not set; run the tests by ./test");
    }
    List<String> command = new ArrayList<>();
    command.add(compiler.substring(0, compiler.lastIndexOf("gcc")) + tool);
    command.addAll(Arrays.asList(arguments.split(" ", -1)));
    File in = Files.writeString(folder.resolve(".input"), input).toFile();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(in)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return output;
  }
}
