package dev.cairn.program.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Holds the tables against the headers of the cross compiler.
@Tag("qemu")
final class LinuxTablesTest {
  @Test
  void hasEveryCallOfTheKernelsHeader() throws Exception {
    Map<Integer, String> header = new TreeMap<>();
    Map<String, String> macros = CrossHeaders.macros("asm/unistd.h");
    for (Map.Entry<String, String> each : macros.entrySet()) {
      if (each.getKey().startsWith("__NR_")) {
        String value = each.getValue();
        while (macros.containsKey(value)) {
          value = macros.get(value);
        }
        header.put(Integer.valueOf(value), each.getKey().substring("__NR_".length()));
      }
    }
    header.values().remove("syscalls"); // how many there are, in older headers
    header.remove(244); // where calls of one architecture begin; AArch64 has none
    Map<Integer, String> table = new TreeMap<>();
    for (SystemCallSignature each : SystemCallTable.aarch64Linux().calls()) {
      if (header.containsKey(each.number())) {
        table.put(each.number(), each.name());
      }
    }
    assertThat(table).hasSizeGreaterThan(300).isEqualTo(header);
  }

  @Test
  void goesOnToTheNewestCallsWithoutAGap() {
    List<SystemCallSignature> calls = SystemCallTable.aarch64Linux().calls();
    List<Integer> numbers = calls.stream().map(SystemCallSignature::number).toList();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i <= 471; i++) {
      if (i < 244 || (i > 259 && i < 295) || i > 423) {
        all.add(i);
      }
    }
    assertThat(numbers).isEqualTo(all);
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/cairn/program/call/linux.names, 900",
    "/dev/cairn/program/call/strace/qemu.names, 200"
  })
  void hasTheHeadersNumbersForItsNames(String table, int least, @TempDir Path folder)
      throws Exception {
    Map<String, Long> named = new TreeMap<>();
    for (NamedValues set : NamedValues.read(SystemCallTable.class, table).values()) {
      for (NamedValues.Entry each : set.entries()) {
        named.merge(each.name(), (long) (int) each.value(), (a, b) -> a.equals(b) ? a : -12345);
      }
    }
    Map<String, Long> header = CrossHeaders.values(folder, CrossHeaders.LIBRARY, named.keySet());
    header.putAll(CrossHeaders.values(folder, CrossHeaders.KERNEL, named.keySet()));
    header.replaceAll((name, value) -> (long) value.intValue());
    named.keySet().retainAll(header.keySet());
    assertThat(named).hasSizeGreaterThan(least).isEqualTo(header);
  }

  @Test
  void knowsEveryTableThatACallOrAStructNames() {
    for (SystemCallSignature call : SystemCallTable.aarch64Linux().calls()) {
      List<TypeWord> words = new ArrayList<>(call.arguments());
      words.add(call.result());
      for (TypeWord each : words) {
        if (each.name().startsWith("flags") || each.name().startsWith("enum")) {
          assertThat(DecodedNumber.names(each.text(0)).entries()).isNotEmpty();
        }
      }
    }
    for (StructLayout struct : StructLayout.all()) {
      for (StructLayout.Field each : struct.fields()) {
        if (each.type().name().startsWith("flags") || each.type().name().startsWith("enum")) {
          assertThat(DecodedNumber.names(each.type().text(0)).entries()).isNotEmpty();
        }
      }
    }
  }

  /// What C calls a struct, where not `struct NAME` is it; the C library's beside the kernel's.
  private static final Map<String, String> C_NAMES =
      Map.ofEntries(
          Map.entry("timespec", "struct __kernel_timespec"),
          Map.entry("timeval", "struct __kernel_old_timeval"),
          Map.entry("itimerspec", "struct __kernel_itimerspec"),
          Map.entry("utsname", "struct new_utsname"),
          Map.entry("sigevent", "sigevent_t"),
          Map.entry("sigaltstack", "stack_t"),
          Map.entry("cap_header", "struct __user_cap_header_struct"),
          Map.entry("cap_data", "struct __user_cap_data_struct"),
          Map.entry("landlock_ruleset", "struct landlock_ruleset_attr"));

  /// Structs that the kernel has in no header for programs, or only in newer ones.
  private static final List<String> NOT_IN_HEADERS =
      List.of(
          "sigset_argument",
          "xattr_args",
          "file_attr",
          "mnt_id_req",
          "ns_id_req",
          "cachestat_range",
          "cachestat");

  /// Sizes of structs that get longer with new kernels, or of which only the start is shown.
  private static final List<String> GROWING =
      List.of(
          "sizeof(struct landlock_ruleset_attr)",
          "sizeof(struct mnt_id_req)",
          "sizeof(struct perf_event_attr)");

  @Test
  void laysStructsOutAsTheHeadersDo(@TempDir Path folder) throws Exception {
    Map<String, Long> ours = new TreeMap<>();
    TreeSet<String> structs = new TreeSet<>();
    for (StructLayout struct : StructLayout.all()) {
      if (!struct.isPlain()) {
        String c = C_NAMES.getOrDefault(struct.name(), "struct " + struct.name());
        structs.add(struct.name());
        ours.put("sizeof(" + c + ")", (long) struct.sizeBytes());
        for (StructLayout.Field each : struct.fields()) {
          ours.put("offsetof(" + c + ", " + each.name() + ")", (long) each.offset());
        }
      }
    }
    Map<String, Long> header = CrossHeaders.values(folder, CrossHeaders.KERNEL, ours.keySet());
    CrossHeaders.values(folder, CrossHeaders.LIBRARY, ours.keySet()).forEach(header::putIfAbsent);
    for (String each : structs) {
      String c = C_NAMES.getOrDefault(each, "struct " + each);
      boolean known = header.containsKey("sizeof(" + c + ")");
      assertThat(known || NOT_IN_HEADERS.contains(each)).as(each).isTrue();
    }
    header.keySet().removeAll(GROWING);
    ours.keySet().retainAll(header.keySet());
    assertThat(ours).hasSizeGreaterThan(250);
    header.entrySet().removeAll(ours.entrySet());
    assertThat(header).as("what we have otherwise").isEmpty();
  }

  @Test
  void saysOfErrorsWhatTheLibrarySays(@TempDir Path folder) throws Exception {
    Path source = folder.resolve("errors.c");
    Files.writeString(
        source,
        """
        #define _GNU_SOURCE
        #include <stdio.h>
        #include <string.h>
        int main(void)
        {
            for (int i = 1; i < 4096; i++) {
                const char *name = strerrorname_np(i);
                printf("%d %s %s\\n", i, name ? name : "null", strerror(i));
            }
        }
        """);
    Path program = folder.resolve("errors");
    TestGuests.run(
        List.of(
            TestGuests.crossCompiler(), "-static", "-o", program.toString(), source.toString()));
    String library = TestGuests.run(List.of(TestGuests.qemu().toString(), program.toString()));
    StringBuilder ours = new StringBuilder();
    for (int i = 1; i < 4096; i++) {
      ours.append(i + " " + ErrorNumbers.name(i) + " " + ErrorNumbers.text(i) + "\n");
    }
    assertThat(ours.toString()).isEqualTo(library);
  }
}
