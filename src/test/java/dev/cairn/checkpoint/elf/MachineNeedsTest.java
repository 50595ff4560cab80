package dev.cairn.checkpoint.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.TestGuests;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The names of a processor's features are those of the kernel's header.
@Tag("qemu")
final class MachineNeedsTest {
  private static final Pattern LINE =
      Pattern.compile("#define (HWCAP2?)_(\\w+) \\(1(?:UL)? << (\\d+)\\)");

  @Test
  void areCalledWhatTheKernelCallsThem() throws Exception {
    String defined =
        TestGuests.run(
            List.of(
                TestGuests.crossCompiler(),
                "-dM",
                "-E",
                "-include",
                "asm/hwcap.h",
                "-xc",
                "/dev/null"));
    TreeMap<Integer, String> first = new TreeMap<>();
    TreeMap<Integer, String> second = new TreeMap<>();
    Matcher lines = LINE.matcher(defined);
    while (lines.find()) {
      TreeMap<Integer, String> names = lines.group(1).equals("HWCAP") ? first : second;
      names.put(Integer.parseInt(lines.group(3)), lines.group(2).toUpperCase(Locale.ROOT));
    }
    assertThat(first).hasSizeGreaterThan(30);
    assertThat(second).hasSizeGreaterThan(30);
    first.forEach((bit, name) -> {
      if (bit < MachineNeeds.HWCAP.size()) {
        assertThat(MachineNeeds.HWCAP.get(bit)).isEqualTo(name);
      }
    });
    second.forEach((bit, name) -> {
      if (bit < MachineNeeds.HWCAP2.size()) {
        assertThat(MachineNeeds.HWCAP2.get(bit)).isEqualTo(name);
      }
    });
  }
}
