package dev.cairn.cli.run;

import dev.cairn.capture.GuestEnd;

/// What Cairn's own exit status means, and how a guest's becomes Cairn's.
public final class ExitStatus {
  public static final int FINE = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int BAD_INPUT = 3;
  public static final int GUEST_FAILED = 4;

  /// What a shell reports for a command that Ctrl-C ended.
  public static final int INTERRUPTED = 130;

  /// What a shell reports for a command that signal N killed, less N.
  private static final int SIGNAL = 128;

  private ExitStatus() {}

  /// {@return what the help of a command that passes the guest's status on says of it}
  ///
  /// @param page the command's, as "docs/calls.md"
  public static String help(String page) {
    return "The exit status is the program's own; Cairn's own are 1 failed, 2 usage, 3 bad input"
        + " file, 4 the program could not run. More: "
        + page
        + ".";
  }

  /// {@return the status that passes a guest's end on}
  public static int of(GuestEnd end) {
    return switch (end) {
      case GuestEnd.Exited exited -> exited.status();
      case GuestEnd.Killed killed -> SIGNAL + killed.signal();
      case GuestEnd.Replaced replaced -> replaced.status();
      case GuestEnd.Left _, GuestEnd.Stopped _ -> FINE;
      case GuestEnd.Lost lost -> lost.status() > SIGNAL ? lost.status() : GUEST_FAILED;
    };
  }
}
