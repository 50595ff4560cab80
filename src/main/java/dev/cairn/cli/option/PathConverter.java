package dev.cairn.cli.option;

import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/// Reads a path on the host.
public final class PathConverter implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    return Path.of(text);
  }
}
