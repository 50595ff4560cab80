package dev.cairn.program.call.strace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.program.call.DataFile;
import dev.cairn.program.call.RecordedCall;
import dev.cairn.program.call.SystemCallResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Compares [StraceText] with what QEMU itself prints.
@Tag("qemu")
final class StraceWitnessTest {
  @Test
  void printsEveryCallOfAGuestThatRecordsWhatItDoes(@TempDir Path folder) throws Exception {
    StraceText text = new StraceText();
    List<String> expected = new ArrayList<>();
    List<String> printed = new ArrayList<>();
    for (RecordedCall each : RecordedCall.run(folder)) {
      expected.add(each.line());
      printed.add(
          each.signal() != 0
              ? text.signal(each.signal(), each.information())
              : text.line(each.call(), each.result()));
    }
    assertThat(printed).hasSizeGreaterThan(700).isEqualTo(expected);
  }

  /// Formats that the guest can't try: the calls end it, or QEMU, or change the machine.
  private static final Set<String> NOT_TRIED =
      Set.of(
          "exit",
          "exit_group",
          "fspick",
          "reboot",
          "rt_sigreturn",
          "set_tid_address",
          "setregid",
          "setresgid",
          "setreuid",
          "setsid",
          "sync",
          "vhangup");

  @Test
  void triesEveryFormatThatQemuHas(@TempDir Path folder) throws Exception {
    Set<String> tried = new TreeSet<>(NOT_TRIED);
    for (RecordedCall each : RecordedCall.run(folder)) {
      tried.add(each.line().replaceFirst("\\(.*", ""));
    }
    for (String line : DataFile.entries(StraceText.class, "qemu.formats")) {
      assertThat(tried).contains(line.replaceFirst(" .*", ""));
    }
  }

  /// What each of Debian's programs is given to do, with one thread, as lines of several mix.
  static List<List<String>> debianPrograms() {
    return List.of(
        List.of("xz", "-9", "-k", "words.txt"),
        List.of("bzip2", "-9", "-k", "words.txt"),
        List.of("gzip", "-9", "-k", "words.txt"),
        List.of("zstd", "-9", "-q", "--single-thread", "--no-asyncio", "words.txt"),
        List.of("lua5.4", "-e", "for line in io.lines('words.txt') do io.write(line, '|') end"),
        List.of("sqlite3", "new.db", "create table t(a); insert into t values(1), (2)"),
        List.of("perl", "-ne", "$n += length; END { print \"$n\\n\"; warn 'end' }", "words.txt"),
        List.of("gawk", "{ n += NF } END { print n; close(\"none\") }", "words.txt"));
  }

  /// Registers are rebuilt from the line, so this holds names against names and form against form.
  @ParameterizedTest
  @MethodSource("debianPrograms")
  void printsALineOfDebiansProgramsFromItsNumbers(List<String> work, @TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("words.txt"), "some words in a line\n".repeat(20_000));
    List<String> command =
        new ArrayList<>(
            List.of(
                "-L",
                TestGuests.sysroot().toString(),
                TestGuests.debian(work.getFirst()).toString()));
    command.addAll(work.subList(1, work.size()));
    StraceText text = new StraceText();
    List<String> lines = RecordedCall.strace(folder, folder.resolve("output"), command);
    List<String> printed = new ArrayList<>();
    for (String line : lines) {
      StraceLine parsed = StraceLine.parse(line);
      SystemCallResult result = parsed.result();
      printed.add(result == null ? text.entry(parsed.call()) : text.line(parsed.call(), result));
    }
    assertThat(printed).hasSizeGreaterThan(50).isEqualTo(lines);
  }
}
