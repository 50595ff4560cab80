package dev.cairn.capture;

import dev.cairn.TestGuests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One of QEMU's own plugins, run on a guest exactly as [Capture] runs it, to testify to a number.
public final class Witness {
  private static final Pattern INSTRUCTIONS = Pattern.compile("total insns: (\\d+)");
  private static final Pattern ACCESSES = Pattern.compile("mem accesses: (\\d+)");

  private Witness() {}

  /// {@return instructions begun in the guest's first process, those that faulted included}
  ///
  /// @param input what the guest reads, null for nothing
  public static long instructions(GuestCommand command, @Nullable Path input)
      throws IOException, InterruptedException {
    return last(INSTRUCTIONS, testimony(command, input, "libinsn.so,inline=on"));
  }

  /// {@return loads that reached memory}
  public static long loads(GuestCommand command, @Nullable Path input)
      throws IOException, InterruptedException {
    return last(ACCESSES, testimony(command, input, "libmem.so,inline=on,track=r"));
  }

  /// {@return stores that reached memory, but for those of DC ZVA, which QEMU's plugins don't see}
  public static long stores(GuestCommand command, @Nullable Path input)
      throws IOException, InterruptedException {
    return last(ACCESSES, testimony(command, input, "libmem.so,inline=on,track=w"));
  }

  /// {@return what a plugin wrote to QEMU's log}
  ///
  /// @param plugin its file in the witnesses' folder, with its options
  public static String testimony(GuestCommand command, @Nullable Path input, String plugin)
      throws IOException, InterruptedException {
    String text = run(command, input, plugin);
    if (text.isEmpty()) {
      throw new IllegalStateException(plugin + " has nothing to say of " + command);
    }
    return text;
  }

  /// Runs a plugin that may write elsewhere.
  ///
  /// @return what it wrote to QEMU's log
  public static String run(GuestCommand command, @Nullable Path input, String plugin)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("cairn-witness", ".log");
    try {
      Path from = input == null ? Path.of("/dev/null") : input;
      ProcessBuilder builder = command.process(null, new StandardStreams(from, true));
      List<String> line = new ArrayList<>(builder.command());
      line.addAll(
          1,
          List.of(
              "-plugin",
              TestGuests.witnesses().resolve(plugin).toString(),
              "-d",
              "plugin",
              "-D",
              log.toString()));
      builder.command(line).start().waitFor();
      return Files.readString(log);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  /// {@return the last number, as children that were forked end before their parent}
  private static long last(Pattern pattern, String text) {
    long number = -1;
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      number = Long.parseLong(matcher.group(1));
    }
    if (number < 0) {
      throw new IllegalStateException("no " + pattern + " in: " + text);
    }
    return number;
  }
}
