package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.capture.StreamContents;
import dev.cairn.cli.option.GuestOptions;
import dev.cairn.cli.option.OutputOptions;
import dev.cairn.cli.option.ScopeOptions;
import dev.cairn.cli.option.TableOptions;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.FlowRun;
import dev.cairn.profile.syscall.CallSummary;
import dev.cairn.profile.syscall.MadeCall;
import dev.cairn.profile.syscall.MemoryPlan;
import dev.cairn.profile.syscall.SystemCallAnalysis;
import dev.cairn.profile.syscall.SystemCallProfile;
import dev.cairn.program.call.DecodedText;
import dev.cairn.program.call.SystemCallResult;
import dev.cairn.program.call.SystemCallTable;
import dev.cairn.program.call.SystemCallText;
import dev.cairn.program.call.strace.StraceText;
import dev.cairn.report.flow.SystemCallReport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Shows a run's system calls.
final class SyscallsCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  private final GuestOptions guest = new GuestOptions();
  private final ScopeOptions scope = new ScopeOptions();
  private final OutputOptions output = new OutputOptions();
  private final TableOptions<SystemCallReport.Order> table =
      new TableOptions<>(SystemCallReport.Order.class, List.of());

  private final OptionSpec lines =
      OptionSpec.builder("--lines")
          .paramLabel("FILE")
          .type(String.class)
          .description("Write a line for each call as it is made; - is standard output.")
          .build();

  private final OptionSpec qemu =
      OptionSpec.builder("--qemu")
          .type(Boolean.class)
          .initialValue(false)
          .description("Write the lines as QEMU's own -strace does, without the counts.")
          .build();

  /// {@return the command as it is documented and parsed}
  CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(
            "Runs a program and shows its system calls: how many of each kind, how many gave an"
                + " error, and what was executed between them; or each of them, with an instruction"
                + " count for a clock.",
            "")
        .footer(
            "",
            "Examples:",
            "  cairn syscalls -- ./program                  like strace -c",
            "  cairn syscalls --lines calls.txt -- ./program",
            "  cairn syscalls --lines - -- ./program | grep openat",
            "",
            "A line has the thread, the instructions that it had executed, and those since its last"
                + " call, in front of the call.",
            "",
            ExitStatus.help("docs/syscalls.md"));
    guest.addTo(spec);
    scope.addTo(spec);
    output.addTo(spec);
    table.addTo(spec);
    spec.addOption(lines).addOption(qemu);
    return spec;
  }

  @Override
  public Integer call() throws CaptureException, IOException {
    output.check();
    table.check(output);
    String file = lines.getValue();
    if (file != null && !file.equals(STANDARD_OUTPUT)) {
      output.checkWritable("--lines", Path.of(file));
    }
    SystemCallTable calls = SystemCallTable.aarch64Linux();
    MemoryPlan plan = new MemoryPlan(calls);
    try (LineWriter writer = LineWriter.open(file, qemu.<Boolean>getValue())) {
      SystemCallAnalysis analysis = new SystemCallAnalysis(calls, plan, writer::write);
      FlowRun run = new FlowRun(guest, scope, output);
      int status =
          run.follow(List.of(analysis), StreamContents.NOTHING.withSystemCalls(plan.fetches()));
      report(analysis.result());
      run.printEnd();
      writer.check();
      return status;
    }
  }

  private void report(SystemCallProfile profile) throws IOException {
    SystemCallReport.Order order = table.order(output);
    output
        .errors()
        .print(
            SystemCallReport.text(profile, SystemCallReport.first(profile, order, table.shown())));
    output.errors().flush();
    List<CallSummary> written = SystemCallReport.first(profile, order, table.written());
    table.writeCsv(output, () -> SystemCallReport.csv(written));
    output.write(SystemCallReport.json(profile, written));
  }

  /// Writes a line for each call. Texts hold the guest's bytes, one a character.
  private static final class LineWriter implements AutoCloseable {
    private final @Nullable PrintStream out;
    private final String name;
    private final boolean likeQemu;
    private final SystemCallText text;

    private LineWriter(@Nullable PrintStream out, String name, boolean likeQemu) {
      this.out = out;
      this.name = name;
      this.likeQemu = likeQemu;
      text = likeQemu ? new StraceText() : new DecodedText();
    }

    static LineWriter open(@Nullable String file, boolean likeQemu) throws IOException {
      if (file == null) {
        return new LineWriter(null, "", likeQemu);
      }
      PrintStream out =
          file.equals(STANDARD_OUTPUT)
              ? new PrintStream(System.out, false, StandardCharsets.ISO_8859_1)
              : new PrintStream(
                  new BufferedOutputStream(Files.newOutputStream(Path.of(file))),
                  false,
                  StandardCharsets.ISO_8859_1);
      return new LineWriter(out, file, likeQemu);
    }

    void write(MadeCall made) {
      if (out == null) {
        return;
      }
      if (!likeQemu) {
        out.print(
            String.format(
                Locale.ROOT, "%d %,d +%,d ", made.thread(), made.instructions(), made.sinceLast()));
      }
      SystemCallResult result = made.result();
      out.print(text.entry(made.call()));
      out.print(result == null ? "" : text.result(made.call(), result));
      out.print('\n');
    }

    /// @throws IOException if not all could be written
    void check() throws IOException {
      if (out != null && out.checkError() && !name.equals(STANDARD_OUTPUT)) {
        throw new IOException(name + ": could not be written; is the disk full?");
      }
    }

    @Override
    public void close() {
      if (out != null && !name.equals(STANDARD_OUTPUT)) {
        out.close();
      }
    }
  }
}
