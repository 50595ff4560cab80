package dev.cairn.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the script by which a shell completes Cairn's command lines.
@Command(
    name = "completion",
    description = {
      "Prints a script by which bash or zsh completes Cairn's commands and options.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  source <(cairn completion)                     bash, for this shell",
      "  cairn completion > ~/.local/share/bash-completion/completions/cairn",
      "  autoload -U +X bashcompinit && bashcompinit && source <(cairn completion)    zsh",
      "",
      "Exit status: 0."
    })
final class CompletionCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    CommandSpec self = Objects.requireNonNull(spec);
    self.commandLine().getOut().print(AutoComplete.bash("cairn", self.root().commandLine()));
  }
}
