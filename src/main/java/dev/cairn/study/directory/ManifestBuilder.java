package dev.cairn.study.directory;

import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.RestoredGuest;
import dev.cairn.study.guest.GuestInput;
import dev.cairn.study.scope.AskedScope;
import dev.cairn.timing.CoreConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Looks at everything that a study's results depend on.
public final class ManifestBuilder {
  /// Files above this are told apart by their length alone.
  private static final long MOST_HASHED_BYTES = 1L << 30;

  private ManifestBuilder() {}

  /// Hashes the program, its inputs and QEMU. Of a checkpoint the program's hash is that of the
  /// executable that restores it, which holds all.
  ///
  /// @param version of Cairn
  /// @param inherited what the guest is to find of this process's variables
  public static Manifest of(
      String version,
      GuestCommand command,
      Map<String, String> inherited,
      GuestInput input,
      CoreConfiguration core,
      StudyOptions options)
      throws IOException {
    Path directory =
        command.workingDirectory() == null
            ? Path.of("").toAbsolutePath()
            : command.workingDirectory().toAbsolutePath();
    RestoredGuest restored = command.restored();
    return new Manifest(
        Manifest.FORMAT,
        Manifest.VERSION,
        version,
        sha256(command.qemu()),
        command.name(),
        sha256(directory.resolve(command.program())),
        restored == null ? command.arguments() : rest(restored.program()),
        inputs(directory, command.arguments()),
        input.file() == null ? null : sha256(input.file()),
        command.cpu(),
        command.sysroot() == null ? null : command.sysroot().toString(),
        new TreeMap<>(inherited),
        new TreeMap<>(command.environment()),
        restored == null ? directory.toString() : "",
        core.name(),
        sha256(core.toString().getBytes(StandardCharsets.UTF_8)),
        options.intervalInstructions(),
        options.maxRegions(),
        options.warmupInstructions(),
        options.seed(),
        AskedScope.of(options.scope().asked()));
  }

  /// {@return the manifest of the same study with another core}
  static Manifest withCore(
      Manifest study, String version, GuestCommand command, CoreConfiguration core)
      throws IOException {
    return new Manifest(
        study.format(),
        study.version(),
        version,
        sha256(command.qemu()),
        study.program(),
        study.programSha256(),
        study.arguments(),
        study.inputs(),
        study.standardInputSha256(),
        study.cpu(),
        study.sysroot(),
        study.inheritedEnvironment(),
        study.environment(),
        study.workingDirectory(),
        core.name(),
        sha256(core.toString().getBytes(StandardCharsets.UTF_8)),
        study.intervalInstructions(),
        study.maxRegions(),
        study.warmupInstructions(),
        study.seed(),
        study.scope());
  }

  private static List<String> rest(List<String> line) {
    return line.subList(1, line.size());
  }

  private static List<Manifest.Input> inputs(Path directory, List<String> arguments)
      throws IOException {
    List<Manifest.Input> inputs = new ArrayList<>();
    for (String argument : arguments) {
      Path path = pathOf(directory, argument);
      if (path != null && Files.isRegularFile(path) && Files.isReadable(path)) {
        long bytes = Files.size(path);
        inputs.add(
            new Manifest.Input(argument, bytes, bytes > MOST_HASHED_BYTES ? null : sha256(path)));
      }
    }
    return inputs;
  }

  private static @Nullable Path pathOf(Path directory, String argument) {
    try {
      return argument.isEmpty() ? null : directory.resolve(argument);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /// {@return the hash of a file, in hexadecimal digits}
  public static String sha256(Path path) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(path)) {
      int count = in.read(buffer);
      while (count >= 0) {
        digest.update(buffer, 0, count);
        count = in.read(buffer);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
