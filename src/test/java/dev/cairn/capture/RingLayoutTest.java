package dev.cairn.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import dev.cairn.event.EventWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the Java side's offsets and constants against those of `probe/record.h`.
final class RingLayoutTest {
  private static Map<String, Long> expected() {
    Map<String, Long> values = new LinkedHashMap<>();
    values.put("CAIRN_MAGIC", RingLayout.MAGIC);
    values.put("CAIRN_VERSION", (long) RingLayout.VERSION);
    values.put("CAIRN_MODE_COUNT", (long) RingLayout.MODE_COUNT);
    values.put("CAIRN_MODE_STREAM", (long) RingLayout.MODE_STREAM);
    values.put("CAIRN_STATE_NEW", (long) RingLayout.STATE_NEW);
    values.put("CAIRN_STATE_ATTACHED", (long) RingLayout.STATE_ATTACHED);
    values.put("CAIRN_STATE_ENDED", (long) RingLayout.STATE_ENDED);
    values.put("CAIRN_STATE_FAILED", (long) RingLayout.STATE_FAILED);
    values.put("CAIRN_SLOT_FREE", (long) RingLayout.SLOT_FREE);
    values.put("CAIRN_SLOT_LIVE", (long) RingLayout.SLOT_LIVE);
    values.put("CAIRN_SLOT_ENDED", (long) RingLayout.SLOT_ENDED);
    values.put("CAIRN_HEADER_BYTES", (long) RingLayout.HEADER_BYTES);
    values.put("CAIRN_RING_BYTES", (long) RingLayout.RING_BYTES);
    values.put("CAIRN_KIND_SHIFT", (long) EventWord.KIND_SHIFT);
    values.put("CAIRN_KIND_ACCESS", (long) EventWord.ACCESS);
    values.put("CAIRN_KIND_EXECUTION", (long) EventWord.EXECUTION);
    values.put("CAIRN_KIND_INTERRUPT", (long) EventWord.INTERRUPT);
    values.put("CAIRN_KIND_RECORD", (long) EventWord.RECORD);
    values.put("CAIRN_ADDRESS_BITS", (long) EventWord.ADDRESS_BITS);
    values.put("CAIRN_INSTRUCTION_SHIFT", (long) EventWord.INSTRUCTION_SHIFT);
    values.put("CAIRN_SIZE_SHIFT", (long) EventWord.SIZE_SHIFT);
    values.put("CAIRN_STORE_SHIFT", (long) EventWord.STORE_SHIFT);
    values.put("CAIRN_FIRST_SHIFT", (long) EventWord.FIRST_SHIFT);
    values.put("CAIRN_END_SHIFT", (long) EventWord.END_SHIFT);
    values.put("CAIRN_RECORD_SHIFT", (long) RingLayout.RECORD_SHIFT);
    values.put("CAIRN_MAX_INSTRUCTIONS", EventWord.INSTRUCTION_MASK + 1L);
    values.put("CAIRN_RECORD_VECTOR", (long) RingLayout.RECORD_VECTOR);
    values.put("CAIRN_RECORD_INTERVAL", (long) RingLayout.RECORD_INTERVAL);
    values.put("CAIRN_RECORD_LEFT", (long) RingLayout.RECORD_LEFT);
    values.put("CAIRN_RECORD_OPEN", (long) RingLayout.RECORD_OPEN);
    values.put("CAIRN_RECORD_CLOSE", (long) RingLayout.RECORD_CLOSE);
    values.put("CAIRN_RECORD_END", (long) RingLayout.RECORD_END);
    values.put("CAIRN_RECORD_RETRACT", (long) RingLayout.RECORD_RETRACT);
    values.put("CAIRN_CONTROL_BLOCK", (long) RingLayout.CONTROL_BLOCK);
    values.put("CAIRN_CONTROL_PROGRAM", (long) RingLayout.CONTROL_PROGRAM);
    values.put("CAIRN_CONTROL_MAP", (long) RingLayout.CONTROL_MAP);
    values.put("CAIRN_CONTROL_UNMAP", (long) RingLayout.CONTROL_UNMAP);
    values.put("CAIRN_CONTROL_EXECVE", (long) RingLayout.CONTROL_EXECVE);
    values.put("CAIRN_CONTROL_EXIT", (long) RingLayout.CONTROL_EXIT);
    values.put("CAIRN_CONTROL_LAST_PC", (long) RingLayout.CONTROL_LAST_PC);
    values.put("CAIRN_CONTROL_SIGNAL", (long) RingLayout.CONTROL_SIGNAL);
    values.put("sizeof(struct cairn_window)", (long) RingLayout.WINDOW_BYTES);
    values.put("sizeof(struct cairn_ring)", (long) RingLayout.RING_BYTES);
    values.put("offsetof(struct cairn_ring, head)", RingLayout.RING_HEAD);
    values.put("offsetof(struct cairn_ring, tail)", RingLayout.RING_TAIL);
    values.put("offsetof(struct cairn_ring, state)", RingLayout.RING_STATE);
    values.put("offsetof(struct cairn_ring, thread)", RingLayout.RING_THREAD);
    values.put("offsetof(struct cairn_ring, tid)", RingLayout.RING_TID);
    values.put("offsetof(struct cairn_ring, words)", (long) RingLayout.RING_BYTES);
    header(values, "magic", RingLayout.HEADER_MAGIC);
    header(values, "version", RingLayout.HEADER_VERSION);
    header(values, "mode", RingLayout.HEADER_MODE);
    header(values, "interval", RingLayout.HEADER_INTERVAL);
    header(values, "ring_words", RingLayout.HEADER_RING_WORDS);
    header(values, "control_words", RingLayout.HEADER_CONTROL_WORDS);
    header(values, "chunk_words", RingLayout.HEADER_CHUNK_WORDS);
    header(values, "slots", RingLayout.HEADER_SLOTS);
    header(values, "window_count", RingLayout.HEADER_WINDOW_COUNT);
    header(values, "window_thread", RingLayout.HEADER_WINDOW_THREAD);
    header(values, "windows_offset", RingLayout.HEADER_WINDOWS_OFFSET);
    header(values, "control_offset", RingLayout.HEADER_CONTROL_OFFSET);
    header(values, "slots_offset", RingLayout.HEADER_SLOTS_OFFSET);
    header(values, "slot_bytes", RingLayout.HEADER_SLOT_BYTES);
    header(values, "reader_pid", RingLayout.HEADER_READER_PID);
    header(values, "state", RingLayout.HEADER_STATE);
    header(values, "reader_gone", RingLayout.HEADER_READER_GONE);
    header(values, "probe_pid", RingLayout.HEADER_PROBE_PID);
    header(values, "message", RingLayout.HEADER_MESSAGE);
    values.put(
        "sizeof(((struct cairn_header *)0)->message)", (long) RingLayout.HEADER_MESSAGE_BYTES);
    return values;
  }

  private static void header(Map<String, Long> values, String field, long offset) {
    values.put("offsetof(struct cairn_header, " + field + ")", offset);
  }

  @Test
  void equalsTheProbes(@TempDir Path folder) throws IOException {
    StringBuilder source = new StringBuilder("#include <stddef.h>\n#include <stdio.h>\n");
    source.append("#include \"" + Path.of("probe/record.h").toAbsolutePath() + "\"\n");
    source.append("int main(void)\n{\n");
    for (String name : expected().keySet()) {
      source.append("    printf(\"%lld\\n\", (long long)(" + name + "));\n");
    }
    source.append("    return 0;\n}\n");
    Path program = folder.resolve("layout");
    Path file = Files.writeString(folder.resolve("layout.c"), source);
    TestGuests.run(List.of("gcc", "-o", program.toString(), file.toString()));
    List<String> lines = TestGuests.run(List.of(program.toString())).lines().toList();
    Map<String, Long> found = new LinkedHashMap<>();
    int line = 0;
    for (String name : expected().keySet()) {
      found.put(name, Long.parseLong(lines.get(line++)));
    }
    assertThat(found).isEqualTo(expected());
  }
}
