package dev.cairn.cli;

import dev.cairn.capture.CaptureException;
import dev.cairn.cli.run.ExitStatus;
import dev.cairn.cli.run.Interruption;
import dev.cairn.event.FormatException;
import dev.cairn.program.GuestProgramException;
import dev.cairn.study.directory.StudyException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// The program: runs one command and gives its exit status.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    StandardOutput output = StandardOutput.install();
    int status = run(args, System.out, System.err);
    System.out.flush();
    String complaint = output.complaint();
    if (complaint != null) {
      System.err.println("cairn: " + complaint);
      status = ExitStatus.FAILED;
    }
    System.err.flush();
    Interruption.mainIsDone();
    System.exit(status);
  }

  /// Runs one command.
  ///
  /// @param args the command line, the command's name first
  /// @param output where results go that were asked for there
  /// @param errorOutput where reports, progress and complaints go
  /// @return the exit status
  public static int run(String[] args, PrintStream output, PrintStream errorOutput) {
    CommandLine line = configured(args.length == 0 ? Cairn.withAll() : Cairn.with(args[0]));
    line.setOut(writer(output));
    line.setErr(writer(errorOutput));
    int status = status(line, args);
    line.getOut().flush();
    line.getErr().flush();
    return status;
  }

  private static int status(CommandLine line, String[] args) {
    try {
      return line.execute(args);
    } catch (OutOfMemoryError _) {
      line.getErr()
          .printf(
              "cairn: this takes more memory than there is: Java has %,d MiB%n",
              Runtime.getRuntime().maxMemory() >> 20);
      return ExitStatus.FAILED;
    }
  }

  /// {@return the whole command line, as it is parsed, documented and completed}
  static CommandLine commandLine() {
    return configured(Cairn.withAll());
  }

  private static CommandLine configured(CommandLine line) {
    line.setExpandAtFiles(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100);
    line.setUsageHelpLongOptionsMaxWidth(30);
    line.setExitCodeExceptionMapper(Main::statusOf);
    line.setExecutionExceptionHandler(Main::failed);
    line.setParameterExceptionHandler(Main::misused);
    return line;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter errors = command.getErr();
    errors.println("cairn: " + String.valueOf(e.getMessage()).replace("option option", "option"));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, errors);
    errors.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitStatus.USAGE;
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
    PrintWriter errors = command.getErr();
    errors.println("cairn: " + message(e));
    Cairn root = (Cairn) command.getCommandSpec().root().userObject();
    if (root.showsStackTrace()) {
      e.printStackTrace(errors);
    }
    return statusOf(e);
  }

  private static int statusOf(Throwable e) {
    return switch (e) {
      case ParameterException _ -> ExitStatus.USAGE;
      case CaptureException _ -> ExitStatus.GUEST_FAILED;
      case GuestProgramException _ -> ExitStatus.GUEST_FAILED;
      case FormatException _ -> ExitStatus.BAD_INPUT;
      case NoSuchFileException _ -> ExitStatus.BAD_INPUT;
      default -> ExitStatus.FAILED;
    };
  }

  /// {@return one line that says what happened}
  private static String message(Exception e) {
    String text = e.getMessage();
    return switch (e) {
      case NoSuchFileException _ -> text + ": no such file or directory";
      case AccessDeniedException _ -> text + ": permission denied";
      case FileAlreadyExistsException _ -> text + ": exists already";
      case NotDirectoryException _ -> text + ": not a directory";
      case FileSystemException _ -> String.valueOf(text);
      case CaptureException _, StudyException _, IOException _, IllegalArgumentException _
          when text != null ->
          text;
      default -> e + " (this is a bug; --stacktrace shows where)";
    };
  }
}
