package dev.cairn.study.guest;

import dev.cairn.capture.GuestCommand;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which of the caller's variables the guest of a study finds.
///
/// A guest has its variables on its stack, so one more, or a longer one, makes it execute other
/// instructions. What says where and when a shell was started is left out: two terminals then give
/// one study. What looks like a secret is left out too, as the manifest holds the rest. All else
/// may matter to a program and is passed on. Also in docs/study.md.
public final class InheritedEnvironment {
  /// Of the shell, the session and the terminal.
  private static final Set<String> OF_A_SESSION =
      Set.of(
          "_",
          "COLORTERM",
          "COLUMNS",
          "DBUS_SESSION_BUS_ADDRESS",
          "DESKTOP_STARTUP_ID",
          "DISPLAY",
          "GPG_AGENT_INFO",
          "GPG_TTY",
          "HOSTNAME",
          "INVOCATION_ID",
          "JOURNAL_STREAM",
          "LINES",
          "MAIL",
          "OLDPWD",
          "PWD",
          "SESSION_MANAGER",
          "SHLVL",
          "STY",
          "SYSTEMD_EXEC_PID",
          "TERM",
          "VTE_VERSION",
          "WAYLAND_DISPLAY",
          "WINDOW",
          "WINDOWID",
          "WINDOWPATH",
          "XAUTHORITY",
          "XDG_RUNTIME_DIR",
          "XDG_SEAT",
          "XDG_VTNR");

  /// Of sessions, terminals and jobs of batch systems, by how their names begin.
  private static final List<String> FAMILIES =
      List.of(
          "ALACRITTY_",
          "GNOME_TERMINAL_",
          "ITERM_",
          "KITTY_",
          "KONSOLE_",
          "LSB_",
          "PBS_",
          "SGE_",
          "SLURM",
          "SSH_",
          "SUDO_",
          "TERM_",
          "TMUX",
          "VSCODE_",
          "WEZTERM_",
          "XDG_SESSION_",
          "ZELLIJ");

  private static final List<String> IN_NAMES_OF_SECRETS =
      List.of("TOKEN", "SECRET", "PASSW", "CREDENTIAL");
  private static final List<String> ENDS_OF_NAMES_OF_SECRETS = List.of("_KEY", "_PROXY");

  private InheritedEnvironment() {}

  /// {@return those of the variables that the guest of a study finds}
  public static SortedMap<String, String> of(Map<String, String> variables) {
    SortedMap<String, String> kept = new TreeMap<>();
    variables.forEach((name, value) -> {
      if (isPassedOn(name)) {
        kept.put(name, value);
      }
    });
    return kept;
  }

  private static boolean isPassedOn(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return !GuestCommand.isForTheHost(name)
        && !OF_A_SESSION.contains(name)
        && FAMILIES.stream().noneMatch(name::startsWith)
        && IN_NAMES_OF_SECRETS.stream().noneMatch(upper::contains)
        && ENDS_OF_NAMES_OF_SECRETS.stream().noneMatch(upper::endsWith);
  }

  /// {@return the names of the variables that only one of both has, or that differ}
  public static Set<String> differences(Map<String, String> one, Map<String, String> other) {
    Set<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    names.removeIf(name -> Objects.equals(one.get(name), other.get(name)));
    return names;
  }
}
