package dev.cairn.study.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InheritedEnvironmentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "XZ_OPT", "KEYS"})
  void passesOnWhatMayMatterToAProgram(String name) {
    assertThat(InheritedEnvironment.of(Map.of(name, "x"))).containsEntry(name, "x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_",
        "PWD",
        "OLDPWD",
        "SHLVL",
        "SSH_CLIENT",
        "SSH_TTY",
        "WINDOWID",
        "TERM_SESSION_ID",
        "TMUX_PANE",
        "SLURM_JOB_ID"
      })
  void leavesOutWhatSaysWhereAndWhenAShellWasStarted(String name) {
    assertThat(InheritedEnvironment.of(Map.of(name, "x"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAIRN_PROBE", "QEMU_LD_PREFIX", "QEMU_CPU", "QEMU_LOG"})
  void leavesOutWhatIsForTheLauncherAndForQemu(String name) {
    assertThat(InheritedEnvironment.of(Map.of(name, "x"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "DB_PASSWORD", "API_KEY", "https_proxy"})
  void leavesOutWhatLooksLikeASecret(String name) {
    assertThat(InheritedEnvironment.of(Map.of(name, "x"))).isEmpty();
  }

  @Test
  void tellsWhichVariablesDiffer() {
    assertThat(
            InheritedEnvironment.differences(
                Map.of("A", "1", "B", "1", "D", "1"), Map.of("A", "1", "B", "2", "C", "1")))
        .containsExactly("B", "C", "D");
  }
}
