package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.TestGuests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher `./cairn` of a copy of the repository, with a Maven that writes down that it was
/// asked and a Java that prints what it was started with.
@Timeout(60)
final class LauncherScriptTest {
  private static final String RELEASE = "JAVA_VERSION=\"25.0.1\"\n";

  @TempDir Path folder;
  private Path clone = Path.of("");
  private Path source = Path.of("");
  private Path jdk = Path.of("");
  private Path builds = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    clone = Files.createDirectory(folder.resolve("clone"));
    for (String part : List.of("cairn", "scripts", "probe", "pom.xml")) {
      TestGuests.run(List.of("cp", "-r", part, clone.toString()));
    }
    source = Files.createDirectories(clone.resolve("src/main/java/a")).resolve("A.java");
    Files.writeString(source, "class A {}");
    jdk = jdk("jdk", "cat /proc/$$/environ");
    builds = Files.createFile(folder.resolve("builds"));
    script(folder.resolve("bin/mvn"), "echo built >>" + builds + "; touch " + jar());
  }

  private Path jar() {
    return clone.resolve("target/cairn.jar");
  }

  private Path jdk(String name, String java) throws IOException {
    Path home = folder.resolve(name);
    script(home.resolve("bin/java"), java);
    script(home.resolve("bin/javac"), "true");
    Files.writeString(home.resolve("release"), RELEASE);
    return home;
  }

  private static void script(Path path, String command) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + command + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<String, String> environment(Path javaHome) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    environment.put("HOME", folder.toString());
    environment.put("JAVA_HOME", javaHome.toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return environment;
  }

  /// {@return what Java printed}
  private String start(Map<String, String> environment, String launcher, String... arguments)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("env", "-i"));
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.add(launcher);
    line.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(line)
            .directory(clone.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("errors"))).isZero();
    return output;
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(builds);
  }

  @Test
  void handsTheEnvironmentOnAsItWasGiven() throws Exception {
    Map<String, String> given = environment(jdk);
    given.put("LINES_OF_TEXT", "two\nlines");
    given.put("no-name.of-a-shell", "1");
    given.put("EMPTY", "");
    given.put("_", "/usr/bin/something");
    given.put("OLDPWD", "/nowhere");
    given.put("BASH_FUNC_f%%", "() { true; }");
    Map<String, String> handed = new LinkedHashMap<>();
    for (String entry : start(given, "./cairn", "--version").split("\0", -1)) {
      String[] parts = entry.split("=", 2);
      if (!entry.isEmpty() && !parts[0].startsWith("CAIRN_")) {
        handed.put(parts[0], parts[1]);
      }
    }
    assertThat(handed).isEqualTo(given);
  }

  @Test
  void findsItselfFromEverywhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("bin/cairn"), clone.resolve("cairn"));
    Files.createDirectory(clone.resolve("target"));
    for (String launcher :
        List.of(
            "./cairn",
            clone.resolve("cairn").toString(),
            "../clone/cairn",
            "./scripts/../cairn",
            link.toString())) {
      assertThat(start(environment(jdk), launcher, "--version"))
          .contains("CAIRN_HOME=" + clone.toRealPath() + "\0");
    }
    assertThat(builds()).hasSize(1);
  }

  @Test
  void buildsWhenASourceIsNewerOrHasGone() throws Exception {
    start(environment(jdk), "./cairn", "--version");
    start(environment(jdk), "./cairn", "--version");
    assertThat(builds()).hasSize(1);
    Files.writeString(source, "class A { }");
    start(environment(jdk), "./cairn", "--version");
    assertThat(builds()).hasSize(2);
    Files.delete(source);
    start(environment(jdk), "./cairn", "--version");
    assertThat(builds()).hasSize(3);
    Files.writeString(clone.resolve("pom.xml"), "<project/>");
    start(environment(jdk), "./cairn", "--version");
    start(environment(jdk), "./cairn", "--version");
    assertThat(builds()).hasSize(4);
  }

  @Test
  void looksForAnotherJdkWhenTheOneThatItKnowsHasGoneOrIsTooOld() throws Exception {
    Path other = jdk("other", "echo the other one");
    Map<String, String> environment = environment(folder.resolve("nothing"));
    environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    for (String tool : List.of("java", "javac")) {
      Files.createSymbolicLink(folder.resolve("bin").resolve(tool), jdk.resolve("bin/" + tool));
    }
    assertThat(start(environment, "./cairn", "--version")).contains("PATH=");
    assertThat(start(environment, "./cairn", "--version")).contains("PATH=");
    for (String tool : List.of("java", "javac")) {
      Path link = folder.resolve("bin").resolve(tool);
      Files.delete(link);
      Files.createSymbolicLink(link, other.resolve("bin/" + tool));
    }
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"21.0.2\"\n");
    assertThat(start(environment, "./cairn", "--version")).isEqualTo("the other one\n");
  }

  private Path made() {
    return folder.resolve("made");
  }

  /// A Java that makes caches, writes down for which commands, and says which others it runs with
  /// one. With `killer` it ends its launcher at once instead, the first time.
  private Map<String, String> withCaches() throws Exception {
    Path home =
        jdk(
            "caching",
            """
            for last; do :; done
            cache=
            while [ $# -gt 0 ] && [ "$1" != dev.cairn.cli.Main ]; do
              case $1 in
                -XX:AOTCacheOutput=*) cache=${1#*=} ;;
                -XX:AOTCache=*) echo "with ${1##*/}" ;;
                *StackMaps.java) echo jar >"$last"; exit 0 ;;
              esac
              shift
            done
            [ -n "$cache" ] || exit 0
            if rm "%s" 2>/dev/null; then kill -9 $PPID; sleep 0.2; fi
            echo "$2" >>"%s"
            echo cache >"$cache"
            exit 42\
            """
                .formatted(folder.resolve("killer"), made()));
    Files.createFile(made());
    script(folder.resolve("cache/cairn/probe/exit42"), "exit 42");
    Path qemu = folder.resolve("cache/cairn/qemu-10.0/bin/qemu-aarch64");
    script(qemu, "true");
    Map<String, String> environment = environment(home);
    String known =
        "for part in cache jdk probe; do . scripts/$part.sh; done; resolution_fingerprint;"
            + " mkdir -p $CAIRN_CACHE/log; printf '%s\\n' \"$FINGERPRINT\" "
            + qemu
            + " scripts/probe.sh >$CAIRN_CACHE/resolved";
    List<String> line = new ArrayList<>(List.of("env", "-i", "-C", clone.toString()));
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(List.of("CAIRN_HOME=" + clone, "bash", "-c", known));
    TestGuests.run(line);
    return environment;
  }

  @Test
  void makesTheCachesOfAStudysCommandsInANewCloneAndLaterOnlyItsOwn() throws Exception {
    Map<String, String> environment = withCaches();
    assertThat(start(environment, "./cairn", "blocks", "x")).isEqualTo("with blocks.aot\n");
    assertThat(Files.readAllLines(made())).containsExactly("blocks");
    assertThat(start(environment, "./cairn", "stat", "x")).isEqualTo("with stat.aot\n");
    assertThat(Files.readAllLines(made()))
        .containsExactly("blocks", "stat", "profile", "time", "study", "checkpoint", "restore");
    assertThat(start(environment, "./cairn", "restore", "x")).isEqualTo("with restore.aot\n");
    assertThat(Files.readAllLines(made())).hasSize(7);
    Files.writeString(source, "class A { }");
    assertThat(start(environment, "./cairn", "time", "x")).isEqualTo("with time.aot\n");
    assertThat(Files.readAllLines(made())).hasSize(8).endsWith("time");
  }

  @ParameterizedTest
  @ValueSource(strings = {"calls", "loops", "syscalls", "trace", "cache", "locality"})
  void makesTheCacheOfACommandThatNoStudyTakesWhenItIsWanted(String command) throws Exception {
    Map<String, String> environment = withCaches();
    assertThat(start(environment, "./cairn", command, "x")).isEqualTo("with " + command + ".aot\n");
    assertThat(start(environment, "./cairn", command, "x")).isEqualTo("with " + command + ".aot\n");
    assertThat(Files.readAllLines(made())).containsExactly(command);
  }

  @Test
  void makesNoCacheToReadATrace() throws Exception {
    Map<String, String> environment = withCaches();
    assertThat(start(environment, "./cairn", "trace", "info", "x")).isEmpty();
    assertThat(Files.readAllLines(made())).isEmpty();
  }

  @Test
  void makesEachCacheOnceWhenTwoStartAtATime() throws Exception {
    Map<String, String> environment = withCaches();
    start(environment, "./cairn", "--version");
    List<Thread> both = new ArrayList<>();
    List<String> said = new CopyOnWriteArrayList<>();
    for (String command : List.of("stat", "profile")) {
      both.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  said.add(start(environment, "./cairn", command, "x"));
                } catch (Exception | AssertionError e) {
                  said.add(e.toString());
                }
              }));
    }
    for (Thread each : both) {
      each.join();
    }
    assertThat(said).containsExactlyInAnyOrder("with stat.aot\n", "with profile.aot\n");
    assertThat(Files.readAllLines(made())).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void goesOnAfterAStartThatWasKilledWhileItMadeCaches() throws Exception {
    Map<String, String> environment = withCaches();
    Files.createFile(folder.resolve("killer"));
    assertThatThrownBy(() -> start(environment, "./cairn", "stat", "x"))
        .isInstanceOf(AssertionError.class);
    for (String command : List.of("stat", "checkpoint")) {
      assertThat(start(environment, "./cairn", command, "x"))
          .isEqualTo("with " + command + ".aot\n");
      assertThat(clone.resolve("target/aot/" + command + ".aot")).hasContent("cache");
    }
    assertThat(clone.resolve("target/aot/work")).doesNotExist();
  }
}
