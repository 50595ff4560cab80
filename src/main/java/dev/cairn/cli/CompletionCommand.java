package dev.cairn.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/// Prints the script by which a shell completes Cairn's command lines.
final class CompletionCommand implements Runnable {
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  CommandSpec spec() {
    spec.usageMessage()
        .description(
            "Prints a script by which bash or zsh completes Cairn's commands and options.", "")
        .footer(
            "",
            "Examples:",
            "  source <(cairn completion)                     bash, for this shell",
            "  cairn completion > ~/.local/share/bash-completion/completions/cairn",
            "  autoload -U +X bashcompinit && bashcompinit && source <(cairn completion)    zsh",
            "",
            "Exit status: 0.");
    return spec;
  }

  @Override
  public void run() {
    spec.commandLine().getOut().print(AutoComplete.bash("cairn", Cairn.withAll()));
  }
}
