package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Golden;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.run.ExitStatus;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class UsageTest {
  @Test
  void saysWhatItIs() throws Exception {
    Launcher.Result result = Launcher.run("--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.errorOutput()).isEmpty();
    Golden.check("dev/cairn/cli/help.txt", result.output());
  }

  @Test
  void teachesStat() throws Exception {
    Golden.check("dev/cairn/cli/stat-help.txt", Launcher.run("stat", "--help").output());
  }

  static Set<String> commands() {
    return Main.commandLine().getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpsWithEachCommand(String command) {
    Launcher.Result result = Launcher.run(command, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).startsWith("Usage: cairn " + command).contains("--stacktrace");
    assertThat(result.output().lines()).allMatch(line -> line.length() <= 100);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void isTheSameCommandAloneAsAmongAll(String command) {
    CommandLine alone = Cairn.with(command);
    assertThat(alone.getSubcommands()).containsOnlyKeys(command);
    assertThat(usage(alone, command)).isEqualTo(usage(Cairn.withAll(), command));
  }

  private static String usage(CommandLine line, String command) {
    return Objects.requireNonNull(line.getSubcommands().get(command)).getUsageMessage();
  }

  @Test
  void givesItsVersion() {
    assertThat(Launcher.run("--version").output()).startsWith("cairn ");
  }

  @Test
  void wantsACommand() {
    Launcher.Result result = Launcher.run();
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: a command is missing");
  }

  @Test
  void hintsAtTheCommandThatWasMeant() {
    Launcher.Result result = Launcher.run("stta");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: ").contains("cairn stat");
  }

  @Test
  void hintsAtTheOptionThatWasMeant() {
    Launcher.Result result = Launcher.run("stat", "--sysrot", "x", "--", "prog");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput())
        .startsWith("cairn: Unknown option: '--sysrot'")
        .contains("--sysroot")
        .contains("Try 'cairn stat --help'.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stat",
        "stat --",
        "stat --cpu",
        "stat --compare-runs x -- prog",
        "stat --compare-runs 0 -- prog",
        "stat --env NAME -- prog",
        "profile --interval 0 -o x -- prog",
        "profile --interval 10X -o x -- prog",
        "profile --vectors edges -o x -- prog",
        "profile --vectors loops, -o x -- prog",
        "select --vectors loops vectors.bb",
        "select --vectors functions,loops x",
        "select --max-regions 1 vectors.bb",
        "select --max-clusters 0 vectors.bb",
        "select --warmup -1 vectors.bb",
        "time --warmup -1 -- prog",
        "time --from -1k -- prog",
        "time --length 0 -- prog",
        "time --thread -1 -- prog",
        "trace",
        "trace -- prog",
        "trace -o x",
        "trace --chunk 0 -o x -- prog",
        "trace --chunk 2G -o x -- prog",
        "checkpoint",
        "checkpoint --at 1 -- prog",
        "checkpoint --at 1 -o x",
        "checkpoint --at :3 -o x -- prog",
        "checkpoint -o x -- prog",
        "checkpoint info",
        "checkpoint export x",
        "checkpoint import -o x",
        "checkpoint gc",
        "restore",
        "trace info",
        "trace dump --length 0 x",
        "trace dump --thread -1 x",
        "trace cut x",
        "trace export --to parquet -o /dev/null x",
        "checkpoint export --elf /dev/null x/at-1",
        "checkpoint export --core /dev/null x/at-1",
        "study --interval 0 -- prog",
        "study --interval 9999999999G -- prog",
        "study --interval 10G -- prog",
        "study --jobs 0 -- prog",
        "study --max-regions 1 -- prog",
        "study --warmup -1 -- prog",
        "study --seed x -- prog"
      })
  void refusesWhatIsNoCommandLine(String line) {
    Launcher.Result result = Launcher.run(line.split(" ", -1));
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: ");
    assertThat(result.output()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--output"})
  void refusesAFileThatCouldNotBeWrittenBeforeAnythingRuns(String option) {
    Launcher.Result result = Launcher.run("stat", option, "/no/such/folder/file", "--", "prog");
    assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.errorOutput()).startsWith("cairn: " + option + " /no/such/folder/file: ");
  }

  @Test
  void namesASizeAsItWasGiven() {
    for (String option : new String[] {"--line", "--page"}) {
      Launcher.Result result = Launcher.run("locality", option, "4G", "--", "prog");
      assertThat(result.exitCode()).isEqualTo(ExitStatus.USAGE);
      assertThat(result.errorOutput())
          .startsWith("cairn: %s must be below 2G: 4294967296\n".formatted(option));
    }
    assertThat(
            Launcher.run("cache", "--physical", "random", "--page", "4G", "--", "prog")
                .errorOutput())
        .startsWith("cairn: --page must be below 2G: 4294967296\n");
  }

  @Test
  void saysOnceThatAnOptionIsOne() {
    assertThat(Launcher.run("stat", "--env", "NAME", "--", "prog").errorOutput())
        .startsWith("cairn: Value for option '--env' (NAME=VALUE) should be");
  }

  @ParameterizedTest
  @CsvSource({
    "--export=folded, 'folded: give FORMAT=FILE, as callgrind=FILE'",
    "--export=folded=, 'folded=: give FORMAT=FILE, as callgrind=FILE'",
    "--export==x, '=x: give FORMAT=FILE, as callgrind=FILE'",
    "--export=svg=x, 'svg: no such format; there are callgrind, folded, perfetto, dot'",
    "--export=dot=x --export=dot=-, dot: is given twice"
  })
  void saysWhatIsWrongWithAnExport(String options, String complaint) {
    String[] line = ("calls " + options + " -- prog").split(" ", -1);
    assertThat(Launcher.run(line).errorOutput()).startsWith("cairn: --export " + complaint + "\n");
  }

  @Test
  void leavesEverythingBehindTheProgramToIt() throws Exception {
    for (String[] line :
        new String[][] {
          {"stat", "--cpu", "max", "prog", "--cpu", "a53", "-h", "@file", "--", "-x"},
          {"stat", "--cpu", "max", "--", "prog", "--cpu", "a53", "-h", "@file", "--", "-x"}
        }) {
      CommandLine command =
          Main.commandLine().parseArgs(line).subcommand().commandSpec().commandLine();
      GuestOptions guest =
          (GuestOptions)
              Objects.requireNonNull(command.getCommandSpec().mixins().get("guest")).userObject();
      assertThat(guest.program())
          .containsExactly("prog", "--cpu", "a53", "-h", "@file", "--", "-x");
    }
  }

  @Test
  void keepsWhatStandsBehindTheFirstEqualsSignOfAVariable() {
    CommandLine command =
        Main.commandLine()
            .parseArgs("stat", "--env", "A=b=c,d", "--env", "E=", "prog")
            .subcommand()
            .commandSpec()
            .commandLine();
    assertThat(command.getCommandSpec().findOption("--env").<Map<String, String>>getValue())
        .containsExactly(Map.entry("A", "b=c,d"), Map.entry("E", ""));
  }

  @Test
  void completesItsOptions() {
    String script = Launcher.run("completion").output();
    assertThat(script).startsWith("#!/usr/bin/env bash").contains("--counts-only", "doctor");
  }

  @Test
  void showsWhereAnErrorCameFromWhenAsked() {
    String[] line = {"stat", "--", "/no/such/program"};
    assertThat(Launcher.run(line).errorOutput().lines()).hasSize(1);
    assertThat(Launcher.run("--stacktrace", "stat", "--", "/no/such/program").errorOutput())
        .contains("\tat dev.cairn.");
    assertThat(Launcher.run("stat", "--stacktrace", "--", "/no/such/program").errorOutput())
        .contains("\tat dev.cairn.");
  }
}
