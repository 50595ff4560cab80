package dev.cairn.profile.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.capture.GuestEnd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Calls of whole programs beside what `-finstrument-functions` builds of them say of themselves.
@Tag("qemu")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class CallCountTest {
  private static void addsUp(CalledGuest guest) {
    assertThat(guest.run().end()).isEqualTo(new GuestEnd.Exited(0));
    CallProfile profile = guest.profile();
    assertThat(profile.instructions()).isEqualTo(guest.run().instructions());
    assertThat(profile.functions().stream().mapToLong(f -> f.exclusive().total()).sum())
        .isEqualTo(profile.instructions());
    for (int i = 0; i < profile.functions().size(); i++) {
      int function = i;
      List<CallEdge> to = profile.calls().stream().filter(e -> e.callee() == function).toList();
      FunctionProfile of = profile.functions().get(i);
      assertThat(to.stream().mapToLong(CallEdge::calls).sum()).as(of.name()).isEqualTo(of.calls());
      assertThat(to.stream().mapToLong(CallEdge::inclusive).sum())
          .as(of.name())
          .isEqualTo(of.inclusive().total());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "calling, -O0 -static",
    "calling, -O1 -static",
    "calling, -O2 -static",
    "calling, -O2 -static -fomit-frame-pointer -momit-leaf-frame-pointer",
    "calling, -Os -static",
    "calling, -O2 -static-pie -fPIE",
    "calling, -O2",
    "calling, -O2 -Wl#-z#lazy",
    "calling, -O3 -mbranch-protection=standard",
    "throws.cc, -O0 -static",
    "throws.cc, -O2 -static",
    "throws.cc, -O2",
    "throws.cc, -Os",
  })
  void callsAreThoseThatTheProgramCounts(String source, String options) throws Exception {
    String[] flags = options.replace('#', ',').split(" ", -1);
    Map<Set<String>, Long> testimony =
        CalledGuest.testimony(source, options.contains("-static"), flags[0]);
    Path program = CalledGuest.build(source, flags);
    CalledGuest guest = CalledGuest.of(TestGuests.dynamicCommand(program));
    assertThat(testimony).hasSizeGreaterThan(30);
    assertThat(guest.differences(program, testimony)).isEmpty();
    addsUp(guest);
  }

  /// Nothing but calls tells where functions begin; those that are only ever jumped to belong to
  /// those that jump.
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "calling, -O2 -static -fno-optimize-sibling-calls",
    "calling, -O2 -fno-optimize-sibling-calls",
    "throws.cc, -O2 -static -fno-optimize-sibling-calls",
    "throws.cc, -O2 -fno-optimize-sibling-calls"
  })
  void findsTheFunctionsOfStrippedPrograms(String source, String options) throws Exception {
    String[] flags = options.split(" ", -1);
    Map<Set<String>, Long> testimony =
        CalledGuest.testimony(source, options.contains("-static"), flags[0]);
    Path named = CalledGuest.build(source, flags);
    Path stripped = CalledGuest.build(source, (options + " -s").split(" ", -1));
    CalledGuest guest = CalledGuest.of(TestGuests.dynamicCommand(stripped));
    addsUp(guest);
    Map<Long, Long> calls =
        guest.profile().functions().stream()
            .filter(function -> stripped.toString().equals(function.file()))
            .collect(Collectors.toMap(FunctionProfile::address, FunctionProfile::calls));
    Set<String> jumpedTo = Set.of("main", "fibre", "_ZNK3Box4nameEv"); // by stubs of the compiler
    List<String> differences = new ArrayList<>();
    CalledGuest.addresses(named)
        .forEach((name, address) ->
            testimony.forEach((names, told) -> {
              long found = calls.getOrDefault(address, 0L);
              if (names.contains(name) && !jumpedTo.contains(name) && told != found) {
                differences.add(name + ": " + found + ", not " + told);
              }
            }));
    assertThat(differences).isEmpty();
  }

  @Test
  void aProgramIsAllBelowItsFirstFunction() throws Exception {
    Path program = CalledGuest.build("calling", "-O2", "-static");
    CalledGuest guest = CalledGuest.of(TestGuests.command(program));
    long otherStacks =
        guest.profile().calls().stream()
            .filter(edge -> edge.caller() < 0)
            .filter(edge -> !guest.profile().functions().get(edge.callee()).name().equals("_start"))
            .mapToLong(CallEdge::inclusive)
            .sum();
    assertThat(guest.function("_start").inclusive().total() + otherStacks)
        .isEqualTo(guest.profile().instructions());
    assertThat(guest.function("main").inclusive().total()).isGreaterThan(30_000);
    assertThat(guest.function("nests").depth()).isEqualTo(8);
    assertThat(guest.function("works").depth()).isEqualTo(1);
    assertThat(guest.profile().threads()).hasSize(5);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"now", "lazy"})
  void libraryCallsGoThroughStubsUnseen(String binding) throws Exception {
    Path program = CalledGuest.build("calling", "-O2", "-Wl,-z," + binding);
    CalledGuest guest = CalledGuest.of(TestGuests.dynamicCommand(program));
    List<FunctionProfile> functions = guest.profile().functions();
    assertThat(functions).noneMatch(function -> function.name().endsWith("@plt"));
    Map<String, Long> fromMain = new HashMap<>();
    for (CallEdge edge : guest.profile().calls()) {
      if (edge.library() && program.toString().equals(functions.get(edge.caller()).file())) {
        fromMain.merge(functions.get(edge.callee()).name(), edge.calls(), Long::sum);
      }
    }
    assertThat(fromMain)
        .containsEntry("qsort", 1L)
        .containsEntry("swapcontext", 78L)
        .containsEntry("pthread_create", 4L)
        .containsEntry("sigaltstack", 2L);
    boolean resolves =
        guest.profile().calls().stream()
            .filter(edge -> edge.library())
            .filter(edge -> program.toString().equals(functions.get(edge.caller()).file()))
            .map(edge -> functions.get(edge.callee()).file())
            .anyMatch(file -> String.valueOf(file).contains("ld-linux"));
    assertThat(resolves).isEqualTo(binding.equals("lazy"));
  }

  /// The one that came last executes first, and returns to the one before, which begins then.
  @Test
  void handlersOfSignalsThatComeAtOnceAreCalledByWhatWasInterrupted() throws Exception {
    CalledGuest guest = CalledGuest.of(TestGuests.command(TestGuests.program("together")));
    addsUp(guest);
    for (String name : List.of("handles_first", "handles_second", "handles_third")) {
      assertThat(guest.function(name).calls()).as(name).isEqualTo(10);
      assertThat(callers(guest, name)).as(name).singleElement().asString().contains("sigmask");
    }
    assertThat(guest.function("step").calls()).isEqualTo(10 * (1 + 2 + 3 + 1));
    assertThat(callers(guest, "step"))
        .containsExactlyInAnyOrder("handles_first", "handles_second", "handles_third", "main");
  }

  /// A fault's handler has control go on behind what faulted.
  @Test
  void aHandlerThatComesSecondReturnsToWhereItSays() throws Exception {
    CalledGuest guest = CalledGuest.of(TestGuests.command(TestGuests.program("interferes"), "1"));
    addsUp(guest);
    assertThat(guest.function("run").calls()).isEqualTo(1);
    assertThat(guest.function("faulted").calls()).isEqualTo(100_000);
    assertThat(callers(guest, "faulted")).containsExactly("run");
    assertThat(guest.function("ticked").calls()).isPositive();
    assertThat(callers(guest, "ticked")).contains("run");
  }

  private static Set<String> callers(CalledGuest guest, String callee) {
    List<FunctionProfile> functions = guest.profile().functions();
    return guest.profile().calls().stream()
        .filter(edge -> functions.get(edge.callee()).name().equals(callee))
        .map(edge -> edge.caller() < 0 ? "none" : functions.get(edge.caller()).name())
        .collect(Collectors.toSet());
  }

  @Test
  void isTheSameEachTime() throws Exception {
    Path program = CalledGuest.build("throws.cc", "-O2");
    CallProfile first = CalledGuest.of(TestGuests.dynamicCommand(program)).profile();
    assertThat(CalledGuest.of(TestGuests.dynamicCommand(program)).profile()).isEqualTo(first);
  }
}
