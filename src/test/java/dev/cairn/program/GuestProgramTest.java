package dev.cairn.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.event.FormatException;
import dev.cairn.program.elf.TinyElf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestProgramTest {
  private static final String LOADER = "ld-linux-aarch64.so.1";

  @TempDir Path folder;
  private Path sysroot = Path.of("");

  @BeforeEach
  void makeSysroot() throws IOException {
    sysroot = Files.createDirectory(folder.resolve("root"));
    new TinyElf().library(LOADER).write(sysroot.resolve("usr/lib/" + LOADER));
    new TinyElf()
        .library("libc.so.6")
        .needs(LOADER)
        .write(sysroot.resolve("usr/lib/aarch64-linux-gnu/libc.so.6"));
    Files.createSymbolicLink(sysroot.resolve("lib"), Path.of("/usr/lib"));
  }

  @Test
  void findsAProgramInTheSysrootBeforeThePath() throws IOException {
    Path inside = new TinyElf().needs("libc.so.6").write(sysroot.resolve("usr/bin/prog"));
    Path outside = new TinyElf().type(2).interpreter(null).write(folder.resolve("bin/prog"));
    String path = folder.resolve("bin").toString();
    GuestProgram found = find("prog", sysroot, path);
    assertThat(found.path()).isEqualTo(inside);
    assertThat(found.problems()).isEmpty();
    assertThat(found.interpreter()).hasToString(sysroot + "/usr/lib/" + LOADER);
    assertThat(find("prog", null, path).path()).isEqualTo(outside);
    assertThat(find("./bin/prog", null, null).path()).isEqualTo(folder.resolve("./bin/prog"));
  }

  @Test
  void saysThatThereIsNoSuchProgram() {
    assertFails("nowhere", sysroot, "nowhere: no such program in " + sysroot + " and PATH; give");
    assertFails("./nowhere", null, "./nowhere: no such program");
    assertFails(".", sysroot, ".: is a directory, not a program");
    assertFails(folder.relativize(sysroot).toString(), null, "is a directory, not a program");
    assertFails("", null, "the program's name is empty");
    assertFails("x", folder.resolve("none"), "none: no such folder");
  }

  @Test
  void namesAnotherArchitectureAndTheProgramThatWasMeant() throws IOException {
    Path host = new TinyElf().machine(62).write(folder.resolve("usr/bin/prog"));
    assertFails(host.toString(), null, "is for x86-64, not for AArch64; for another machine's");
    Path meant = new TinyElf().write(sysroot.resolve(host.toString().substring(1)));
    assertFails(host.toString(), sysroot, "not for AArch64; did you mean " + meant + "?");
  }

  @Test
  void refusesWhatIsNoProgram() throws IOException {
    new TinyElf().library("libx.so").write(folder.resolve("libx.so"));
    assertFails("./libx.so", null, "is a library, not a program to run");
    new TinyElf().type(1).write(folder.resolve("x.o"));
    assertFails("./x.o", null, "is an object file that is not linked");
    Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
    assertThatThrownBy(() -> find("./script", null, null))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("is a script for /bin/sh");
  }

  @Test
  void namesAMissingInterpreterAndTheWayOut() throws IOException {
    new TinyElf().interpreter("/lib/ld-other.so").write(folder.resolve("prog"));
    GuestProgram without = find("./prog", null, null);
    assertThat(without.problems().getFirst())
        .contains("its interpreter /lib/ld-other.so is missing", "--sysroot DIR");
    assertThatThrownBy(without::requireComplete).isInstanceOf(GuestProgramException.class);
    Files.delete(sysroot.resolve("lib"));
    new TinyElf().interpreter("/lib/" + LOADER).write(folder.resolve("prog"));
    assertThat(find("./prog", sysroot, null).problems().getFirst())
        .endsWith("try ln -s usr/lib " + sysroot + "/lib");
  }

  @Test
  void namesEachMissingLibraryOnceAndWhoNeedsIt() throws IOException {
    Path library = sysroot.resolve("usr/lib/liba.so");
    new TinyElf().library("liba.so").needs("libgone.so").needs("libc.so.6").write(library);
    new TinyElf().needs("liba.so").needs("libfar.so").needs("libc.so.6").write(folder.resolve("p"));
    GuestProgram program = find("./p", sysroot, null);
    assertThat(program.problems()).hasSize(2);
    assertThat(program.problems().get(0)).contains("p: the library libfar.so is missing in");
    assertThat(program.problems().get(1))
        .startsWith(library + ": the library libgone.so is missing");
    assertThatThrownBy(program::requireComplete).hasMessageContaining("and 1 more missing");
  }

  @Test
  void searchesRunPathsAndTheEnvironmentAsTheLoaderDoes() throws IOException {
    new TinyElf().library("liba.so").needs("libb.so").write(folder.resolve("private/liba.so"));
    new TinyElf().library("libb.so").write(folder.resolve("private/libb.so"));
    new TinyElf().needs("liba.so").runPath("$ORIGIN/private").write(folder.resolve("run"));
    // DT_RUNPATH is for the libraries of the file itself only.
    assertThat(find("./run", sysroot, null).problems()).hasSize(1);
    new TinyElf().needs("liba.so").legacyRunPath("${ORIGIN}/private").write(folder.resolve("old"));
    assertThat(find("./old", sysroot, null).problems()).isEmpty();
    new TinyElf().needs("liba.so").write(folder.resolve("env"));
    Map<String, String> environment =
        Map.of("LD_LIBRARY_PATH", folder.resolve("private").toString());
    assertThat(GuestProgram.find("./env", sysroot, environment, null, folder).problems()).isEmpty();
  }

  @Test
  void passesOverALibraryOfAnotherArchitecture() throws IOException {
    new TinyElf().library("liba.so").machine(62).write(sysroot.resolve("usr/lib/liba.so"));
    new TinyElf().needs("liba.so").write(folder.resolve("p"));
    assertThat(find("./p", sysroot, null).problems()).hasSize(1);
  }

  private GuestProgram find(String program, @Nullable Path root, @Nullable String path)
      throws IOException {
    return GuestProgram.find(program, root, Map.of(), path, folder);
  }

  private void assertFails(String program, @Nullable Path root, String message) {
    assertThatThrownBy(() -> find(program, root, folder.toString()))
        .isInstanceOf(GuestProgramException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
