package dev.cairn.study.directory;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.cairn.study.scope.AskedScope;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a study is a study of: all that its results depend on.
///
/// @param format always "cairn-study"
/// @param version of the directory's layout
/// @param cairn the version of Cairn
/// @param qemuSha256 of the QEMU executable
/// @param program its path as given
/// @param programSha256 of its file
/// @param arguments behind the program's name
/// @param inputs files named by arguments, with their hashes
/// @param standardInputSha256 of what the guest reads, or null if it is a terminal or nothing
/// @param cpu QEMU's CPU model
/// @param sysroot or null
/// @param inheritedEnvironment what the guest finds of the caller's variables, see
///   [InheritedEnvironment]
/// @param environment variables set for the guest beyond the inherited ones
/// @param workingDirectory where the guest starts
/// @param core the core file's name
/// @param coreSha256 of its parsed contents
/// @param intervalInstructions as asked for, 0 if the study chooses
/// @param maxRegions as asked for
/// @param warmupInstructions as asked for
/// @param seed as asked for
/// @param scope the part of the run that is studied, as asked for; null for all
@JsonPropertyOrder({"format", "version"})
public record Manifest(
    String format,
    int version,
    String cairn,
    String qemuSha256,
    String program,
    String programSha256,
    List<String> arguments,
    List<Input> inputs,
    @Nullable String standardInputSha256,
    String cpu,
    @Nullable String sysroot,
    Map<String, String> inheritedEnvironment,
    Map<String, String> environment,
    String workingDirectory,
    String core,
    String coreSha256,
    long intervalInstructions,
    int maxRegions,
    long warmupInstructions,
    long seed,
    @Nullable AskedScope scope) {
  static final String FORMAT = "cairn-study";
  static final int VERSION = 1;

  public Manifest {
    inheritedEnvironment =
        Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(inheritedEnvironment)));
  }

  /// {@return the same study, begun from another environment}
  Manifest inheriting(Map<String, String> variables) {
    return new Manifest(
        format,
        version,
        cairn,
        qemuSha256,
        program,
        programSha256,
        arguments,
        inputs,
        standardInputSha256,
        cpu,
        sysroot,
        variables,
        environment,
        workingDirectory,
        core,
        coreSha256,
        intervalInstructions,
        maxRegions,
        warmupInstructions,
        seed,
        scope);
  }

  /// A file that an argument names.
  ///
  /// @param sha256 of its contents, or null if it is larger than is read for this
  public record Input(String path, long bytes, @Nullable String sha256) {}
}
