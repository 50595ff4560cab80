package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.EventWord;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds [RingLayout] and [EventWord] and `probe/record.h` together.
final class RingLayoutTest {
  private static final Path HEADER = Path.of("probe").toAbsolutePath();

  /// What C says of each Java constant of [RingLayout], by name.
  private static Map<String, String> expressions() throws IllegalAccessException {
    Map<String, String> c = new LinkedHashMap<>();
    for (String constant : fromJava(RingLayout.class).keySet()) {
      c.put(constant, expression(constant));
    }
    return c;
  }

  private static String expression(String constant) {
    return switch (constant) {
      case "HEADER_MESSAGE_BYTES" -> "sizeof(((struct cairn_header *)0)->message)";
      case "FETCH_RECORD_BYTES" -> "sizeof(struct cairn_fetch)";
      case "WRITE_RECORD_BYTES" -> "sizeof(struct cairn_write)";
      case "TRIGGER_BYTES" -> "sizeof(struct cairn_trigger)";
      case "TRIGGER_PATH" -> "offsetof(struct cairn_trigger, path)";
      case "TOLD_BYTES" -> "sizeof(struct cairn_told)";
      case "WINDOW_BYTES" -> "sizeof(struct cairn_window)";
      case "REGISTERS" -> "sizeof(struct cairn_registers) / 8";
      case "RECORD_MASK" -> "0xff"; // bits 48..55, in prose only
      case "HEADER_BYTES", "RING_BYTES" -> "CAIRN_" + constant;
      default ->
          constant.startsWith("HEADER_")
              ? "offsetof(struct cairn_header, " + lower(constant.substring(7)) + ")"
              : constant.startsWith("RING_")
                  ? "offsetof(struct cairn_ring, " + lower(constant.substring(5)) + ")"
                  : "CAIRN_" + constant;
    };
  }

  /// What C says of [EventWord]'s constants.
  private static Map<String, String> words() {
    Map<String, String> c = new LinkedHashMap<>();
    for (String constant :
        List.of(
            "KIND_SHIFT",
            "ADDRESS_BITS",
            "INSTRUCTION_SHIFT",
            "SIZE_SHIFT",
            "STORE_SHIFT",
            "FIRST_SHIFT",
            "END_SHIFT",
            "NOTE_SHIFT",
            "DETAIL_SHIFT",
            "NOTE_INTERRUPT",
            "NOTE_STACK",
            "NOTE_CALL",
            "NOTE_RETURN")) {
      c.put(constant, "CAIRN_" + constant);
    }
    for (String kind : List.of("ACCESS", "EXECUTION", "NOTE", "RECORD")) {
      c.put(kind, "CAIRN_KIND_" + kind);
    }
    c.put("INSTRUCTION_MASK", "CAIRN_MAX_INSTRUCTIONS - 1");
    c.put("SIZE_MASK", "(1 << (CAIRN_STORE_SHIFT - CAIRN_SIZE_SHIFT)) - 1");
    c.put("NOTE_MASK", "(1 << (CAIRN_DETAIL_SHIFT - CAIRN_NOTE_SHIFT)) - 1");
    c.put("DETAIL_MASK", "(1 << (CAIRN_KIND_SHIFT - CAIRN_DETAIL_SHIFT)) - 1");
    c.put("POSITION_MASK", "(1 << (CAIRN_END_SHIFT - CAIRN_FIRST_SHIFT)) - 1");
    return c;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  @Test
  void isTheHeadersLayout(@TempDir Path folder) throws Exception {
    assertThat(fromC(folder, expressions())).isEqualTo(fromJava(RingLayout.class));
  }

  @Test
  void knowsEveryEnumeratorOfTheHeader() throws Exception {
    List<String> enumerators =
        Pattern.compile("^ +CAIRN_(\\w+) = ", Pattern.MULTILINE)
            .matcher(Files.readString(HEADER.resolve("record.h")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(enumerators).hasSizeGreaterThan(20);
    assertThat(fromJava(RingLayout.class).keySet()).containsAll(enumerators);
  }

  @Test
  void sharesItsWordsWithEventWord(@TempDir Path folder) throws Exception {
    assertThat(fromC(folder, words())).isEqualTo(fromJava(EventWord.class));
  }

  /// A window is two 64-bit words and the ring's words follow its control fields at once.
  @Test
  void hasNoPaddingThatJavaDoesNotKnow(@TempDir Path folder) throws Exception {
    Map<String, Long> values =
        fromC(
            folder,
            Map.of(
                "from", "offsetof(struct cairn_window, from)",
                "until", "offsetof(struct cairn_window, until)",
                "words", "offsetof(struct cairn_ring, words)",
                "argument", "offsetof(struct cairn_fetch, argument)",
                "limit", "offsetof(struct cairn_fetch, limit)",
                "unit", "offsetof(struct cairn_write, unit)",
                "action", "offsetof(struct cairn_trigger, action)",
                "trigger", "offsetof(struct cairn_told, trigger)",
                "fits", "sizeof(struct cairn_header) <= CAIRN_HEADER_BYTES"));
    assertThat(values)
        .isEqualTo(
            Map.of(
                "from",
                0L,
                "until",
                8L,
                "words",
                (long) RingLayout.RING_BYTES,
                "argument",
                2L,
                "limit",
                6L,
                "unit",
                6L,
                "action",
                20L,
                "trigger",
                8L,
                "fits",
                1L));
  }

  private static Map<String, Long> fromJava(Class<?> layout) throws IllegalAccessException {
    Map<String, Long> values = new LinkedHashMap<>();
    for (Field field : layout.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && !Modifier.isPrivate(field.getModifiers())
          && field.getType().isPrimitive()) {
        values.put(field.getName(), ((Number) field.get(null)).longValue());
      }
    }
    return values;
  }

  private static Map<String, Long> fromC(Path folder, Map<String, String> expressions)
      throws IOException {
    StringBuilder source =
        new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n#include \"record.h\"\n");
    source.append("int main(void)\n{\n");
    for (String name : new TreeSet<>(expressions.keySet())) {
      source.append(
          "    printf(\"%s %%lld\\n\", (long long)(%s));\n".formatted(name, expressions.get(name)));
    }
    Path program = folder.resolve("layout");
    Path file = Files.writeString(folder.resolve("layout.c"), source.append("}\n"));
    TestGuests.run(
        List.of(
            "cc", "-Wall", "-Werror", "-I" + HEADER, file.toString(), "-o", program.toString()));
    Map<String, Long> values = new LinkedHashMap<>();
    for (String line : TestGuests.run(List.of(program.toString())).split("\n", -1)) {
      if (!line.isEmpty()) {
        String[] parts = line.split(" ", -1);
        values.put(parts[0], Long.valueOf(parts[1]));
      }
    }
    return values;
  }
}
