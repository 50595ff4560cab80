package dev.cairn.cli;

import picocli.CommandLine.IVersionProvider;

/// Cairn's version, from the jar's manifest.
final class Version implements IVersionProvider {
  /// {@return as "0.1.0", or "development" when not run from the jar}
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"cairn " + number()};
  }
}
