package dev.cairn.report;

import java.util.List;

/// The names of Linux's signals, as most architectures number them.
public final class Signals {
  private static final List<String> NAMES =
      List.of(
          "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
          "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU",
          "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");

  private Signals() {}

  /// {@return as "signal 11 (SEGV)"}
  public static String name(int signal) {
    return signal > 0 && signal < NAMES.size()
        ? "signal " + signal + " (" + NAMES.get(signal) + ")"
        : "signal " + signal;
  }
}
