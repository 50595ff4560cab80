package dev.cairn.profile.call;

import dev.cairn.TestGuests;
import dev.cairn.capture.Capture;
import dev.cairn.capture.CaptureResult;
import dev.cairn.capture.GuestCommand;
import dev.cairn.capture.GuestMap;
import dev.cairn.capture.Observation;
import dev.cairn.capture.RunObserver;
import dev.cairn.capture.StandardStreams;
import dev.cairn.capture.StreamContents;
import dev.cairn.profile.flow.FlowListener;
import dev.cairn.profile.flow.Functions;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.isa.AArch64;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A run of a guest whose calls are followed, and what the guest says of its own calls.
///
/// @param run how it ended
/// @param profile what was found
/// @param names the functions by which listeners were told
record CalledGuest(CaptureResult run, CallProfile profile, Functions names) {
  /// So that a function is one piece of code, called where the source calls it.
  static final List<String> WHOLE_FUNCTIONS =
      List.of(
          "-pthread",
          "-fno-inline",
          "-fno-ipa-icf",
          "-fno-ipa-cp",
          "-fno-ipa-sra",
          "-fno-partial-inlining",
          "-fno-ipa-modref",
          "-fno-ipa-pure-const");

  private static final Pattern COUNT = Pattern.compile("CALLS ([0-9a-f]+) (\\d+)");

  static CalledGuest of(GuestCommand command, FlowListener... also) throws Exception {
    GuestProgram program =
        GuestProgram.find(command.program(), command.sysroot(), Map.of(), null, Path.of(""));
    GuestMap map = new GuestMap(program, RunObserver.NONE);
    CallAnalysis analysis = new CallAnalysis(new AArch64(), map.addresses()::locate, also);
    CaptureResult run =
        new Capture(command, new StandardStreams(Path.of("/dev/null"), true))
            .run(
                new Observation.Streaming(List.of(analysis), 0, List.of(), StreamContents.STACK),
                map);
    return new CalledGuest(run, analysis.result(), analysis.functions());
  }

  /// {@return the guest built with some options}
  ///
  /// @param source its name, without an ending if that is `.c`
  static Path build(String source, String... options) {
    List<String> arguments = new ArrayList<>(WHOLE_FUNCTIONS);
    arguments.addAll(List.of(options));
    arguments.add(file(source));
    return TestGuests.built("calls-" + source + String.join("", options), arguments);
  }

  /// {@return how often each function of a guest says that it was called, by all of its names}
  ///
  /// @param isStatic whether libraries are linked in, as then they may call the guest's copy of a
  ///   function that has one in each object file
  static Map<Set<String>, Long> testimony(String source, boolean isStatic, String... options)
      throws Exception {
    List<String> arguments = new ArrayList<>(WHOLE_FUNCTIONS);
    arguments.addAll(List.of(options));
    arguments.add(isStatic ? "-static" : "-no-pie");
    arguments.addAll(List.of("-finstrument-functions", file(source), "callcounts.c"));
    Path program =
        TestGuests.built("counted-" + source + isStatic + String.join("", options), arguments);
    Map<Long, Set<String>> names = new HashMap<>();
    addresses(program)
        .forEach((name, address) -> names.computeIfAbsent(address, _ -> new TreeSet<>()).add(name));
    Map<Set<String>, Long> counts = new HashMap<>();
    GuestCommand command = TestGuests.dynamicCommand(program);
    String said =
        TestGuests.run(
            List.of(
                TestGuests.qemu().toString(),
                "-L",
                String.valueOf(command.sysroot()),
                program.toString()));
    Matcher matcher = COUNT.matcher(said);
    while (matcher.find()) {
      long address = Long.parseLong(matcher.group(1), 16);
      counts.put(Objects.requireNonNull(names.get(address)), Long.parseLong(matcher.group(2)));
    }
    return counts;
  }

  /// {@return the addresses of a file's symbols}
  static Map<String, Long> addresses(Path program) throws IOException {
    String nm = TestGuests.crossCompiler().replaceAll("gcc$", "nm");
    Map<String, Long> addresses = new TreeMap<>();
    for (String line : TestGuests.run(List.of(nm, program.toString())).split("\n", -1)) {
      String[] fields = line.split(" ", -1);
      if (fields.length == 3 && fields[0].length() == 16 && !fields[2].startsWith("$")) {
        addresses.put(fields[2], Long.parseLong(fields[0], 16));
      }
    }
    return addresses;
  }

  private static String file(String source) {
    return source.contains(".") ? source : source + ".c";
  }

  /// {@return what is not as a guest says of its functions, as "name: 2, not 1"}
  ///
  /// A function that is always inlined counts itself, but there is none to call.
  List<String> differences(Path program, Map<Set<String>, Long> testimony) throws IOException {
    Set<String> emitted = addresses(program).keySet();
    return testimony.entrySet().stream()
        .filter(told -> !Collections.disjoint(told.getKey(), emitted))
        .filter(told -> told.getValue() != calls(program, told.getKey()))
        .map(told ->
            told.getKey() + ": " + calls(program, told.getKey()) + ", not " + told.getValue())
        .sorted()
        .toList();
  }

  private long calls(Path program, Set<String> names) {
    return profile.functions().stream()
        .filter(function -> program.toString().equals(function.file()))
        .filter(function -> names.contains(function.name()))
        .mapToLong(FunctionProfile::calls)
        .sum();
  }

  FunctionProfile function(String name) {
    return profile.functions().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("not called: " + name));
  }
}
